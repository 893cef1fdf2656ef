"""TestState: one state by itself."""

from __future__ import annotations

import json
from typing import Any

import pytest

from localcloud.stepfunctions import Engine, Integrations, TaskCall, VirtualTimeline
from localcloud.stepfunctions.api import StepFunctionsApi
from localcloud.stepfunctions.errors import StepFunctionsError
from localcloud.stepfunctions.task import TaskError

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:work"
TASK = {"Type": "Task", "Resource": FUNCTION, "Next": "On"}


class Work(Integrations):
    """Doubles a number; fails with the name it is given."""

    def call(self, call: TaskCall) -> Any:
        if "fail" in call.arguments:
            raise TaskError(call.arguments["fail"], "as asked")
        return {"double": call.arguments["n"] * 2}


@pytest.fixture
def api() -> StepFunctionsApi:
    return StepFunctionsApi(Engine(VirtualTimeline(), Work()))


def run(api: StepFunctionsApi, state: Any, value: Any = None, **arguments: Any) -> dict[str, Any]:
    given = {"definition": json.dumps(state), "input": json.dumps({} if value is None else value)}
    return api.call("TestState", given | arguments)


def refusal(api: StepFunctionsApi, state: Any, **arguments: Any) -> str:
    with pytest.raises(StepFunctionsError) as caught:
        run(api, state, **arguments)
    return caught.value.code


def test_a_state_succeeds_and_says_what_comes_next(api: StepFunctionsApi) -> None:
    assert run(api, TASK, {"n": 4}) == {"status": "SUCCEEDED", "output": '{"double":8}', "nextState": "On"}


def test_the_last_state_has_no_next(api: StepFunctionsApi) -> None:
    assert run(api, {"Type": "Pass", "End": True}, 5) == {"status": "SUCCEEDED", "output": "5"}


def test_a_choice_is_made(api: StepFunctionsApi) -> None:
    rule = {"Variable": "$.n", "NumericGreaterThan": 3, "Next": "Many"}
    state = {"Type": "Choice", "Choices": [rule], "Default": "Few"}
    assert [run(api, state, {"n": n})["nextState"] for n in (2, 4)] == ["Few", "Many"]


def test_a_given_context_lies_over_the_own_one(api: StepFunctionsApi) -> None:
    paths = {"name.$": "$$.Execution.Name", "state.$": "$$.State.Name", "item.$": "$$.Map.Item.Value"}
    context = json.dumps({"Execution": {"Name": "given"}, "Map": {"Item": {"Value": 7}}})
    answer = run(api, {"Type": "Pass", "Parameters": paths, "End": True}, context=context)
    assert json.loads(answer["output"]) == {"name": "given", "state": "State", "item": 7}


def test_a_cause_names_no_event_of_an_execution(api: StepFunctionsApi) -> None:
    state = {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.input.v %}", "End": True}
    assert run(api, state) == {
        "status": "FAILED",
        "error": "States.QueryEvaluationError",
        "cause": "The JSONata expression '$states.input.v' specified for the field 'Output' returned nothing "
        "(undefined).",
    }


def test_a_wait_passes_at_once(api: StepFunctionsApi) -> None:
    assert run(api, {"Type": "Wait", "Seconds": 200, "Next": "On"})["status"] == "SUCCEEDED"


def test_a_state_ends_after_five_minutes(api: StepFunctionsApi) -> None:
    assert run(api, {"Type": "Wait", "Seconds": 301, "Next": "On"})["error"] == "States.Timeout"


def test_a_fail_state_fails(api: StepFunctionsApi) -> None:
    assert run(api, {"Type": "Fail", "Error": "Bad", "Cause": "It is."}) == {
        "status": "FAILED",
        "error": "Bad",
        "cause": "It is.",
    }


def test_debug_shows_the_data_at_every_stage(api: StepFunctionsApi) -> None:
    state = {
        **TASK,
        "InputPath": "$.order",
        "Parameters": {"n.$": "$.count"},
        "ResultSelector": {"twice.$": "$.double"},
        "ResultPath": "$.result",
        "OutputPath": "$.result",
    }
    answer = run(api, state, {"order": {"count": 3}}, inspectionLevel="DEBUG")
    assert answer["output"] == '{"twice":6}'
    stages = {name: json.loads(text) for name, text in answer["inspectionData"].items()}
    assert stages == {
        "input": {"order": {"count": 3}},
        "afterInputPath": {"count": 3},
        "afterParameters": {"n": 3},
        "result": {"double": 6},
        "afterResultSelector": {"twice": 6},
        "afterResultPath": {"order": {"count": 3}, "result": {"twice": 6}},
    }


def test_debug_of_a_jsonata_state(api: StepFunctionsApi) -> None:
    state = {
        **TASK,
        "QueryLanguage": "JSONata",
        "Arguments": {"n": "{% $factor * $states.input.n %}"},
        "Assign": {"last": "{% $states.result.double %}"},
        "Output": "{% $states.result.double + 1 %}",
    }
    answer = run(api, state, {"n": 3}, inspectionLevel="DEBUG", variables='{"factor": 10}')
    assert answer["output"] == "61"
    stages = {name: json.loads(text) for name, text in answer["inspectionData"].items()}
    assert stages == {
        "input": {"n": 3},
        "afterArguments": {"n": 30},
        "result": {"double": 60},
        "variables": {"factor": 10, "last": 60},
    }


RETRY = [{"ErrorEquals": ["Busy"], "IntervalSeconds": 3, "MaxAttempts": 2, "BackoffRate": 2}]
CATCH = [{"ErrorEquals": ["Lost"], "Next": "Search"}, {"ErrorEquals": ["States.ALL"], "Next": "Sorry"}]


