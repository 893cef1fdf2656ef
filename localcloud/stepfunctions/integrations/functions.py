"""Lambda functions: by their ARN as Resource, and by lambda:invoke."""

from __future__ import annotations

import uuid
from abc import ABC, abstractmethod
from dataclasses import dataclass, field

from localcloud.stepfunctions.integrations.clients import sdk_metadata
from localcloud.stepfunctions.json_text import dumps
from localcloud.stepfunctions.task import JsonValue, TaskCall, TaskError, TaskOutcome

_MODELED = frozenset(
    (
        "EC2AccessDeniedException", "EC2ThrottledException", "ENILimitReachedException",
        "InvalidParameterValueException", "InvalidRequestContentException", "InvalidRuntimeException",
        "KMSAccessDeniedException", "RequestTooLargeException", "ResourceConflictException",
        "ResourceNotFoundException", "ResourceNotReadyException", "ServiceException",
        "TooManyRequestsException", "UnsupportedMediaTypeException", "ClientExecutionTimeoutException",
        "SdkClientException", "AWSLambdaException",
    )
)  # fmt: skip
_FIELDS = ("FunctionName", "Payload", "Qualifier", "InvocationType", "ClientContext", "LogType")


@dataclass(frozen=True, slots=True)
class Invocation:
    """What came of running a function once."""

    payload: JsonValue
    """The function's result, or its error payload: errorMessage, errorType, requestId, stackTrace."""
    failed: bool = False
    request_id: str = ""
    log_lines: list[str] = field(default_factory=list)
    seconds: float = 0.0
    """How long it took on the timeline; leave it 0 when the clock itself moved meanwhile."""


class InvocationRefusedError(Exception):
    """Lambda did not run the function.

    `code` is the API's error code, e.g. "TooManyRequestsException" or "ResourceNotFoundException".
    """

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


class FunctionInvoker(ABC):
    """Port: runs Lambda functions."""

    @abstractmethod
    def invoke(self, function: str, payload: JsonValue, call: TaskCall) -> Invocation:
        """Run a function, given by name or ARN with or without a qualifier, to its end.

        `call` tells who asks. Raises InvocationRefusedError.
        """


class LambdaTasks:
    """Runs a function for a Task state, and words result and error as AWS does."""

    def __init__(self, invoker: FunctionInvoker) -> None:
        self._invoker = invoker

    def by_arn(self, call: TaskCall) -> TaskOutcome:
        """A function's ARN is the Resource: the state's input goes in, the result comes out."""
        invocation = self._run(call.resource, call.arguments, call)
        return TaskOutcome(invocation.payload, invocation.log_lines, invocation.seconds)

    def invoke(self, call: TaskCall) -> TaskOutcome:
        """lambda:invoke, whose result has the payload among the API's other fields."""
        arguments = call.arguments
        _check(arguments)
        function = arguments["FunctionName"]
        if "Qualifier" in arguments:
            function = f"{function}:{arguments['Qualifier']}"
        invocation = self._run(
            function,
            arguments.get("Payload", {}),
            call,
            fail=arguments.get("InvocationType", "RequestResponse") == "RequestResponse",
        )
        return TaskOutcome(_response(arguments, invocation), invocation.log_lines, invocation.seconds)

    def _run(self, function: str, payload: JsonValue, call: TaskCall, *, fail: bool = True) -> Invocation:
        try:
            invocation = self._invoker.invoke(function, payload, call)
        except InvocationRefusedError as refusal:
            name = refusal.code if refusal.code in _MODELED else "AWSLambdaException"
            details = f"Service: Lambda, Status Code: {refusal.status}, Request ID: {uuid.uuid4()}"
            raise TaskError(f"Lambda.{name}", f"{refusal.message} ({details})") from refusal
        if invocation.failed and fail:
            raise _function_error(invocation)
        return invocation


def _check(arguments: JsonValue) -> None:
    faults = []
    if not isinstance(arguments, dict):
        faults.append("The parameters must be an OBJECT")
    else:
        faults += [
            f"The field '{name}' is not supported by Step Functions" for name in arguments if name not in _FIELDS
        ]
        if "FunctionName" not in arguments:
            faults.append("The field 'FunctionName' is required but was missing")
        elif not isinstance(arguments["FunctionName"], str):
            faults.append("The value for the field 'FunctionName' must be a STRING")
    if faults:
        raise TaskError(
            "States.Runtime",
            f"The Parameters '{dumps(arguments)}' could not be used to start the Task: [{', '.join(faults)}]",
        )


def _function_error(invocation: Invocation) -> TaskError:
    """The error is named by the payload's errorType; a payload without one is Lambda.Unknown."""
    payload = invocation.payload
    kind = payload.get("errorType") if isinstance(payload, dict) else None
    name = kind if isinstance(kind, str) and kind else "Lambda.Unknown"
    return TaskError(name, dumps(payload), invocation.log_lines)


def _response(arguments: dict[str, JsonValue], invocation: Invocation) -> dict[str, JsonValue]:
    if arguments.get("InvocationType") == "Event":
        answer = {"HTTPStatusCode": 202, "HTTPHeaders": {}, "RequestId": invocation.request_id}
        return {"Payload": "", **sdk_metadata(answer), "StatusCode": 202}
    headers = {
        "Content-Length": str(len(dumps(invocation.payload).encode())),
        "Content-Type": "application/json",
        "Connection": "keep-alive",
        "X-Amz-Executed-Version": "$LATEST",
        "x-amzn-Remapped-Content-Length": "0",
        "x-amzn-RequestId": invocation.request_id,
    }
    metadata = {"HTTPStatusCode": 200, "HTTPHeaders": headers, "RequestId": invocation.request_id}
    return {
        "ExecutedVersion": "$LATEST",
        "Payload": invocation.payload,
        **sdk_metadata(metadata),
        "StatusCode": 200,
    }
