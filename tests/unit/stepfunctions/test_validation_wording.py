"""Problems in AWS's own codes and words, as far as they are known."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.stepfunctions.validation import Problem, validate
from tests.unit.stepfunctions.machines import one, task

PASS = {"Type": "Pass"}
MAP = {"Type": "Map", "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Succeed"}}}}
UNSUPPORTED = "UNSUPPORTED_JSONATA_EXPRESSION"


def test_problems_are_worded_as_aws_words_them() -> None:
    definition = {
        "StartAt": "pass1",
        "States": {"pass1": {"Type": "Pass", "Next": "pass3"}, "pass2": {"Type": "Pass", "End": True}},
    }
    assert [str(problem) for problem in validate(definition)] == [
        "MISSING_TRANSITION_TARGET: Missing 'Next' target: pass3 at /States/pass1/Next",
        'MISSING_TRANSITION_TARGET: State "pass2" is not reachable. at /States/pass2',
    ]


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ({**PASS, "Catch": []}, "Field 'Catch' is not supported at /States/Only"),
        ({"Type": "Task"}, "These fields are required: [Resource] at /States/Only"),
        (task(Retry=[{}]), "These fields are required: [ErrorEquals] at /States/Only/Retry[0]"),
        (
            {**PASS, "Output": 1},
            "The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' "
            "QueryLanguage at /States/Only",
        ),
        (
            {"Type": "Wait", "Seconds": 1, "SecondsPath": "$.a"},
            "There should only be one of the following fields: [Seconds, SecondsPath, Timestamp, TimestampPath] "
            "at /States/Only",
        ),
        ({"Type": "Wait", "Seconds": -1}, "Minimum value is 0 at /States/Only/Seconds"),
        (
            {**MAP, "ToleratedFailurePercentage": 101},
            "Maximum value is 100.0 at /States/Only/ToleratedFailurePercentage",
        ),
    ],
)
def test_wrong_fields_are_worded_as_aws_words_them(state: dict[str, Any], told: str) -> None:
    assert f"SCHEMA_VALIDATION_FAILED: {told}" in [str(problem) for problem in validate(one(state))]


@pytest.mark.parametrize(
    ("expression", "code", "message"),
    [
        ("1 +", "INVALID_JSONATA_EXPRESSION", "Unexpected end of expression"),
        ("a[1,2)", "INVALID_JSONATA_EXPRESSION", 'Expected "]", got ","'),
        ("$x ?? 1", "INVALID_JSONATA_EXPRESSION", 'Unknown operator: "??"'),
        ("{'v': phone.home}", UNSUPPORTED, "Reference to 'phone' at the top level is not supported."),
        (
            "$map($l, function($v) { name })",
            UNSUPPORTED,
            "Reference to 'name' at the top level is not supported.",
        ),
        ("$count($$.a)", UNSUPPORTED, "Reference to '$$' is not supported."),
        (
            "$states.errorOutput.Error",
            UNSUPPORTED,
            "Reference to '$states.errorOutput' is not supported outside of Catch.",
        ),
    ],
)
def test_expressions_aws_refuses(expression: str, code: str, message: str) -> None:
    state = {**PASS, "Output": {"v": "{% " + expression + " %}"}}
    assert validate(one(state, QueryLanguage="JSONata")) == [
        Problem("ERROR", code, message, "/States/Only/Output/v")
    ]


@pytest.mark.parametrize(
    "expression",
    [
        "$states.input.l[price > 1].{'n': name}",
        "$states.input ~> |$|{'a': b}|",
        "($x := $states.input; $x.a)",
        "$states.input.l^(rank){kind: $count($)}",
        "$x[a.b = 1] ? 'yes' : 'no'",
    ],
)
def test_names_below_a_variable_are_none_of_these(expression: str) -> None:
    state = {**PASS, "Output": "{% " + expression + " %}"}
    assert validate(one(state, QueryLanguage="JSONata")) == []


def test_a_catcher_may_read_the_error() -> None:
    catcher = {"ErrorEquals": ["States.ALL"], "Next": "Only", "Output": "{% $states.errorOutput %}"}
    state = task(Catch=[{**catcher, "Assign": {"e": "{% $states.errorOutput.Error %}"}}])
    assert validate(one(state, QueryLanguage="JSONata")) == []
