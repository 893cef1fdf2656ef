"""MockConfigFile.json: read, checked against machines and services, and run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from localcloud.stepfunctions.integrations.result_check import ResultCheck
from localcloud.stepfunctions.mockconfig import (
    InvalidMockConfigError,
    MockConfig,
    MockedIntegrations,
    UnknownTestCaseError,
)
from localcloud.stepfunctions.task import Integrations, TaskCall, TaskError
from tests.unit.stepfunctions.calls import task_call

CONFIG = {
    "StateMachines": {
        "Orders": {
            "TestCases": {"Happy": {"Charge": "ChargeSuccess"}, "Retry": {"Charge": "ChargeRetry", "Send": "Sent"}}
        }
    },
    "MockedResponses": {
        "ChargeSuccess": {"0": {"Return": {"StatusCode": 200, "Payload": {"ok": True}}}},
        "ChargeRetry": {
            "0": {"Throw": {"Error": "Lambda.ResourceNotReadyException", "Cause": "Not ready."}},
            "1-2": {"Throw": {"Error": "Lambda.TimeoutException", "Cause": "Timed out."}},
            "3": {"Return": {"StatusCode": 200, "Payload": {"ok": True}}},
        },
        "Sent": {"0": {"Return": {"MD5OfMessageBody": "3bcb", "MessageId": "3bcb"}}},
    },
}
ORDERS = {
    "StartAt": "Charge",
    "States": {
        "Charge": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "Send"},
        "Send": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Next": "Done"},
        "Done": {"Type": "Succeed"},
    },
}


class RealWork(Integrations):
    """What runs where nothing is mocked."""

    def call(self, call: TaskCall) -> Any:
        return "real"


class Answers:
    """Keeps what tokens were answered with."""

    def __init__(self) -> None:
        self.answered: list[tuple[str, str]] = []

    def send_task_success(self, token: str, output_json: str) -> None:
        self.answered.append((token, output_json))


def problems_of(config: Any) -> list[str]:
    with pytest.raises(InvalidMockConfigError) as caught:
        MockConfig(config)
    return caught.value.problems


def call(state: str, **fields: Any) -> TaskCall:
    fields = {"state_name": state, "state_machine_name": "Orders", "execution_name": "run"} | fields
    return task_call("lambda:invoke", **fields)


def test_attempts_are_answered_in_order() -> None:
    mocked = MockedIntegrations(RealWork(), MockConfig(CONFIG), Answers)
    mocked.begin("Orders", "run", "Retry")
    errors = []
    for _attempt in range(3):
        with pytest.raises(TaskError) as caught:
            mocked.call(call("Charge"))
        errors.append((caught.value.error, caught.value.cause))
    assert errors == [
        ("Lambda.ResourceNotReadyException", "Not ready."),
        ("Lambda.TimeoutException", "Timed out."),
        ("Lambda.TimeoutException", "Timed out."),
    ]
    assert mocked.call(call("Charge")) == {"StatusCode": 200, "Payload": {"ok": True}}
    with pytest.raises(TaskError, match="No mocked response for attempt 4 of state 'Charge'"):
        mocked.call(call("Charge"))


def test_what_is_not_mocked_is_really_done() -> None:
    mocked = MockedIntegrations(RealWork(), MockConfig(CONFIG), Answers)
    mocked.begin("Orders", "run", "Happy")
    assert mocked.call(call("Send")) == "real"
    assert mocked.call(call("Charge", execution_name="other")) == "real"


def test_a_mocked_task_with_a_token_is_answered() -> None:
    answers = Answers()
    mocked = MockedIntegrations(RealWork(), MockConfig(CONFIG), lambda: answers)
    mocked.begin("Orders", "run", "Happy")
    assert mocked.call(call("Charge", task_token="token")) == {}
    assert answers.answered == [("token", '{"StatusCode":200,"Payload":{"ok":true}}')]


@pytest.mark.parametrize(
    ("machine", "case", "message"),
    [
        ("Orders", "Sad", "has no test case 'Sad'; there are: Happy, Retry"),
        ("Bills", "Happy", "No machine 'Bills' is mocked; there are: Orders"),
    ],
)
def test_unknown_test_cases_are_refused_by_name(machine: str, case: str, message: str) -> None:
    mocked = MockedIntegrations(RealWork(), MockConfig(CONFIG), Answers)
    with pytest.raises(UnknownTestCaseError, match=message):
        mocked.begin(machine, "run", case)


def test_all_problems_are_listed() -> None:
    assert problems_of(
        {
            "StateMachines": {"Orders": {"TestCases": {"A": {"Charge": "Missing"}, "B": 3}}, "Bills": {}},
            "MockedResponses": {
                "Empty": {},
                "Wrong": {"first": {"Return": 1}, "2-1": {"Return": 1}, "3": {"Give": 1}, "4": {"Throw": {}}},
                "Twice": {"0-2": {"Return": 1}, "2": {"Return": 1}},
            },
        }
    ) == [
        "/MockedResponses/Empty: should be an object of attempts",
        '/MockedResponses/Wrong/first: attempts should be a number or a range such as "1-2"',
        '/MockedResponses/Wrong/2-1: attempts should be a number or a range such as "1-2"',
        "/MockedResponses/Wrong/3: should have either Return or Throw",
        "/MockedResponses/Wrong/4/Throw: should have an Error and may have a Cause",
        "/MockedResponses/Twice: attempt 2 is answered twice",
        "/StateMachines/Orders/TestCases/A/Charge: there is no mocked response 'Missing'",
        "/StateMachines/Orders/TestCases/B: should be an object of states",
        "/StateMachines/Bills/TestCases: should be an object",
    ]


@pytest.mark.parametrize("config", [[], 3, None, {}])
def test_what_is_no_configuration_is_refused(config: Any) -> None:
    assert problems_of(config) == ["/MockedResponses: should be an object", "/StateMachines: should be an object"]


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "MockConfigFile.json"
    path.write_text(json.dumps(CONFIG))
    assert MockConfig.read(path).test_cases == {
        "Orders": {"Happy": {"Charge": "ChargeSuccess"}, "Retry": {"Charge": "ChargeRetry", "Send": "Sent"}}
    }
    path.write_text("{")
    with pytest.raises(InvalidMockConfigError, match="line 1, column 2"):
        MockConfig.read(path)


def test_a_configuration_that_fits_its_machines() -> None:
    MockConfig(CONFIG).check({"Orders": ORDERS}, ResultCheck().faults)


def test_what_does_not_fit_machines_and_services_is_listed() -> None:
    config = MockConfig(
        {
            "StateMachines": {
                "Orders": {"TestCases": {"A": {"Charge": "R", "Send": "S", "Done": "S", "Nope": "S"}}},
                "Bills": {"TestCases": {}},
            },
            "MockedResponses": {
                "R": {"0": {"Return": {"StatusCode": "200", "Body": {}}}},
                "S": {"0": {"Return": []}, "1": {"Throw": {"Error": "E"}}},
            },
        }
    )
    with pytest.raises(InvalidMockConfigError) as caught:
        config.check({"Orders": ORDERS}, ResultCheck().faults)
    lambda_place = "(mocks arn:aws:states:::lambda:invoke at /StateMachines/Orders/TestCases/A/Charge)"
    sqs_place = "(mocks arn:aws:states:::sqs:sendMessage at /StateMachines/Orders/TestCases/A/Send)"
    assert caught.value.problems == [
        f"/MockedResponses/R/0/Return: StatusCode: should be an integer {lambda_place}",
        f"/MockedResponses/R/0/Return: Body: InvocationResponse has no such field {lambda_place}",
        f"/MockedResponses/S/0/Return: the result should be an object {sqs_place}",
        "/StateMachines/Orders/TestCases/A/Done: only Task states can be mocked, and this is a Succeed state",
        "/StateMachines/Orders/TestCases/A/Nope: the machine has no such state",
        "/StateMachines/Bills: there is no such machine",
    ]


@pytest.mark.parametrize(
    ("resource", "value", "faults"),
    [
        ("aws-sdk:dynamodb:getItem", {"Item": {"id": {"S": "1"}, "on": {"Bool": True}}}, []),
        ("aws-sdk:dynamodb:getItem", {"Item": {"id": {"S": 1}}}, ["Item.id.S: should be a text"]),
        ("dynamodb:getItem", {"Item": {"on": {"BOOL": True}}, "SdkHttpMetadata": {}}, []),
        ("aws-sdk:s3:listBuckets", {"Buckets": [{"Title": "b"}]}, ["Buckets[0].Title: Bucket has no such field"]),
        ("aws-sdk:nosuch:thing", {"anything": 1}, []),
        ("arn:aws:lambda:us-east-1:123456789012:function:f", 42, []),
        ("ecs:runTask.sync", {"anything": 1}, []),
    ],
)
def test_results_are_held_against_the_services_shapes(resource: str, value: Any, faults: list[str]) -> None:
    full = resource if resource.startswith("arn:") else f"arn:aws:states:::{resource}"
    assert ResultCheck().faults(full, value) == faults


def test_required_fields_can_be_asked_for() -> None:
    check = ResultCheck()
    resource = "arn:aws:states:::aws-sdk:sfn:startExecution"
    assert check.faults(resource, {"ExecutionArn": "a"}) == []
    assert check.faults(resource, {"ExecutionArn": "a"}, required=True) == ["StartDate: is missing"]
