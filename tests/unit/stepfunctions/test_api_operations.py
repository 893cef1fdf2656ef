"""The API's operations on a virtual clock."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from localcloud.stepfunctions import Engine, Integrations, RealTimeline, TaskCall, VirtualTimeline
from localcloud.stepfunctions.api import StepFunctionsApi
from localcloud.stepfunctions.errors import StepFunctionsError
from localcloud.stepfunctions.mockconfig import MockConfig, MockedIntegrations

ROLE = "arn:aws:iam::123456789012:role/machine"
PASS = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"n": 1}, "End": True}}}
WAIT = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 60, "Next": "A"}, **PASS["States"]}}  # type: ignore[dict-item]
FAIL = {"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "Bad", "Cause": "It is."}}}
ASK = {
    "StartAt": "Ask",
    "States": {
        "Ask": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters": {"Token.$": "$$.Task.Token"},
            "End": True,
        }
    },
}


class Desk(Integrations):
    """Keeps the tokens it is sent."""

    def __init__(self) -> None:
        self.tokens: list[str] = []

    def call(self, call: TaskCall) -> Any:
        self.tokens.append(call.arguments["Token"])
        return {"MessageId": "1"}


class Cloud:
    """An API with an engine on a virtual clock behind it."""

    def __init__(self) -> None:
        self.timeline = VirtualTimeline(start=1_700_000_000.0)
        self.desk = Desk()
        self.engine = Engine(self.timeline, self.desk)
        self.api = StepFunctionsApi(self.engine)

    def call(self, operation: str, **arguments: Any) -> dict[str, Any]:
        return self.api.call(operation, arguments)

    def create(self, definition: Any = PASS, name: str = "m", **arguments: Any) -> str:
        answer = self.call(
            "CreateStateMachine", name=name, definition=json.dumps(definition), roleArn=ROLE, **arguments
        )
        return str(answer["stateMachineArn"])

    def start(self, arn: str, **arguments: Any) -> str:
        return str(self.call("StartExecution", stateMachineArn=arn, **arguments)["executionArn"])

    def run(self, definition: Any = PASS, **arguments: Any) -> str:
        execution = self.start(self.create(definition), **arguments)
        self.timeline.run_until_idle()
        return execution

    def describe(self, execution: str) -> dict[str, Any]:
        return self.call("DescribeExecution", executionArn=execution)


@pytest.fixture
def cloud() -> Cloud:
    return Cloud()


def refusal(operation: Callable[[], Any]) -> tuple[str, str]:
    with pytest.raises(StepFunctionsError) as caught:
        operation()
    return caught.value.code, caught.value.message


# -- arguments


def test_all_faults_of_the_arguments_are_told_at_once(cloud: Cloud) -> None:
    code, message = refusal(lambda: cloud.call("CreateStateMachine", name="", definition="{}", type="FAST"))
    assert code == "ValidationException"
    assert message == (
        "3 validation errors detected: "
        "Value null at 'roleArn' failed to satisfy constraint: Member must not be null; "
        "Value '' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 1; "
        "Value 'FAST' at 'type' failed to satisfy constraint: Member must satisfy enum value set: "
        "[STANDARD, EXPRESS]"
    )


@pytest.mark.parametrize(
    ("operation", "arguments", "code"),
    [
        ("ListExecutions", {"maxResults": 1001}, "ValidationException"),
        ("ListStateMachines", {"maxResults": "many"}, "SerializationException"),
        ("StartExecution", {"stateMachineArn": "nonsense"}, "InvalidArn"),
        (
            "DescribeExecution",
            {"executionArn": "arn:aws:states:us-east-1:123456789012:stateMachine:m"},
            "InvalidArn",
        ),
        (
            "DescribeExecution",
            {"executionArn": "arn:aws:states:us-east-1:123456789012:express:m:n:1"},
            "InvalidArn",
        ),
        ("ListStateMachines", {"nextToken": "garbage!"}, "InvalidToken"),
        ("FlyToTheMoon", {}, "UnknownOperationException"),
        ("CreateActivity", {"name": "a"}, "UnknownOperationException"),
    ],
)
def test_wrong_arguments_have_awss_codes(cloud: Cloud, operation: str, arguments: Any, code: str) -> None:
    assert refusal(lambda: cloud.api.call(operation, arguments))[0] == code


# -- machines


def test_a_machine_is_created_described_listed_and_deleted(cloud: Cloud) -> None:
    arn = cloud.create()
    assert arn == "arn:aws:states:us-east-1:123456789012:stateMachine:m"
    described = cloud.call("DescribeStateMachine", stateMachineArn=arn)
    assert described["creationDate"] == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert (described["name"], described["type"], described["status"]) == ("m", "STANDARD", "ACTIVE")
    assert json.loads(described["definition"]) == PASS
    assert described["loggingConfiguration"] == {"level": "OFF", "includeExecutionData": False}
    assert [m["name"] for m in cloud.call("ListStateMachines")["stateMachines"]] == ["m"]
    cloud.call("DeleteStateMachine", stateMachineArn=arn)
    assert (
        refusal(lambda: cloud.call("DescribeStateMachine", stateMachineArn=arn))[0] == "StateMachineDoesNotExist"
    )


def test_creating_the_same_again_is_fine_and_another_of_the_name_is_not(cloud: Cloud) -> None:
    assert cloud.create() == cloud.create()
    assert refusal(lambda: cloud.create(WAIT))[0] == "StateMachineAlreadyExists"


def test_a_broken_definition_is_refused_with_every_problem(cloud: Cloud) -> None:
    broken = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "C": {"Type": "Succeed"}}}
    assert refusal(lambda: cloud.create(broken)) == (
        "InvalidDefinition",
        "Invalid State Machine Definition: "
        "'MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/A/Next, "
        'MISSING_TRANSITION_TARGET: State "C" is not reachable. at /States/C\'',
    )


def test_an_update_needs_something_to_change(cloud: Cloud) -> None:
    arn = cloud.create()
    assert refusal(lambda: cloud.call("UpdateStateMachine", stateMachineArn=arn))[0] == "MissingRequiredParameter"
    cloud.call(
        "UpdateStateMachine",
        stateMachineArn=arn,
        definition=json.dumps(FAIL),
        tracingConfiguration={"enabled": True},
    )
    described = cloud.call("DescribeStateMachine", stateMachineArn=arn)
    assert json.loads(described["definition"]) == FAIL
    assert described["tracingConfiguration"] == {"enabled": True}
    assert "revisionId" in described


def test_an_execution_keeps_the_machine_it_was_started_on(cloud: Cloud) -> None:
    execution = cloud.run()
    cloud.call("UpdateStateMachine", stateMachineArn=cloud.create(), definition=json.dumps(FAIL))
    kept = cloud.call("DescribeStateMachineForExecution", executionArn=execution)
    assert json.loads(kept["definition"]) == PASS


def test_a_definition_is_validated_without_a_machine(cloud: Cloud) -> None:
    text = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"x.$": "$"}, "Next": "B"}}})
    answer = cloud.call("ValidateStateMachineDefinition", definition=text)
    assert (answer["result"], answer["truncated"]) == ("FAIL", False)
    assert answer["diagnostics"] == [
        {
            "severity": "ERROR",
            "code": "MISSING_TRANSITION_TARGET",
            "message": "Missing 'Next' target: B",
            "location": "/States/A/Next",
        },
        {"severity": "ERROR", "code": "MISSING_END_STATE", "message": "Workflow has no terminal state"},
    ]
    both = cloud.call("ValidateStateMachineDefinition", definition=text, severity="WARNING", maxResults=1)
    assert (len(both["diagnostics"]), both["truncated"]) == (1, True)


def test_tags_come_and_go(cloud: Cloud) -> None:
    arn = cloud.create(tags=[{"key": "desk", "value": "fleet"}])
    cloud.call("TagResource", resourceArn=arn, tags=[{"key": "stage", "value": "dev"}])
    cloud.call("UntagResource", resourceArn=arn, tagKeys=["desk"])
    assert cloud.call("ListTagsForResource", resourceArn=arn) == {"tags": [{"key": "stage", "value": "dev"}]}
    assert refusal(lambda: cloud.call("ListTagsForResource", resourceArn=f"{arn}x"))[0] == "ResourceNotFound"


# -- versions and aliases


def test_a_version_runs_as_it_was_published(cloud: Cloud) -> None:
    arn = cloud.create()
    version = cloud.call("PublishStateMachineVersion", stateMachineArn=arn, description="first")
    version_arn = version["stateMachineVersionArn"]
    assert version_arn == f"{arn}:1"
    cloud.call("UpdateStateMachine", stateMachineArn=arn, definition=json.dumps(FAIL), publish=True)
    execution = cloud.start(version_arn)
    cloud.timeline.run_until_idle()
    described = cloud.describe(execution)
    assert (described["status"], described["stateMachineVersionArn"]) == ("SUCCEEDED", version_arn)
    assert cloud.call("DescribeStateMachine", stateMachineArn=version_arn)["description"] == "first"
    listed = cloud.call("ListStateMachineVersions", stateMachineArn=arn)["stateMachineVersions"]
    assert [one["stateMachineVersionArn"] for one in listed] == [f"{arn}:2", f"{arn}:1"]


def test_an_alias_leads_to_its_versions_by_weight(cloud: Cloud) -> None:
    arn = cloud.create(publish=True)
    cloud.call("UpdateStateMachine", stateMachineArn=arn, definition=json.dumps(FAIL), publish=True)
    routes = [
        {"stateMachineVersionArn": f"{arn}:1", "weight": 50},
        {"stateMachineVersionArn": f"{arn}:2", "weight": 50},
    ]
    alias = cloud.call("CreateStateMachineAlias", name="live", routingConfiguration=routes)["stateMachineAliasArn"]
    runs = [cloud.start(alias, name=f"run-{number}") for number in range(40)]
    cloud.timeline.run_until_idle()
    assert {cloud.describe(run)["status"] for run in runs} == {"SUCCEEDED", "FAILED"}
    assert cloud.describe(runs[0])["stateMachineAliasArn"] == alias
    assert len(cloud.call("ListExecutions", stateMachineArn=alias)["executions"]) == 40
    in_use = refusal(lambda: cloud.call("DeleteStateMachineVersion", stateMachineVersionArn=f"{arn}:1"))
    assert in_use[0] == "ConflictException"
    cloud.call("DeleteStateMachineAlias", stateMachineAliasArn=alias)
    assert refusal(lambda: cloud.start(alias))[0] == "StateMachineDoesNotExist"


def test_weights_add_up_to_a_hundred(cloud: Cloud) -> None:
    arn = cloud.create(publish=True)
    routes = [{"stateMachineVersionArn": f"{arn}:1", "weight": 99}]
    code, _message = refusal(
        lambda: cloud.call("CreateStateMachineAlias", name="live", routingConfiguration=routes)
    )
    assert code == "ValidationException"


# -- executions


def test_an_execution_is_described_from_start_to_end(cloud: Cloud) -> None:
    execution = cloud.start(cloud.create(WAIT), name="run", input='{ "a": 1 }')
    running = cloud.describe(execution)
    assert (running["status"], running["input"], running["redriveStatus"]) == (
        "RUNNING",
        '{ "a": 1 }',
        "NOT_REDRIVABLE",
    )
    assert "stopDate" not in running
    cloud.timeline.run_until_idle()
    ended = cloud.describe(execution)
    assert (ended["status"], ended["output"]) == ("SUCCEEDED", '{"n":1}')
    assert (ended["stopDate"] - ended["startDate"]).total_seconds() == 60
    metadata = cloud.call("DescribeExecution", executionArn=execution, includedData="METADATA_ONLY")
    assert metadata["inputDetails"] == {"included": False}
    assert "output" not in metadata


def test_a_name_is_good_for_one_run(cloud: Cloud) -> None:
    arn = cloud.create(WAIT)
    assert cloud.start(arn, name="run") == cloud.start(arn, name="run")
    assert refusal(lambda: cloud.start(arn, name="run", input="[]"))[0] == "ExecutionAlreadyExists"
    assert refusal(lambda: cloud.start(arn, name="a b"))[0] == "InvalidName"
    assert refusal(lambda: cloud.start(arn, input="{"))[0] == "InvalidExecutionInput"


def test_an_execution_is_stopped_and_redriven(cloud: Cloud) -> None:
    execution = cloud.start(cloud.create(WAIT))
    cloud.timeline.skip(10)
    cloud.call("StopExecution", executionArn=execution, error="Enough", cause="Really.")
    stopped = cloud.describe(execution)
    assert (stopped["status"], stopped["error"], stopped["redriveStatus"]) == ("ABORTED", "Enough", "REDRIVABLE")
    cloud.call("RedriveExecution", executionArn=execution)
    cloud.timeline.run_until_idle()
    again = cloud.describe(execution)
    assert (again["status"], again["redriveCount"]) == ("SUCCEEDED", 1)
    assert refusal(lambda: cloud.call("RedriveExecution", executionArn=execution))[0] == "ExecutionNotRedrivable"


def test_executions_are_listed_newest_first_in_pages(cloud: Cloud) -> None:
    arn = cloud.create(FAIL)
    for number in range(5):
        cloud.start(arn, name=f"run-{number}")
    cloud.timeline.run_until_idle()
    first = cloud.call("ListExecutions", stateMachineArn=arn, maxResults=3)
    rest = cloud.call("ListExecutions", stateMachineArn=arn, maxResults=3, nextToken=first["nextToken"])
    names = [execution["name"] for execution in first["executions"] + rest["executions"]]
    assert names == ["run-4", "run-3", "run-2", "run-1", "run-0"]
    assert "nextToken" not in rest
    succeeded = cloud.call("ListExecutions", stateMachineArn=arn, statusFilter="SUCCEEDED")
    assert succeeded == {"executions": []}
    other = cloud.create(name="other")
    token_of_other_list = refusal(
        lambda: cloud.call("ListExecutions", stateMachineArn=other, nextToken=first["nextToken"])
    )
    assert token_of_other_list[0] == "InvalidToken"


@pytest.mark.parametrize("arguments", [{}, {"stateMachineArn": "a", "mapRunArn": "b"}])
def test_listing_needs_a_machine_or_a_map_run(cloud: Cloud, arguments: dict[str, str]) -> None:
    assert refusal(lambda: cloud.call("ListExecutions", **arguments))[0] == "ValidationException"


def test_a_history_is_read_in_pages_and_backwards(cloud: Cloud) -> None:
    execution = cloud.run()
    first = cloud.call("GetExecutionHistory", executionArn=execution, maxResults=3)
    second = cloud.call("GetExecutionHistory", executionArn=execution, maxResults=3, nextToken=first["nextToken"])
    types = [event["type"] for event in first["events"] + second["events"]]
    assert types == ["ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"]
    backwards = cloud.call("GetExecutionHistory", executionArn=execution, reverseOrder=True)
    assert [event["id"] for event in backwards["events"]] == [4, 3, 2, 1]
    bare = cloud.call("GetExecutionHistory", executionArn=execution, includeExecutionData=False)
    assert bare["events"][1]["stateEnteredEventDetails"] == {"name": "A"}


def test_a_synchronous_execution_is_waited_for(cloud: Cloud) -> None:
    arn = cloud.create(WAIT, type="EXPRESS")
    answer = cloud.call("StartSyncExecution", stateMachineArn=arn)
    assert (answer["status"], answer["output"]) == ("SUCCEEDED", '{"n":1}')
    assert answer["billingDetails"] == {"billedMemoryUsedInMB": 64, "billedDurationInMilliseconds": 60000}
    standard = cloud.create(name="standard")
    refused = refusal(lambda: cloud.call("StartSyncExecution", stateMachineArn=standard))
    assert refused[0] == "StateMachineTypeNotSupported"
    assert refusal(lambda: cloud.call("ListExecutions", stateMachineArn=arn))[0] == "StateMachineTypeNotSupported"


def test_a_synchronous_execution_is_waited_for_in_real_time() -> None:
    timeline = RealTimeline(speed=100.0)
    timeline.start()
    try:
        api = StepFunctionsApi(Engine(timeline, Integrations()))
        request = {"name": "m", "definition": json.dumps(WAIT), "roleArn": ROLE, "type": "EXPRESS"}
        arn = api.call("CreateStateMachine", request)["stateMachineArn"]
        answer = api.call("StartSyncExecution", {"stateMachineArn": arn})
    finally:
        timeline.stop()
    assert (answer["status"], answer["output"]) == ("SUCCEEDED", '{"n":1}')


# -- tokens


def test_a_token_is_answered_once(cloud: Cloud) -> None:
    execution = cloud.run(ASK)
    token = cloud.desk.tokens[0]
    cloud.call("SendTaskHeartbeat", taskToken=token)
    assert refusal(lambda: cloud.call("SendTaskSuccess", taskToken=token, output="{"))[0] == "InvalidOutput"
    cloud.call("SendTaskSuccess", taskToken=token, output='"yes"')
    again = refusal(lambda: cloud.call("SendTaskSuccess", taskToken=token, output='"yes"'))
    assert again[0] == "TaskTimedOut"
    assert refusal(lambda: cloud.call("SendTaskFailure", taskToken="never given"))[0] == "InvalidToken"
    cloud.timeline.run_until_idle()
    assert cloud.describe(execution)["output"] == '"yes"'


def test_a_worker_may_fail(cloud: Cloud) -> None:
    execution = cloud.run(ASK)
    cloud.call("SendTaskFailure", taskToken=cloud.desk.tokens[0], error="Declined", cause="No budget.")
    cloud.timeline.run_until_idle()
    ended = cloud.describe(execution)
    assert (ended["status"], ended["error"], ended["cause"]) == ("FAILED", "Declined", "No budget.")


# -- map runs


def test_map_runs_are_listed_and_described(cloud: Cloud) -> None:
    processor = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, **PASS}
    definition = {
        "StartAt": "Each",
        "States": {"Each": {"Type": "Map", "ItemsPath": "$", "ItemProcessor": processor, "End": True}},
    }
    execution = cloud.run(definition, input="[1,2,3]")
    (run,) = cloud.call("ListMapRuns", executionArn=execution)["mapRuns"]
    described = cloud.call("DescribeMapRun", mapRunArn=run["mapRunArn"])
    assert described["status"] == "SUCCEEDED"
    assert (described["itemCounts"]["total"], described["executionCounts"]["succeeded"]) == (3, 3)
    children = cloud.call("ListExecutions", mapRunArn=run["mapRunArn"])["executions"]
    assert len(children) == 3
    child = cloud.call("DescribeStateMachineForExecution", executionArn=children[0]["executionArn"])
    assert child["mapRunArn"] == run["mapRunArn"]
    missing = f"{run['mapRunArn']}x"
    assert refusal(lambda: cloud.call("DescribeMapRun", mapRunArn=missing))[0] == "ResourceNotFound"


# -- mocked test cases


def test_a_test_case_is_started_by_its_name_behind_the_arn() -> None:
    config = MockConfig(
        {
            "StateMachines": {"m": {"TestCases": {"Yes": {"Ask": "Approved"}}}},
            "MockedResponses": {"Approved": {"0": {"Return": "approved"}}},
        }
    )
    cloud = Cloud()
    mocks = MockedIntegrations(cloud.desk, config, lambda: engine)
    engine = Engine(cloud.timeline, mocks)
    cloud.api = StepFunctionsApi(engine, mocks)
    arn = cloud.create(ASK)
    execution = cloud.start(f"{arn}#Yes")
    cloud.timeline.run_until_idle()
    assert cloud.describe(execution)["output"] == '"approved"'
    assert refusal(lambda: cloud.start(f"{arn}#No")) == (
        "ValidationException",
        "The machine 'm' has no test case 'No'; there are: Yes",
    )


def test_a_test_case_needs_a_mock_configuration(cloud: Cloud) -> None:
    assert refusal(lambda: cloud.start(f"{cloud.create()}#Yes"))[0] == "ValidationException"
