"""Moments to come, as messages of one queue: by EventBridge Scheduler at their time, by SQS within minutes."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from chalicelib.approvals.domain.approval import Moment
from chalicelib.approvals.ports.world import Clockwork
from chalicelib.core.aws import client

CHECK_AFTER_SECONDS = 60
_RETRY_SECONDS = 24 * 3600
_RETRIES = 185
"""The default of EventBridge Scheduler, written down."""


class QueueClockwork(Clockwork):
    """One schedule a moment, gone after it fired."""

    def __init__(self, *, group: str, role_arn: str, queue_url: str, queue_arn: str) -> None:
        """Keep where calls go and as whom.

        Args:
            group: the schedules' group.
            role_arn: may send to the queue and to its dead letters.
            queue_url: of the queue ``approval-clock`` reads.
            queue_arn: of the same; its dead letters are the queue of that name and ``-dead-letters``.
        """
        self._group, self._role_arn = group, role_arn
        self._queue_url, self._queue_arn = queue_url, queue_arn

    def put(self, approval_id: str, moment: Moment, at: datetime) -> None:
        """See `Clockwork.put`."""
        entry = {
            "GroupName": self._group,
            "Name": f"{approval_id}-{moment}",
            "ScheduleExpression": f"at({at.astimezone(UTC):%Y-%m-%dT%H:%M:%S})",
            "ScheduleExpressionTimezone": "UTC",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "ActionAfterCompletion": "DELETE",
            "Target": {
                "Arn": self._queue_arn,
                "RoleArn": self._role_arn,
                "Input": _call(approval_id, moment),
                "RetryPolicy": {"MaximumEventAgeInSeconds": _RETRY_SECONDS, "MaximumRetryAttempts": _RETRIES},
                "DeadLetterConfig": {"Arn": f"{self._queue_arn}-dead-letters"},
            },
        }
        scheduler = client("scheduler")
        try:
            scheduler.create_schedule(**entry)
        except scheduler.exceptions.ConflictException:
            scheduler.update_schedule(**entry)

    def check_soon(self, approval_id: str) -> None:
        """See `Clockwork.check_soon`."""
        client("sqs").send_message(
            QueueUrl=self._queue_url,
            MessageBody=_call(approval_id, Moment.CHECK),
            DelaySeconds=CHECK_AFTER_SECONDS,
        )


def _call(approval_id: str, moment: Moment) -> str:
    return json.dumps({"approvalId": approval_id, "moment": moment.value})
