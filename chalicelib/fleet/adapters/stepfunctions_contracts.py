"""Executions of ``business-workflow``."""

from __future__ import annotations

import json
from typing import Any

from chalicelib.core import executions
from chalicelib.core.aws import client
from chalicelib.core.errors import ConflictError
from chalicelib.fleet.ports.contracts import ContractRuns


class StepFunctionsContractRuns(ContractRuns):
    """Starts and watches executions by name."""

    def __init__(self, machine_arn: str) -> None:
        self._machine_arn = machine_arn

    def start(self, name: str, request: dict[str, Any]) -> tuple[str, bool]:
        """See `ContractRuns.start`."""
        known = self.status(name)
        if executions.start(self._machine_arn, name, request):
            return self._arn(name), known is None
        known_input = client("stepfunctions").describe_execution(executionArn=self._arn(name))["input"]
        if json.loads(known_input) != request:
            raise ConflictError(f"the name {name} was used for another request")
        return self._arn(name), False

    def status(self, name: str) -> str | None:
        """See `ContractRuns.status`."""
        states = client("stepfunctions")
        try:
            return str(states.describe_execution(executionArn=self._arn(name))["status"])
        except states.exceptions.ExecutionDoesNotExist:
            return None

    def _arn(self, name: str) -> str:
        return executions.arn_of(self._machine_arn, name)
