"""Executions of state machines, started by a name that is derived from their cause.

Step Functions runs a name once: the same name with the same input is the same run while it lasts, and an error
(``ExecutionAlreadyExists``) when the input differs or the run has ended, for 90 days.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
"""

from __future__ import annotations

import json
from typing import Any

from chalicelib.core.aws import client
from chalicelib.core.errors import TransientError


def arn_of(machine_arn: str, name: str) -> str:
    """Return an execution's ARN: ``...:stateMachine:m`` and ``n`` make ``...:execution:m:n``."""
    return f"{machine_arn.replace(':stateMachine:', ':execution:', 1)}:{name}"


def start(machine_arn: str, name: str, run_input: dict[str, Any]) -> bool:
    """Start an execution; False when Step Functions had this name before and refuses it.

    The same request again while its execution runs is True: AWS tells no difference.

    Raises:
        TransientError: the account runs as many executions as it may.
    """
    states = client("stepfunctions")
    try:
        states.start_execution(stateMachineArn=machine_arn, name=name, input=json.dumps(run_input, sort_keys=True))
    except states.exceptions.ExecutionAlreadyExists:
        return False
    except states.exceptions.ExecutionLimitExceeded as error:
        raise TransientError(
            "Step Functions runs as many executions as the account may; try again later"
        ) from error
    return True
