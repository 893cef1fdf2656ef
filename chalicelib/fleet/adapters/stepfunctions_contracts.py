"""Executions of ``business-workflow``."""

from __future__ import annotations

import json
from typing import Any

from chalicelib.core.aws import client
from chalicelib.core.errors import ConflictError, TransientError
from chalicelib.fleet.ports.contracts import ContractRuns


class StepFunctionsContractRuns(ContractRuns):
    """Starts and watches executions by name."""

    def __init__(self, machine_arn: str) -> None:
        self._machine_arn = machine_arn

    def start(self, name: str, request: dict[str, Any]) -> tuple[str, bool]:
        """See `ContractRuns.start`."""
        states = client("stepfunctions")
        known = self.status(name)
        text = json.dumps(request, sort_keys=True)
        try:
            answer = states.start_execution(stateMachineArn=self._machine_arn, name=name, input=text)
        except states.exceptions.ExecutionAlreadyExists:
            known_input = states.describe_execution(executionArn=self._arn(name))["input"]
            if json.loads(known_input) != request:
                raise ConflictError(f"the name {name} was used for another request") from None
            return self._arn(name), False
        except states.exceptions.ExecutionLimitExceeded as error:
            raise TransientError("Step Functions runs as many executions as the account may") from error
        return str(answer["executionArn"]), known is None

    def status(self, name: str) -> str | None:
        """See `ContractRuns.status`."""
        states = client("stepfunctions")
        try:
            return str(states.describe_execution(executionArn=self._arn(name))["status"])
        except states.exceptions.ExecutionDoesNotExist:
            return None

    def _arn(self, name: str) -> str:
        """Return an execution's ARN: ``...:stateMachine:m`` and ``n`` make ``...:execution:m:n``."""
        return self._machine_arn.replace(":stateMachine:", ":execution:", 1) + f":{name}"
