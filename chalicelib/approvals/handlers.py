"""The room's doors with a Lambda of their own. Each parses, calls one service function, returns its result.

Task of any machine, ``waitForTaskToken``    request_approval
Queue ``approval-moments``                   approval_clock
"""

from __future__ import annotations

from typing import Any

from chalice import Blueprint
from chalice.app import SQSEvent

from chalicelib.approvals import wiring
from chalicelib.core.task import task

bp = Blueprint(__name__)


@bp.lambda_function(name="request-approval")
@task
def request_approval(event: dict[str, Any], context: Any) -> dict[str, str]:
    """Ask people for a decision; the machine waits for it by its task token.

    ``event`` is ``{"taskToken", "executionArn", "kind", "subject", "requester", "timeoutSeconds", "facts"?,
    "amountCents"?, "currency"?, "approvers"?, "options"?, "state"?}``. Returns ``{"approvalId", "state"}``, which
    Step Functions drops; the state's result comes with the decision: ``{"approvalId", "decision", "choice",
    "decidedBy", "reason", "decidedAt"}``.
    """
    from chalicelib.approvals.service import requesting

    return requesting.request(event, wiring.room())


@bp.on_sqs_message(queue="approval-moments", batch_size=10, name="approval-clock")
@task
def approval_clock(event: SQSEvent) -> dict[str, Any]:
    """Remind, escalate, expire, finish; messages that failed are reported one by one and come again.

    A message is ``{"approvalId", "moment"}``, the moment one of ``domain.approval.Moment``.
    """
    from chalicelib.approvals.service import timing

    messages = [(record.to_dict()["messageId"], record.body) for record in event]
    failed = timing.wake_all(messages, wiring.room())
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}
