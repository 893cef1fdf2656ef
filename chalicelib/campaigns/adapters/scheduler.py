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
from chalicelib.core.config import setting

RETRY_SECONDS = 24 * 3600
RETRIES = 185
"""The default of EventBridge Scheduler, written down."""


class EventBridgeStartSchedule(StartSchedule):
    """One schedule a campaign in the default group."""

    def put(self, name: str, *, local_time: datetime, zone: str, run: str, payload: dict[str, Any]) -> None:
        """See `StartSchedule.put`."""
        machine = setting("CAMPAIGN_MACHINE_ARN")
        partition = machine.split(":")[1]
        entry = {
            "Name": name,
            "ScheduleExpression": f"at({local_time:%Y-%m-%dT%H:%M:%S})",
            "ScheduleExpressionTimezone": zone,
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "ActionAfterCompletion": "DELETE",
            "Target": {
                "Arn": f"arn:{partition}:scheduler:::aws-sdk:sfn:startExecution",
                "RoleArn": setting("SCHEDULER_ROLE_ARN"),
                "Input": json.dumps({"StateMachineArn": machine, "Name": run, "Input": json.dumps(payload)}),
                "RetryPolicy": {"MaximumEventAgeInSeconds": RETRY_SECONDS, "MaximumRetryAttempts": RETRIES},
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
            scheduler.delete_schedule(Name=name)
        except scheduler.exceptions.ResourceNotFoundException:
            return
