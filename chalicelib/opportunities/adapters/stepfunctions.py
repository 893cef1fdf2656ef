"""Executions of the desk's three machines."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from chalicelib.core.aws import client
from chalicelib.core.errors import TransientError
from chalicelib.opportunities.errors import AnalysisNotFoundError
from chalicelib.opportunities.ports.analyses import AnalysisRuns, Run


class StepFunctionsAnalysisRuns(AnalysisRuns):
    """Starts and describes executions by name."""

    def __init__(self, machine_arns: Mapping[str, str]) -> None:
        """``machine_arns``: kind of analysis -> its machine."""
        self._machine_arns = machine_arns

    def start(self, kind: str, name: str, run_input: dict[str, Any]) -> tuple[Run, bool]:
        """See `AnalysisRuns.start`."""
        states = client("stepfunctions")
        try:
            before = self.get(kind, name)
        except AnalysisNotFoundError:
            before = None
        if before is not None:
            return before, False
        try:
            states.start_execution(
                stateMachineArn=self._machine_arns[kind], name=name, input=json.dumps(run_input)
            )
        except states.exceptions.ExecutionAlreadyExists:
            return self.get(kind, name), False
        except states.exceptions.ExecutionLimitExceeded as error:
            raise TransientError("Step Functions runs as many executions as it may; try again later") from error
        return self.get(kind, name), True

    def get(self, kind: str, name: str) -> Run:
        """See `AnalysisRuns.get`."""
        states = client("stepfunctions")
        arn = self._machine_arns[kind].replace(":stateMachine:", ":execution:", 1) + f":{name}"
        try:
            found = states.describe_execution(executionArn=arn)
        except states.exceptions.ExecutionDoesNotExist:
            raise AnalysisNotFoundError(f"there is no analysis {name}") from None
        return Run(
            name=name,
            arn=arn,
            status=str(found["status"]),
            started_at=found["startDate"],
            stopped_at=found.get("stopDate"),
            input=json.loads(found.get("input") or "{}"),
            error=found.get("error"),
            cause=found.get("cause"),
        )
