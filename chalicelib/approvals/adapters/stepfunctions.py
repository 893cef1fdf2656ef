"""Machines that wait, answered by their task token."""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.approvals.errors import TaskClosedError, TokenUnknownError
from chalicelib.approvals.ports.world import Machines
from chalicelib.core.aws import client
from chalicelib.core.errors import TransientError

_CLOSED = {"TaskTimedOut", "TaskDoesNotExist"}
_UNKNOWN = {"InvalidToken", "ValidationException"}


class StepFunctionsMachines(Machines):
    """``SendTaskSuccess``; errors are told by their code alone, for messages may repeat the token.

    botocore sends again what was not answered. A task that is found closed then may be so by the first sending.
    """

    def answer(self, token: str, result: dict[str, Any]) -> None:
        """See `Machines.answer`."""
        try:
            client("stepfunctions").send_task_success(taskToken=token, output=json.dumps(result))
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            if code in _CLOSED and error.response["ResponseMetadata"].get("RetryAttempts"):
                raise TransientError(f"Step Functions: {code}, after a sending that was not answered") from None
            if code in _CLOSED:
                raise TaskClosedError(f"Step Functions: {code}") from None
            if code in _UNKNOWN:
                raise TokenUnknownError(f"Step Functions: {code}") from None
            raise TransientError(f"Step Functions did not take the answer: {code}") from None
        except BotoCoreError as error:
            raise TransientError(f"Step Functions did not answer: {type(error).__name__}") from None
