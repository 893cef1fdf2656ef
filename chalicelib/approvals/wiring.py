"""Which adapter plays which part, by configuration. Made anew for each invocation, adapters hold no state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.core import clock
from chalicelib.core.config import setting

if TYPE_CHECKING:
    from chalicelib.approvals.ports.room import Room


def room() -> Room:
    """Return all the room needs of the world."""
    from chalicelib.approvals.adapters.clockwork import QueueClockwork
    from chalicelib.approvals.adapters.dynamo_approvals import DynamoApprovalStore
    from chalicelib.approvals.adapters.dynamo_delegations import DynamoDelegationStore
    from chalicelib.approvals.adapters.kms_tokens import KmsTokenSafe
    from chalicelib.approvals.adapters.slack_chat import SlackChat
    from chalicelib.approvals.adapters.sns_notices import SnsNotices
    from chalicelib.approvals.adapters.ssm_policy import SsmPolicySource
    from chalicelib.approvals.adapters.stepfunctions import StepFunctionsMachines
    from chalicelib.approvals.ports.room import Room

    return Room(
        approvals=DynamoApprovalStore(setting("APPROVALS_TABLE"), setting("APPROVAL_AUDIT_TABLE")),
        delegations=DynamoDelegationStore(setting("APPROVAL_DELEGATIONS_TABLE")),
        policy=SsmPolicySource(f"/signalbox/{setting('STAGE')}/approval-policy"),
        safe=KmsTokenSafe(setting("APPROVAL_KEY")),
        machines=StepFunctionsMachines(),
        clockwork=QueueClockwork(
            group=setting("APPROVAL_SCHEDULES"),
            role_arn=setting("APPROVAL_CLOCK_ROLE"),
            queue_url=setting("APPROVAL_QUEUE_URL"),
            queue_arn=setting("APPROVAL_QUEUE_ARN"),
        ),
        chat=SlackChat(),
        notices=SnsNotices(setting("APPROVAL_TOPIC")),
        clock=clock.current(),
    )