def test_an_error_a_retrier_takes_is_retriable(api: StepFunctionsApi) -> None:
    state = {**TASK, "Retry": RETRY, "Catch": CATCH}
    answer = run(
        api, state, {"fail": "Busy"}, inspectionLevel="DEBUG", stateConfiguration={"retrierRetryCount": 1}
    )
    assert (answer["status"], answer["error"], answer["cause"]) == ("RETRIABLE", "Busy", "as asked")
    assert answer["inspectionData"]["errorDetails"] == {"retryIndex": 0, "retryBackoffIntervalSeconds": 6}
    assert "output" not in answer


def test_an_error_beyond_its_retries_is_caught(api: StepFunctionsApi) -> None:
    state = {**TASK, "Retry": RETRY, "Catch": CATCH}
    answer = run(
        api, state, {"fail": "Busy"}, inspectionLevel="DEBUG", stateConfiguration={"retrierRetryCount": 2}
    )
    assert (answer["status"], answer["nextState"]) == ("CAUGHT_ERROR", "Sorry")
    assert json.loads(answer["output"]) == {"Error": "Busy", "Cause": "as asked"}
    assert answer["inspectionData"]["errorDetails"] == {"catchIndex": 1}


def test_an_error_nothing_takes_fails(api: StepFunctionsApi) -> None:
    assert run(api, TASK, {"fail": "Odd"}) == {"status": "FAILED", "error": "Odd", "cause": "as asked"}


def test_one_state_is_picked_out_of_a_machine(api: StepFunctionsApi) -> None:
    work = {**TASK, "Next": "Work", "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Stop"}]}
    inner = {"StartAt": "Work", "States": {"Work": work, "Stop": {"Type": "Succeed"}}}
    machine = {"StartAt": "Each", "States": {"Each": {"Type": "Map", "ItemProcessor": inner, "End": True}}}
    assert run(api, machine, {"n": 1}, stateName="Work")["nextState"] == "Work"
    assert refusal(api, machine, stateName="Other") == "ValidationException"


# -- mocks


def test_a_mocked_result_takes_the_services_place(api: StepFunctionsApi) -> None:
    state = {
        **TASK,
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": {"MessageBody": "x"},
    }
    assert run(api, state, mock={"result": '{"approved": true}'})["output"] == '{"approved":true}'


def test_a_mocked_error_is_handled_by_the_state(api: StepFunctionsApi) -> None:
    mock = {"errorOutput": {"error": "Lost", "cause": "no trace"}}
    assert run(api, {**TASK, "Catch": CATCH}, mock=mock)["nextState"] == "Search"


@pytest.mark.parametrize("kind", ["Map", "Parallel"])
def test_states_with_states_inside_need_a_mock(api: StepFunctionsApi, kind: str) -> None:
    inner = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
    state: dict[str, Any] = {"Type": kind, "ResultPath": "$.done", "Next": "On"}
    state |= {"ItemProcessor": inner} if kind == "Map" else {"Branches": [inner]}
    assert refusal(api, state) == "ValidationException"
    answer = run(api, state, {"a": 1}, mock={"result": "[1, 2]"})
    assert json.loads(answer["output"]) == {"a": 1, "done": [1, 2]}


@pytest.mark.parametrize(
    ("mode", "result", "fits"),
    [
        ("STRICT", {"ExecutionArn": "a", "StartDate": "2026-11-20T09:00:00Z"}, True),
        ("STRICT", {"ExecutionArn": "a"}, False),
        ("PRESENT", {"ExecutionArn": "a"}, True),
        ("PRESENT", {"ExecutionArn": 1}, False),
        ("NONE", {"Anything": 1}, True),
    ],
)
def test_mocked_results_are_held_against_the_api(
    api: StepFunctionsApi, mode: str, result: Any, fits: bool
) -> None:
    state = {**TASK, "Resource": "arn:aws:states:::aws-sdk:sfn:startExecution"}
    mock = {"result": json.dumps(result), "fieldValidationMode": mode}
    if fits:
        assert run(api, state, mock=mock)["status"] == "SUCCEEDED"
    else:
        assert refusal(api, state, mock=mock) == "ValidationException"


# -- refusals


@pytest.mark.parametrize(
    ("state", "arguments", "code"),
    [
        ({"Type": "Pass"}, {"mock": {"result": "1"}}, "ValidationException"),
        (TASK, {"mock": {}}, "ValidationException"),
        (TASK, {"mock": {"result": "1", "errorOutput": {"error": "E"}}}, "ValidationException"),
        (TASK, {"mock": {"result": "{"}}, "ValidationException"),
        (TASK, {"context": "[]"}, "ValidationException"),
        (TASK, {"context": "{"}, "InvalidExecutionInput"),
        (TASK, {"variables": "[]"}, "ValidationException"),
        (TASK, {"variables": "{"}, "InvalidExecutionInput"),
        (TASK, {"input": "{"}, "InvalidExecutionInput"),
        ({**TASK, "Resource": "arn:aws:states:::ecs:runTask.sync"}, {}, "ValidationException"),
        ({"Type": "Sleep"}, {}, "InvalidDefinition"),
        ({**TASK, "TimeoutSeconds": 0}, {}, "InvalidDefinition"),
        ([], {}, "InvalidDefinition"),
        ({"Type": "Task", "End": True}, {"mock": {"result": "1"}}, "InvalidDefinition"),
        ({"StartAt": "A", "States": []}, {"stateName": "A"}, "InvalidDefinition"),
    ],
)
def test_what_cannot_be_tested_is_refused(
    api: StepFunctionsApi, state: Any, arguments: dict[str, Any], code: str
) -> None:
    assert refusal(api, state, **arguments) == code
