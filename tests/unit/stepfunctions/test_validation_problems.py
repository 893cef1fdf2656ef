"""Every kind of mistake is found, all at once, each with its place."""

from __future__ import annotations

import json
from typing import Any

import pytest

from localcloud.stepfunctions.validation import Problem, validate

PASS = {"Type": "Pass", "End": True}
LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:work"
TASK = {"Type": "Task", "Resource": LAMBDA, "End": True}
MAP = {"Type": "Map", "ItemProcessor": {"StartAt": "I", "States": {"I": PASS}}, "End": True}


def machine(state: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    return {"StartAt": "A", "States": {"A": state or PASS}, **fields}


def found(definition: str | dict[str, Any], *, express: bool = False) -> set[tuple[str, str]]:
    return {(problem.code, problem.place) for problem in validate(definition, express=express)}


def errors_of(state: dict[str, Any], **fields: Any) -> set[str]:
    problems = validate(machine(state, **fields))
    assert all(problem.severity == "ERROR" for problem in problems)
    return {problem.place for problem in problems}


def test_a_sound_machine_has_no_problem() -> None:
    assert validate(machine()) == []
    assert validate(json.dumps(machine(TASK))) == []


def test_all_problems_come_at_once() -> None:
    definition = {
        "StartAt": "Nowhere",
        "States": {
            "A": {"Type": "Pass", "Next": "Gone"},
            "B": {"Type": "Task", "End": True},
            "C": {"Type": "Sleep"},
        },
    }
    assert found(definition) == {
        ("MISSING_TRANSITION_TARGET", "/StartAt"),
        ("MISSING_TRANSITION_TARGET", "/States/A/Next"),
        ("SCHEMA_VALIDATION_FAILED", "/States/B"),
        ("SCHEMA_VALIDATION_FAILED", "/States/C/Type"),
        *{("MISSING_TRANSITION_TARGET", f"/States/{name}") for name in "ABC"},
    }


def test_broken_json_is_told_with_line_and_column() -> None:
    problems = validate('{\n  "StartAt": "A",\n  "States": {,}\n}')
    assert problems == [
        Problem(
            "ERROR",
            "INVALID_JSON_DESCRIPTION",
            "Expecting property name enclosed in double quotes: line 3, column 14",
            "",
        )
    ]


def test_a_key_that_comes_twice_is_an_error() -> None:
    text = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}, "A": {"Type": "Succeed"}}}'
    assert found(text) == {("INVALID_JSON_DESCRIPTION", "/States/A")}


@pytest.mark.parametrize("text", ["", "   "])
def test_an_empty_text_is_no_definition(text: str) -> None:
    assert found(text) == {("MISSING_DESCRIPTION", "")}


@pytest.mark.parametrize("text", ["[]", "3", '"x"', "null"])
def test_json_that_is_no_object_is_no_definition(text: str) -> None:
    assert found(text) == {("SCHEMA_VALIDATION_FAILED", "")}


@pytest.mark.parametrize(
    ("definition", "place"),
    [
        ({"States": {"A": PASS}}, ""),
        ({"StartAt": "A"}, ""),
        ({"StartAt": "A", "States": {}}, "/States"),
        ({"StartAt": "A", "States": []}, "/States"),
        ({"StartAt": "A", "States": {"A": 3}}, "/States/A"),
        (machine(Version="2.0"), "/Version"),
        (machine(TimeoutSeconds=0), "/TimeoutSeconds"),
        (machine(TimeoutSeconds="10"), "/TimeoutSeconds"),
        (machine(QueryLanguage="XPath"), "/QueryLanguage"),
        (machine(Timeout=3), "/Timeout"),
    ],
)
def test_the_machine_itself(definition: dict[str, Any], place: str) -> None:
    assert ("SCHEMA_VALIDATION_FAILED", place) in found(definition)


