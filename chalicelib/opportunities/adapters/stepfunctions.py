"""Executions of the desk's three machines."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from chalicelib.core import executions
from chalicelib.core.aws import client
from chalicelib.opportunities.errors import AnalysisNotFoundError
from chalicelib.opportunities.ports.analyses import AnalysisRuns, Run


class StepFunctionsAnalysisRuns(AnalysisRuns):
    """Starts and describes executions by name."""

    def __init__(self, machine_arns: Mapping[str, str]) -> None:
        """``machine_arns``: kind of analysis -> its machine."""
        self._machine_arns = machine_arns

    def start(self, kind: str, name: str, run_input: dict[str, Any]) -> tuple[Run, bool]:
        """See `AnalysisRuns.start`."""
        try:
            return self.get(kind, name), False
        except AnalysisNotFoundError:
            new = executions.start(self._machine_arns[kind], name, run_input)
        return self.get(kind, name), new

    def get(self, kind: str, name: str) -> Run:
        """See `AnalysisRuns.get`."""
        states = client("stepfunctions")
        arn = executions.arn_of(self._machine_arns[kind], name)
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
