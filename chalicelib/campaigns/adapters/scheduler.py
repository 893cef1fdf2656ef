"""Starts to come, as one-time schedules of EventBridge Scheduler.

A schedule's target can be a state machine, and then nobody can name the execution. So the target is the universal
one, the API call StartExecution itself, whose input has the name in it:
https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from chalicelib.campaigns.ports.world import StartSchedule
from chalicelib.core.aws import client

RETRY_SECONDS = 24 * 3600
RETRIES = 185
"""The default of EventBridge Scheduler, written down."""


class EventBridgeStartSchedule(StartSchedule):
    """One schedule a campaign."""

    def __init__(self, group: str, machine_arn: str, role_arn: str, dead_letters_arn: str) -> None:
        """Keep where schedules are put and what they may do.

        Args:
            group: the schedules' group.
            machine_arn: what they start.
            role_arn: as whom; it may start the machine and write to the dead letters.
            dead_letters_arn: the SQS queue that gets a start which failed to the last retry.
        """
        self._group, self._machine_arn = group, machine_arn
        self._role_arn, self._dead_letters_arn = role_arn, dead_letters_arn

    def put(self, name: str, *, local_time: datetime, zone: str, run: str, payload: dict[str, Any]) -> None:
        """See `StartSchedule.put`."""
        partition = self._machine_arn.split(":")[1]
        start = {"StateMachineArn": self._machine_arn, "Name": run, "Input": json.dumps(payload)}
        entry = {
            "GroupName": self._group,
            "Name": name,
            "ScheduleExpression": f"at({local_time:%Y-%m-%dT%H:%M:%S})",
            "ScheduleExpressionTimezone": zone,
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "ActionAfterCompletion": "DELETE",
            "Target": {
                "Arn": f"arn:{partition}:scheduler:::aws-sdk:sfn:startExecution",
                "RoleArn": self._role_arn,
                "Input": json.dumps(start),
                "RetryPolicy": {"MaximumEventAgeInSeconds": RETRY_SECONDS, "MaximumRetryAttempts": RETRIES},
                "DeadLetterConfig": {"Arn": self._dead_letters_arn},
            },
        }
        scheduler = client("scheduler")
        try:
            scheduler.create_schedule(**entry)
        except scheduler.exceptions.ConflictException:
            scheduler.update_schedule(**entry)

    def remove(self, name: str) -> None:
        """See `StartSchedule.remove`."""
        scheduler = client("scheduler")
        try:
            scheduler.delete_schedule(GroupName=self._group, Name=name)
        except scheduler.exceptions.ResourceNotFoundException:
            return
