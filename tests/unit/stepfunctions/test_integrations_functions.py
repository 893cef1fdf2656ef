"""Lambda tasks: results and errors as AWS words them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from localcloud.stepfunctions.integrations import (
    AwsIntegrations,
    FunctionInvoker,
    Invocation,
    InvocationRefusedError,
)
from localcloud.stepfunctions.task import TaskCall, TaskError, TaskOutcome
from localcloud.stepfunctions.timeline import VirtualTimeline
from tests.unit.stepfunctions.calls import FUNCTION_ARN, FakeFunctionInvoker, task_call


class OrderRejectedError(Exception):
    """An error of a handler's own."""


def reject(_event: Any) -> Any:
    raise OrderRejectedError("no stock")


def no_client(service: str) -> Any:
    raise AssertionError(f"no client of {service} is needed")


def integrations(invoker: FunctionInvoker) -> AwsIntegrations:
    return AwsIntegrations(invoker, no_client, VirtualTimeline())


def outcome(invoker: FunctionInvoker, call: TaskCall) -> TaskOutcome:
    result = integrations(invoker).call(call)
    assert isinstance(result, TaskOutcome)
    return result


def failure(invoker: FunctionInvoker, call: TaskCall) -> TaskError:
    with pytest.raises(TaskError) as caught:
        integrations(invoker).call(call)
    return caught.value


def test_a_functions_arn_takes_the_input_and_gives_the_result() -> None:
    result = outcome(
        FakeFunctionInvoker(echo=lambda event: {"got": event}), task_call(FUNCTION_ARN + "echo", {"a": 1})
    )
    assert (result.value, result.log_lines) == ({"got": {"a": 1}}, ["done"])


def test_lambda_invoke_gives_the_payload_among_the_apis_fields() -> None:
    arguments = {"FunctionName": FUNCTION_ARN + "echo", "Payload": {"a": 1}}
    result = outcome(FakeFunctionInvoker(echo=lambda event: event), task_call("lambda:invoke", arguments))
    assert result.value.keys() == {
        "ExecutedVersion",
        "Payload",
        "SdkHttpMetadata",
        "SdkResponseMetadata",
        "StatusCode",
    }
    assert (result.value["Payload"], result.value["StatusCode"]) == ({"a": 1}, 200)
    assert result.value["SdkHttpMetadata"]["HttpHeaders"]["Content-Length"] == "7"
    assert result.value["SdkResponseMetadata"] == {"RequestId": "r-1"}


@pytest.mark.parametrize("resource", ["lambda:invoke", "lambda:invoke.waitForTaskToken"])
def test_a_payload_left_out_is_an_empty_object_and_a_qualifier_goes_with_the_name(resource: str) -> None:
    invoker = FakeFunctionInvoker(echo=lambda event: event)
    result = outcome(invoker, task_call(resource, {"FunctionName": "echo", "Qualifier": "live"}))
    assert result.value["Payload"] == {}
    assert invoker.invoked == ["echo:live"]


def test_an_event_invocation_does_not_wait_for_the_outcome() -> None:
    arguments = {"FunctionName": "reject", "InvocationType": "Event"}
    result = outcome(FakeFunctionInvoker(reject=reject), task_call("lambda:invoke", arguments))
    assert (result.value["StatusCode"], result.value["Payload"]) == (202, "")


@pytest.mark.parametrize(
    "call",
    [task_call(FUNCTION_ARN + "reject"), task_call("lambda:invoke", {"FunctionName": "reject"})],
)
def test_a_functions_error_is_named_by_its_type_and_told_as_json(call: TaskCall) -> None:
    error = failure(FakeFunctionInvoker(reject=reject), call)
    assert error.error == "OrderRejectedError"
    assert json.loads(error.cause) == {
        "errorMessage": "no stock",
        "errorType": "OrderRejectedError",
        "requestId": "r-1",
        "stackTrace": [],
    }
    assert error.log_lines == ["oh no"]


class FailingInvoker(FunctionInvoker):
    """Ends every invocation with one error payload."""

    def __init__(self, payload: Any) -> None:
        self.payload = payload

    def invoke(self, function: str, payload: Any, call: TaskCall) -> Invocation:
        return Invocation(self.payload, failed=True)


@pytest.mark.parametrize(
    ("payload", "name"),
    [
        (
            {"errorType": "Sandbox.Timedout", "errorMessage": "Task timed out after 3.00 seconds"},
            "Sandbox.Timedout",
        ),
        ({"errorType": "Runtime.ExitError", "errorMessage": "exit status 1"}, "Runtime.ExitError"),
        ({"errorMessage": "out of memory"}, "Lambda.Unknown"),
    ],
)
def test_what_ends_the_sandbox_is_named_as_lambda_names_it(payload: Any, name: str) -> None:
    assert failure(FailingInvoker(payload), task_call(FUNCTION_ARN + "x")).error == name


class RefusingInvoker(FunctionInvoker):
    """Refuses every invocation."""

    def __init__(self, code: str, status: int) -> None:
        self.code = code
        self.status = status

    def invoke(self, function: str, payload: Any, call: TaskCall) -> Invocation:
        raise InvocationRefusedError(self.code, "Rate Exceeded.", self.status)


@pytest.mark.parametrize(
    ("code", "status", "name"),
    [
        ("TooManyRequestsException", 429, "Lambda.TooManyRequestsException"),
        ("ResourceNotFoundException", 404, "Lambda.ResourceNotFoundException"),
        ("SomethingNew", 500, "Lambda.AWSLambdaException"),
    ],
)
def test_what_lambda_refuses_is_named_after_the_service(code: str, status: int, name: str) -> None:
    error = failure(RefusingInvoker(code, status), task_call(FUNCTION_ARN + "x"))
    assert error.error == name
    assert error.cause.startswith(f"Rate Exceeded. (Service: Lambda, Status Code: {status}, Request ID: ")


def test_arguments_that_do_not_fit_are_all_named() -> None:
    error = failure(FakeFunctionInvoker(), task_call("lambda:invoke", {"Function": "x", "Payload": {}}))
    assert error.error == "States.Runtime"
    assert "The field 'Function' is not supported by Step Functions" in error.cause
    assert "The field 'FunctionName' is required but was missing" in error.cause
