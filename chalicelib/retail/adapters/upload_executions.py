"""Executions of ``upload-processor``."""

from __future__ import annotations

import json
from typing import Any

from chalicelib.core.aws import client
from chalicelib.core.errors import TransientError
from chalicelib.retail.ports.uploads import UploadRuns


class StepFunctionsUploadRuns(UploadRuns):
    """Starts executions by name."""

    def __init__(self, machine_arn: str) -> None:
        self._machine_arn = machine_arn

    def start(self, name: str, payload: dict[str, Any]) -> bool:
        """See `UploadRuns.start`."""
        states = client("stepfunctions")
        try:
            states.start_execution(stateMachineArn=self._machine_arn, name=name, input=json.dumps(payload))
        except states.exceptions.ExecutionAlreadyExists:
            return False
        except states.exceptions.ExecutionLimitExceeded as error:
            raise TransientError(
                "Step Functions runs as many executions as the account may; try again later"
            ) from error
        return True
