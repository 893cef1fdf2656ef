"""Task calls as the engine makes them, and Lambda functions as plain Python functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from localcloud.stepfunctions.integrations import FunctionInvoker, Invocation, InvocationRefusedError
from localcloud.stepfunctions.task import TaskCall

FUNCTION_ARN = "arn:aws:lambda:us-east-1:123456789012:function:"


def task_call(resource: str, arguments: Any = None, **fields: Any) -> TaskCall:
    """A call of `resource`; service actions may be given short, as "sns:publish"."""
    if not resource.startswith("arn:"):
        resource = f"arn:aws:states:::{resource}"
    defaults = {
        "state_name": "Work",
        "execution_arn": "arn:aws:states:us-east-1:123456789012:execution:machine:run",
        "execution_name": "run",
        "state_machine_arn": "arn:aws:states:us-east-1:123456789012:stateMachine:machine",
        "state_machine_name": "machine",
    }
    return TaskCall(resource=resource, arguments={} if arguments is None else arguments, **(defaults | fields))


class FakeFunctionInvoker(FunctionInvoker):
    """Runs Python functions by name; what one raises becomes Lambda's error payload."""

    def __init__(self, **functions: Callable[[Any], Any]) -> None:
        self.functions = functions
        self.invoked: list[str] = []

    def invoke(self, function: str, payload: Any, call: TaskCall) -> Invocation:
        self.invoked.append(function)
        name = function.removeprefix(FUNCTION_ARN).split(":")[0]
        if name not in self.functions:
            raise InvocationRefusedError(
                "ResourceNotFoundException", f"Function not found: {FUNCTION_ARN}{name}", 404
            )
        try:
            result = self.functions[name](payload)
        except InvocationRefusedError:
            raise
        except Exception as error:
            failure = {
                "errorMessage": str(error),
                "errorType": type(error).__name__,
                "requestId": "r-1",
                "stackTrace": [],
            }
            return Invocation(failure, failed=True, request_id="r-1", log_lines=["oh no"])
        return Invocation(result, request_id="r-1", log_lines=["done"])
