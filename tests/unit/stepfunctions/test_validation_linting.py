"""Definitions as they lie in the repository: placeholders, the production rules, and lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from localcloud.stepfunctions.validation import lint, lint_file

RETRIER = {
    "ErrorEquals": [
        "Lambda.ClientExecutionTimeoutException",
        "Lambda.ServiceException",
        "Lambda.AWSLambdaException",
        "Lambda.SdkClientException",
        "Lambda.TooManyRequestsException",
    ],
    "IntervalSeconds": 2,
    "MaxAttempts": 6,
    "BackoffRate": 2,
    "JitterStrategy": "FULL",
    "MaxDelaySeconds": 60,
}
TASK = {
    "Type": "Task",
    "Comment": "Works.",
    "Resource": "${WorkArn}",
    "TimeoutSeconds": 30,
    "Retry": [RETRIER],
    "End": True,
}


def codes(task: dict[str, Any]) -> list[tuple[str, str]]:
    definition = {"Comment": "Runs.", "StartAt": "Work", "States": {"Work": task}}
    problems = lint(json.dumps(definition))
    assert all(problem.severity == "WARNING" for problem in problems)
    return [(problem.code, problem.location) for problem in problems]


def without(task: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in task.items() if name not in names}


def test_a_definition_that_keeps_the_rules_is_silent() -> None:
    assert codes(TASK) == []


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        (without(TASK, "Comment"), [("COMMENT_MISSING", "/States/Work")]),
        (without(TASK, "TimeoutSeconds"), [("TIMEOUT_MISSING", "/States/Work")]),
        (without(TASK, "Retry"), [("SERVICE_RETRIER_MISSING", "/States/Work")]),
        (
            {**TASK, "Retry": [{"ErrorEquals": ["E"]}, RETRIER]},
            [("SERVICE_RETRIER_NOT_FIRST", "/States/Work/Retry[1]")],
        ),
        (
            {**TASK, "Retry": [{**RETRIER, "ErrorEquals": RETRIER["ErrorEquals"][:4]}]},  # type: ignore[index]
            [("SERVICE_RETRIER_MISSING", "/States/Work")],
        ),
        (
            {**TASK, "Retry": [{**RETRIER, "MaxAttempts": 3}]},
            [("SERVICE_RETRIER_DIFFERS", "/States/Work/Retry[0]/MaxAttempts")],
        ),
        (
            {**TASK, "Retry": [without(RETRIER, "MaxDelaySeconds", "JitterStrategy")]},
            [
                ("SERVICE_RETRIER_DIFFERS", "/States/Work/Retry[0]/JitterStrategy"),
                ("SERVICE_RETRIER_DIFFERS", "/States/Work/Retry[0]"),
            ],
        ),
        (without({**TASK, "Resource": "arn:aws:states:::sns:publish"}, "Retry"), []),
        (without({**TASK, "Resource": "arn:${Partition}:states:::sns:publish"}, "Retry"), []),
        (
            without({**TASK, "Resource": "arn:aws:states:::lambda:invoke"}, "Retry"),
            [("SERVICE_RETRIER_MISSING", "/States/Work")],
        ),
        (
            without({**TASK, "Resource": "${WorkArn}:${Alias}"}, "Retry"),
            [("SERVICE_RETRIER_MISSING", "/States/Work")],
        ),
    ],
)
def test_each_broken_rule_is_a_warning(task: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert codes(task) == expected


def test_states_inside_maps_and_branches_keep_the_rules_too() -> None:
    inner = {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": True}}}
    state = {"Type": "Map", "Comment": "All.", "ItemProcessor": inner, "End": True}
    assert codes(state) == [("COMMENT_MISSING", "/States/Work/ItemProcessor/States/I")]


def test_placeholders_stand_for_any_value() -> None:
    text = """
    {
      "Comment": "For ${Stage}.", "StartAt": "Hold", "TimeoutSeconds": ${Limit},
      "States": {
        "Hold": {"Type": "Wait", "Comment": "Waits.", "Seconds": ${Pause}, "Next": "Tell"},
        "Tell": {
          "Type": "Task", "Comment": "Tells.", "Resource": "arn:${AWS::Partition}:states:::sns:publish",
          "TimeoutSeconds": "${Seconds}", "End": true,
          "Parameters": {"TopicArn": "${TopicArn}", "Message.$": "States.Format('${Greeting} {}', $.name)"}
        }
      }
    }
    """
    assert lint(text) == []


@pytest.mark.parametrize("field", ["Retry", "Catch", "Parameters", "ResultSelector", "Assign", "Credentials"])
def test_a_placeholder_may_stand_for_a_whole_field(field: str) -> None:
    assert codes({**TASK, field: "${Value}"}) == []


@pytest.mark.parametrize(
    "state",
    [
        {"Type": "Parallel", "Comment": "Both.", "Branches": "${Branches}", "End": True},
        {"Type": "Map", "Comment": "All.", "ItemProcessor": "${Processor}", "End": True},
        {"Type": "Wait", "Comment": "Waits.", "Timestamp": "${Start}", "End": True},
    ],
)
def test_a_placeholder_may_stand_for_branches_and_times(state: dict[str, Any]) -> None:
    assert codes(state) == []


def test_lint_file_names_file_line_and_place(tmp_path: Path) -> None:
    path = tmp_path / "a.asl.json"
    path.write_text(
        '{\n  "Comment": "Runs.",\n  "StartAt": "A",\n  "States": {\n'
        '    "A": {\n      "Type": "Pass",\n      "Next": "B"\n    },\n'
        '    "C": {"Type": "Succeed", "Comment": "Ends."}\n  }\n}\n'
    )
    assert lint_file(path) == [
        f"{path}:5: WARNING COMMENT_MISSING /States/A: The state should say in a Comment what it is for",
        f"{path}:7: ERROR MISSING_TRANSITION_TARGET /States/A/Next: Missing 'Next' target: B",
        f'{path}:9: ERROR MISSING_TRANSITION_TARGET /States/C: State "C" is not reachable.',
    ]


def test_lint_file_tells_broken_json_by_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "a.asl.json"
    path.write_text('{\n  "StartAt": oops\n}')
    assert lint_file(path) == [f"{path}: ERROR INVALID_JSON_DESCRIPTION: Expecting value: line 2, column 14"]
