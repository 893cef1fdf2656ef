"""Executions of ``campaign-execution``."""

from __future__ import annotations

import json
from typing import Any

from chalicelib.campaigns.ports.world import CampaignRuns
from chalicelib.core.aws import client
from chalicelib.core.errors import TransientError


class StepFunctionsCampaignRuns(CampaignRuns):
    """Starts executions by name."""

    def __init__(self, machine_arn: str) -> None:
        self._machine_arn = machine_arn

    def arn(self, name: str) -> str:
        """See `CampaignRuns.arn`: ``...:stateMachine:m`` and ``n`` make ``...:execution:m:n``."""
        return self._machine_arn.replace(":stateMachine:", ":execution:", 1) + f":{name}"

    def start(self, name: str, payload: dict[str, Any]) -> str:
        """See `CampaignRuns.start`."""
        states = client("stepfunctions")
        try:
            started = states.start_execution(
                stateMachineArn=self._machine_arn, name=name, input=json.dumps(payload)
            )
        except states.exceptions.ExecutionAlreadyExists:
            return self.arn(name)
        except states.exceptions.ExecutionLimitExceeded as error:
            raise TransientError(
                "Step Functions runs as many executions as the account may; try again later"
            ) from error
        return str(started["executionArn"])