@pytest.mark.parametrize(
    ("state", "place"),
    [
        ({"End": True}, "/States/A"),
        ({"Type": "Pass"}, "/States/A"),
        ({"Type": "Pass", "Next": "A", "End": True}, "/States/A"),
        ({**PASS, "Comment": 3}, "/States/A/Comment"),
        ({**PASS, "Resource": LAMBDA}, "/States/A/Resource"),
        ({**PASS, "InputPath": "a"}, "/States/A/InputPath"),
        ({**PASS, "InputPath": "$.a["}, "/States/A/InputPath"),
        ({**PASS, "ResultPath": "$.a[*]"}, "/States/A/ResultPath"),
        ({**PASS, "ResultPath": "$..a"}, "/States/A/ResultPath"),
        ({**PASS, "Parameters": {"x.$": 3}}, "/States/A/Parameters/x.$"),
        ({**PASS, "Parameters": {"x.$": "plain"}}, "/States/A/Parameters/x.$"),
        ({**PASS, "Parameters": {"l": [{"x.$": "States.Format("}]}}, "/States/A/Parameters/l[0]/x.$"),
        ({**PASS, "Parameters": {"x.$": "States.NoSuch($.a)"}}, "/States/A/Parameters/x.$"),
        ({**PASS, "Output": {}}, "/States/A/Output"),
        ({**PASS, "Assign": []}, "/States/A/Assign"),
        ({**PASS, "Assign": {"1x": 1}}, "/States/A/Assign/1x"),
        ({**PASS, "Assign": {"states": 1}}, "/States/A/Assign/states"),
        ({"Type": "Succeed", "Next": "A"}, "/States/A/Next"),
        ({"Type": "Fail", "Error": "E", "ErrorPath": "$.e"}, "/States/A"),
        ({"Type": "Fail", "Error": 3}, "/States/A/Error"),
        ({"Type": "Wait", "End": True}, "/States/A"),
        ({"Type": "Wait", "Seconds": 1, "SecondsPath": "$.s", "End": True}, "/States/A"),
        ({"Type": "Wait", "Seconds": -1, "End": True}, "/States/A/Seconds"),
        ({"Type": "Wait", "Seconds": "$.s", "End": True}, "/States/A/Seconds"),
        ({"Type": "Wait", "Timestamp": "tomorrow", "End": True}, "/States/A/Timestamp"),
        ({"Type": "Wait", "Timestamp": "2026-02-30T00:00:00Z", "End": True}, "/States/A/Timestamp"),
        ({**TASK, "TimeoutSeconds": 0}, "/States/A/TimeoutSeconds"),
        ({**TASK, "TimeoutSeconds": 1.5}, "/States/A/TimeoutSeconds"),
        ({**TASK, "TimeoutSeconds": True}, "/States/A/TimeoutSeconds"),
        ({**TASK, "TimeoutSeconds": 9, "TimeoutSecondsPath": "$.t"}, "/States/A"),
        ({**TASK, "TimeoutSeconds": 9, "HeartbeatSeconds": 9}, "/States/A/HeartbeatSeconds"),
        ({**TASK, "Arguments": {}}, "/States/A/Arguments"),
        ({**TASK, "ResultSelector": []}, "/States/A/ResultSelector"),
        ({**TASK, "Retry": {}}, "/States/A/Retry"),
        ({**TASK, "Retry": [3]}, "/States/A/Retry[0]"),
        ({**TASK, "Retry": [{}]}, "/States/A/Retry[0]"),
        ({**TASK, "Retry": [{"ErrorEquals": []}]}, "/States/A/Retry[0]/ErrorEquals"),
        ({**TASK, "Retry": [{"ErrorEquals": [3]}]}, "/States/A/Retry[0]/ErrorEquals[0]"),
        ({**TASK, "Retry": [{"ErrorEquals": ["E"], "IntervalSeconds": 0}]}, "/States/A/Retry[0]/IntervalSeconds"),
        ({**TASK, "Retry": [{"ErrorEquals": ["E"], "BackoffRate": 0.5}]}, "/States/A/Retry[0]/BackoffRate"),
        ({**TASK, "Retry": [{"ErrorEquals": ["E"], "MaxAttempts": -1}]}, "/States/A/Retry[0]/MaxAttempts"),
        (
            {**TASK, "Retry": [{"ErrorEquals": ["E"], "JitterStrategy": "SOME"}]},
            "/States/A/Retry[0]/JitterStrategy",
        ),
        ({**TASK, "Retry": [{"ErrorEquals": ["States.ALL", "E"]}]}, "/States/A/Retry[0]/ErrorEquals"),
        (
            {**TASK, "Retry": [{"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["E"]}]},
            "/States/A/Retry[0]/ErrorEquals",
        ),
        ({**TASK, "Catch": [{"ErrorEquals": ["E"]}]}, "/States/A/Catch[0]"),
        ({**MAP, "ItemsPath": "items"}, "/States/A/ItemsPath"),
        ({**MAP, "MaxConcurrency": -1}, "/States/A/MaxConcurrency"),
        ({**MAP, "ToleratedFailurePercentage": 101}, "/States/A/ToleratedFailurePercentage"),
        ({**MAP, "ItemReader": {"Resource": "arn:aws:states:::s3:getObject"}}, "/States/A/ItemReader"),
        ({"Type": "Map", "End": True}, "/States/A"),
        ({"Type": "Parallel", "Branches": [], "End": True}, "/States/A/Branches"),
        ({"Type": "Parallel", "Branches": [3], "End": True}, "/States/A/Branches"),
    ],
)
def test_one_mistake_in_a_state(state: dict[str, Any], place: str) -> None:
    assert errors_of(state) == {place}


@pytest.mark.parametrize(
    ("state", "place"),
    [
        ({**PASS, "Parameters": {}}, "/States/A/Parameters"),
        ({**PASS, "InputPath": "$"}, "/States/A/InputPath"),
        ({**PASS, "QueryLanguage": "JSONPath"}, "/States/A/QueryLanguage"),
        ({**PASS, "Output": "{% $sum( %}"}, "/States/A/Output"),
        ({**PASS, "Output": {"a": ["{% 1 +"]}}, "/States/A/Output/a[0]"),
        ({**TASK, "TimeoutSeconds": "soon"}, "/States/A/TimeoutSeconds"),
        ({**MAP, "Items": 3}, "/States/A/Items"),
        ({**MAP, "Items": "plain"}, "/States/A/Items"),
        (
            {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsNull": True, "Next": "A"}]},
            "/States/A/Choices[0]",
        ),
    ],
)
def test_one_mistake_in_a_jsonata_state(state: dict[str, Any], place: str) -> None:
    assert place in errors_of(state, QueryLanguage="JSONata")


def test_jsonata_takes_expressions_where_jsonpath_wants_values() -> None:
    state = {
        **TASK,
        "Arguments": {"x": "{% $states.input.x %}"},
        "TimeoutSeconds": "{% $states.input.seconds %}",
        "Output": "{% $states.result %}",
        "Assign": {"seen": "{% $states.result.id %}"},
    }
    assert validate(machine(state, QueryLanguage="JSONata")) == []


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ({"Next": "A"}, "/States/A/Choices[0]"),
        ({"Variable": "$.a", "NumericEquals": "1", "Next": "B"}, "/States/A/Choices[0]/NumericEquals"),
        ({"Variable": "$.a", "NumericEqual": 1, "Next": "B"}, "/States/A/Choices[0]/NumericEqual"),
        ({"Variable": "$.a", "IsNull": "yes", "Next": "B"}, "/States/A/Choices[0]/IsNull"),
        ({"Variable": "a", "IsNull": True, "Next": "B"}, "/States/A/Choices[0]/Variable"),
        ({"IsNull": True, "Next": "B"}, "/States/A/Choices[0]"),
        ({"Variable": "$.a", "IsNull": True}, "/States/A/Choices[0]"),
        ({"Variable": "$.a", "IsNull": True, "IsString": True, "Next": "B"}, "/States/A/Choices[0]"),
        ({"And": [], "Next": "B"}, "/States/A/Choices[0]/And"),
        ({"Not": 3, "Next": "B"}, "/States/A/Choices[0]/Not"),
        (
            {"Or": [{"Variable": "$.a", "IsNull": True, "Next": "B"}], "Next": "B"},
            "/States/A/Choices[0]/Or[0]/Next",
        ),
        ({"Variable": "$.a", "StringEqualsPath": 3, "Next": "B"}, "/States/A/Choices[0]/StringEqualsPath"),
        ({"Variable": "$.a", "TimestampLessThan": "noon", "Next": "B"}, "/States/A/Choices[0]/TimestampLessThan"),
    ],
)
def test_one_mistake_in_a_choice_rule(rule: dict[str, Any], place: str) -> None:
    definition = {
        "StartAt": "A",
        "States": {"A": {"Type": "Choice", "Choices": [rule], "Default": "B"}, "B": PASS},
    }
    assert place in {problem.place for problem in validate(definition)}


@pytest.mark.parametrize(
    "resource",
    [
        LAMBDA,
        LAMBDA + ":live",
        "arn:aws:states:us-east-1:123456789012:activity:paint",
        "arn:aws:states:::lambda:invoke.waitForTaskToken",
        "arn:aws:states:::ecs:runTask.sync",
        "arn:aws:states:::states:startExecution.sync:2",
        "arn:aws:states:::aws-sdk:s3:getObject",
        "arn:aws:states:::elasticmapreduce:createCluster.sync",
    ],
)
def test_resources_aws_knows(resource: str) -> None:
    assert validate(machine({**TASK, "Resource": resource})) == []


@pytest.mark.parametrize(
    "resource",
    [
        "work",
        "arn:aws:states:::dynamodb:scan",
        "arn:aws:states:::dynamodb:getItem.sync",
        "arn:aws:states:::lambda:invoke.sync",
        "arn:aws:states:::nosuch:thing",
        "arn:aws:s3:::bucket",
    ],
)
def test_resources_aws_does_not_know(resource: str) -> None:
    assert found(machine({**TASK, "Resource": resource})) == {("INVALID_RESOURCE", "/States/A/Resource")}


@pytest.mark.parametrize(
    "resource", ["arn:aws:states:::ecs:runTask.sync", "arn:aws:states:::sqs:sendMessage.waitForTaskToken"]
)
def test_express_workflows_do_not_wait(resource: str) -> None:
    assert found(machine({**TASK, "Resource": resource}), express=True) == {
        ("INVALID_RESOURCE", "/States/A/Resource")
    }


def test_a_state_name_is_used_once_in_all_scopes() -> None:
    inner = {"StartAt": "A", "States": {"A": PASS}}
    assert found(machine({"Type": "Parallel", "Branches": [inner], "End": True})) == {
        ("DUPLICATE_STATE_NAME", "/States/A/Branches[0]/States/A")
    }


def test_a_branch_cannot_jump_out_of_its_scope() -> None:
    inner = {"StartAt": "I", "States": {"I": {"Type": "Pass", "Next": "A"}}}
    assert ("MISSING_TRANSITION_TARGET", "/States/A/Branches[0]/States/I/Next") in found(
        machine({"Type": "Parallel", "Branches": [inner], "End": True})
    )


def test_every_transition_is_followed() -> None:
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "Gone2"}]
    choice = {
        "Type": "Choice",
        "Choices": [{"Variable": "$", "IsNull": True, "Next": "Gone3"}],
        "Default": "Gone4",
    }
    definition = {
        "StartAt": "A",
        "States": {"A": {"Type": "Task", "Resource": LAMBDA, "Next": "C", "Catch": catch}, "C": choice, "E": PASS},
    }
    assert found(definition) == {
        ("MISSING_TRANSITION_TARGET", "/States/A/Catch[0]/Next"),
        ("MISSING_TRANSITION_TARGET", "/States/C/Choices[0]/Next"),
        ("MISSING_TRANSITION_TARGET", "/States/C/Default"),
        ("MISSING_TRANSITION_TARGET", "/States/E"),
    }


