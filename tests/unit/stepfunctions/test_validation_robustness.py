"""Whatever a definition holds, validation answers with problems and never with a traceback."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from localcloud.stepfunctions import Engine, Integrations, VirtualTimeline
from localcloud.stepfunctions.validation import lint, validate

PASS = {"Type": "Pass", "Parameters": {"a.$": "$.b", "c": [1]}, "ResultPath": "$.d", "Next": "Choose"}
RETRY = [{"ErrorEquals": ["E"], "IntervalSeconds": 1, "MaxDelaySeconds": 9}, {"ErrorEquals": ["States.ALL"]}]
DEFINITION: dict[str, Any] = {
    "Comment": "All of the language.",
    "StartAt": "First",
    "TimeoutSeconds": 60,
    "States": {
        "First": PASS,
        "Choose": {
            "Type": "Choice",
            "Choices": [
                {"And": [{"Variable": "$.a", "IsNull": False}], "Next": "Work", "Assign": {"x.$": "$.a"}},
                {"Not": {"Variable": "$.a", "StringEqualsPath": "$.b"}, "Next": "Hold"},
            ],
            "Default": "Each",
        },
        "Hold": {"Type": "Wait", "Timestamp": "2026-11-20T09:00:00Z", "Next": "Each"},
        "Work": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "TimeoutSeconds": 9,
            "HeartbeatSeconds": 3,
            "Retry": RETRY,
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Bad", "ResultPath": "$.e"}],
            "Next": "Each",
        },
        "Each": {
            "Type": "Map",
            "Label": "each",
            "MaxConcurrency": 3,
            "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "CSV"}},
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "Inner",
                "States": {"Inner": {"Type": "Succeed"}},
            },
            "Next": "Both",
        },
        "Both": {
            "Type": "Parallel",
            "QueryLanguage": "JSONata",
            "Arguments": {"a": "{% $states.input %}"},
            "Branches": [{"StartAt": "One", "States": {"One": {"Type": "Succeed"}}}],
            "Output": "{% 1 %}",
            "End": True,
        },
        "Bad": {"Type": "Fail", "Error": "E", "CausePath": "$.cause"},
    },
}
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 2)
    | st.floats(-2, 2)
    | st.sampled_from(["", "$", "$.a[", "{% (", "A"]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["Type", "Next", "x"]), inner, max_size=2)
    ),
    max_leaves=4,
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Each (owner, key) below a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, item in items for place in [(value, key), *places(item)]]


def test_the_whole_definition_is_sound() -> None:
    assert validate(DEFINITION) == []


@given(st.data())
@settings(max_examples=150)
def test_any_value_may_stand_anywhere(data: st.DataObject) -> None:
    definition = copy.deepcopy(DEFINITION)
    owner, key = data.draw(st.sampled_from(places(definition)))
    owner[key] = data.draw(JSON)
    errors = [problem for problem in validate(definition) if problem.severity == "ERROR"]
    assert [problem for problem in lint(json.dumps(definition)) if problem.severity == "ERROR"] == errors
    if not errors:
        Engine(VirtualTimeline(), Integrations()).create_state_machine("m", definition, role_arn="")


@given(st.data())
@settings(max_examples=100)
def test_any_field_may_be_missing(data: st.DataObject) -> None:
    definition = copy.deepcopy(DEFINITION)
    owner, key = data.draw(st.sampled_from(places(definition)))
    del owner[key]
    validate(definition)


@given(st.integers(0, 400), st.text(max_size=3))
@settings(max_examples=100)
def test_any_text_is_answered(at: int, text: str) -> None:
    written = json.dumps(DEFINITION)
    broken = written[:at] + text + written[at + 1 :]
    validate(broken)
    lint(broken)


def test_a_definition_nested_beyond_reason_is_refused() -> None:
    deep = '{"StartAt": "A", "States": ' + '{"a": ' * 50_000 + "1" + "}" * 50_000 + "}"
    assert [problem.code for problem in validate(deep)] == ["TOO_DEEPLY_NESTED"]
    assert [problem.code for problem in lint(deep)] == ["TOO_DEEPLY_NESTED"]
