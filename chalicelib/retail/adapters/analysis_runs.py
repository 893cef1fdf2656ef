"""Executions of ``daily-analysis``."""

from __future__ import annotations

import json
from typing import Any

from chalicelib.core.aws import client
from chalicelib.core.errors import TransientError
from chalicelib.retail.ports.reports import AnalysisRuns


class StepFunctionsAnalysisRuns(AnalysisRuns):
    """Starts executions by name."""

    def __init__(self, machine_arn: str) -> None:
        self._machine_arn = machine_arn

    def start(self, name: str, payload: dict[str, Any]) -> str:
        """See `AnalysisRuns.start`: ``...:stateMachine:m`` and ``n`` make ``...:execution:m:n``."""
        states = client("stepfunctions")
        try:
            started = states.start_execution(
                stateMachineArn=self._machine_arn, name=name, input=json.dumps(payload)
            )
        except states.exceptions.ExecutionAlreadyExists:
            return self._machine_arn.replace(":stateMachine:", ":execution:", 1) + f":{name}"
        except states.exceptions.ExecutionLimitExceeded as error:
            raise TransientError("Step Functions runs as many executions as it may; try again later") from error
        return str(started["executionArn"])