def test_a_machine_without_an_end_is_refused() -> None:
    definition = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "A"}}}
    assert found(definition) == {("MISSING_END_STATE", "")}


def test_states_that_can_never_reach_an_end_are_named() -> None:
    choice = {"Type": "Choice", "Choices": [{"Variable": "$", "IsNull": True, "Next": "Round"}], "Default": "Done"}
    definition = {
        "StartAt": "Ask",
        "States": {
            "Ask": choice,
            "Round": {"Type": "Pass", "Next": "And"},
            "And": {"Type": "Pass", "Next": "Round"},
            "Done": {"Type": "Succeed"},
        },
    }
    assert {(p.severity, p.code, p.location) for p in validate(definition)} == {
        ("WARNING", "ENDLESS_STATE", "/States/Round"),
        ("WARNING", "ENDLESS_STATE", "/States/And"),
    }


def test_what_runs_but_is_hardly_meant_is_a_warning() -> None:
    definition = machine(
        {**PASS, "Result": {"x.$": "$.y"}, "Parameters": {"p": "$.a", "q": "States.UUID()", "r": "$5 please"}}
    )
    assert {(p.severity, p.code, p.location) for p in validate(definition)} == {
        ("WARNING", "PASS_RESULT_IS_STATIC", "/States/A/Result/x.$"),
        ("WARNING", "NO_DOLLAR", "/States/A/Parameters/p"),
        ("WARNING", "NO_DOLLAR", "/States/A/Parameters/q"),
    }


