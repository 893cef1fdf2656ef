"""An execution that fails is told in Slack, by the rule on the event bus."""

from __future__ import annotations

import time

from localcloud.demos import Bench
from localcloud.project import LocalProject

_PATIENCE_SECONDS = 60.0


def test_a_failed_execution_reaches_slack(project: LocalProject) -> None:
    bench = Bench(project.api_url, project.cloud, project.carrier, project.slack, project.kept_in, project.token)
    started = bench.api(
        "POST", "/workflows/campaign-execution/executions", {"input": {"campaignId": "there-is-none"}}
    )
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not (told := [one for one in project.slack.messages if started["id"] in str(one)]):
        assert time.monotonic() < deadline, "nobody was told"
        time.sleep(0.05)
    assert "failed: *CampaignValidationFailed*" in str(told[0]["blocks"])
    assert "http://127.0.0.1:8000/console#/runs/" in str(told[0]["blocks"])
