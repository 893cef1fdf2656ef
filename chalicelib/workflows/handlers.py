"""The room's door with a Lambda of its own: failed executions are told in Slack."""

from __future__ import annotations

from typing import Any

from chalice import Blueprint
from chalice.app import CloudWatchEvent

from chalicelib.core.task import task

bp = Blueprint(__name__)


@bp.on_cw_event(
    {
        "source": ["aws.states"],
        "detail-type": ["Step Functions Execution Status Change"],
        "detail": {"status": ["FAILED", "TIMED_OUT", "ABORTED"]},
    },
    name="on-run-failed",
)
@task
def on_run_failed(event: CloudWatchEvent) -> dict[str, Any]:
    """Tell operators which execution ended badly; returns ``{"told"}``, False where no channel is set."""
    from chalicelib.core.config import optional_setting, setting
    from chalicelib.workflows.service import failing

    channel = optional_setting("RUNS_CHANNEL", "")
    return {
        "told": failing.tell(
            event.detail, channel, setting("CONSOLE_URL"), setting("WORKFLOW_ARN_PREFIX"), failing.post_to_slack
        )
    }