def test_error_names_nobody_raises_are_a_warning() -> None:
    state = {**TASK, "Retry": [{"ErrorEquals": ["States.Timeuot", "E"]}, {"ErrorEquals": ["E"]}]}
    assert {(p.severity, p.code, p.location) for p in validate(machine(state))} == {
        ("WARNING", "UNKNOWN_ERROR_NAME", "/States/A/Retry[0]/ErrorEquals[0]"),
        ("WARNING", "UNREACHABLE_ERROR_NAME", "/States/A/Retry[1]/ErrorEquals[0]"),
    }


def test_a_delay_that_cannot_grow_is_a_warning() -> None:
    state = {**TASK, "Retry": [{"ErrorEquals": ["E"], "IntervalSeconds": 5, "MaxDelaySeconds": 5}]}
    (problem,) = validate(machine(state))
    assert (problem.severity, problem.code) == ("WARNING", "DELAY_NEVER_GROWS")
    assert problem.location == "/States/A/Retry[0]/MaxDelaySeconds"


def test_labels_are_checked() -> None:
    distributed = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}

    def map_state(label: str, inner: str, **where: Any) -> dict[str, Any]:
        processor = {"ProcessorConfig": distributed, "StartAt": inner, "States": {inner: PASS}}
        return {"Type": "Map", "Label": label, "ItemProcessor": processor, **where}

    definition = {
        "StartAt": "A",
        "States": {
            "A": map_state("one", "I", Next="B"),
            "B": map_state("one", "J", Next="C"),
            "C": map_state("no blank", "K", End=True),
        },
    }
    assert found(definition) == {
        ("DUPLICATE_LABEL_NAME", "/States/B/Label"),
        ("INVALID_LABEL_NAME", "/States/C/Label"),
    }


def test_places_escape_slashes_in_names() -> None:
    definition = {"StartAt": "A/B", "States": {"A/B": {"Type": "Pass", "Next": "C"}}}
    assert ("MISSING_TRANSITION_TARGET", "/States/A~1B/Next") in found(definition)
