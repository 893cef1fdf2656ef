from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.stepfunctions.failures import StateFailure
from localcloud.stepfunctions.intrinsics import parse_expression
from localcloud.stepfunctions.paths import InvalidPathError
from localcloud.stepfunctions.scope import Scope

CONTEXT = {"Execution": {"Name": "run-7"}}


def evaluate(expression: str, value: Any = None) -> Any:
    scope = Scope(value, {"rate": 2}, lambda: CONTEXT)
    return parse_expression(expression).evaluate(scope)


@pytest.mark.parametrize(
    ("expression", "value", "result"),
    [
        ("States.Format('{} of {}', $.n, 3)", {"n": 1}, "1 of 3"),
        ("States.Format('Hi {}', $.name)", {"name": "Ada"}, "Hi Ada"),
        ("States.Format('{}', $.o)", {"o": {"a": [1, None]}}, '{"a":[1,null]}'),
        (r"States.Format('\{{}\} it\'s', 1)", {}, "{1} it's"),
        ("States.Format($.template, 1)", {"template": "n={}"}, "n=1"),
        ("States.Format('no place')", {}, "no place"),
        ("States.StringToJson($.t)", {"t": '{"a":1}'}, {"a": 1}),
        ("States.StringToJson('')", {}, None),
        ("States.JsonToString($)", {"a": [1]}, '{"a":[1]}'),
        ("States.Array(1, 'x', null, true, $.a)", {"a": 2.5}, [1, "x", None, True, 2.5]),
        ("States.Array()", {}, []),
        ("States.ArrayPartition($.l, 2)", {"l": [1, 2, 3]}, [[1, 2], [3]]),
        ("States.ArrayContains($.l, 1)", {"l": [True]}, False),
        ("States.ArrayContains($.l, $.x)", {"l": [{"a": 1}], "x": {"a": 1}}, True),
        ("States.ArrayRange(1, 9, 2)", {}, [1, 3, 5, 7, 9]),
        ("States.ArrayRange(3, 1, -1)", {}, [3, 2, 1]),
        ("States.ArrayGetItem($.l, 1)", {"l": ["a", "b"]}, "b"),
        ("States.ArrayLength($.l[*].nope)", {"l": [1, 2]}, 0),
        ("States.ArrayUnique($.l)", {"l": [1, "1", 1, {"a": 1}, {"a": 1}]}, [1, "1", {"a": 1}]),
        ("States.Base64Encode('Zoë')", {}, "Wm/Dqw=="),
        ("States.Base64Decode('Wm/Dqw==')", {}, "Zoë"),
        ("States.Hash('input data', 'SHA-1')", {}, "aaff4a450a104cd177d28d18d74485e8cae074b7"),
        ("States.JsonMerge($.a, $.b, false)", {"a": {"x": 1, "y": 1}, "b": {"y": 2}}, {"x": 1, "y": 2}),
        ("States.MathAdd(1.5, 1.51)", {}, 4),
        ("States.MathAdd(-1.5, 0)", {}, -1),
        ("States.StringSplit('a,b;;c', ',;')", {}, ["a", "b", "c"]),
        ("States.MathAdd($rate, 1)", {}, 3),
        ("States.Format('{}', $$.Execution.Name)", {}, "run-7"),
        ("States.ArrayLength(States.Array(1, States.Array(2, 3)))", {}, 2),
        ("States.ArrayLength($.[?(@.t[0] == ')' && @.n <= 2)])", [{"t": ")", "n": 1}, {"t": [")"], "n": 2}], 1),
        ("States.Format('{}', $.a['b c'][0])", {"a": {"b c": ["deep"]}}, "deep"),
    ],
)
def test_results(expression: str, value: Any, result: Any) -> None:
    found = evaluate(expression, value)
    assert found == result
    assert type(found) is type(result)


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("States.Format('{}')", "more {} than values"),
        ("States.Format('', 1)", "more values than {}"),
        ("States.StringToJson('{')", "not valid JSON"),
        ("States.ArrayRange(1, 2, 0)", "must not be 0"),
        ("States.ArrayRange(0, 5000, 1)", "more than 1000 items"),
        ("States.ArrayGetItem(States.Array(1), 3)", "out of the array's bounds"),
        ("States.ArrayPartition(States.Array(1), 0)", "positive integer"),
        ("States.ArrayLength('x')", "must be an array"),
        ("States.Base64Decode('!')", "not valid Base64"),
        ("States.Base64Decode('Zoë')", "not valid Base64"),
        ("States.Hash('x', 'CRC')", "must be one of"),
        ("States.JsonMerge($, $, true)", "deep merging is not supported"),
        ("States.MathAdd('1', 2)", "must be numbers"),
        ("States.MathRandom(2, 1)", "below the end"),
        ("States.UUID(1)", "Invalid number of arguments"),
        ("States.MathAdd(1)", "Invalid number of arguments for States.MathAdd"),
        ("States.Format()", "Invalid number of arguments for States.Format"),
        ("States.ArrayPartition(States.Array(1), 0.4)", "positive integer"),
        ("States.ArrayRange(0, 1e30, 1)", "more than 1000 items"),
        ("States.Hash('x', States.Array())", "must be one of"),
        ("States.MathRandom(1, 9, 'x')", "seed must be a number"),
        ("States.StringToJson('NaN')", "NaN is no JSON"),
        ("States.StringToJson('[1e999]')", "1e999 is out of range"),
    ],
)
def test_refused_arguments(expression: str, reason: str) -> None:
    with pytest.raises(StateFailure) as caught:
        evaluate(expression, {})
    assert caught.value.error == "States.IntrinsicFailure"
    assert reason in str(caught.value.cause)


def test_a_text_nested_beyond_reason_is_no_json() -> None:
    with pytest.raises(StateFailure) as caught:
        evaluate("States.StringToJson($)", "[" * 120_000)
    assert "nested too deeply" in str(caught.value.cause)


def test_a_missing_argument_names_the_whole_expression() -> None:
    expression = "States.Format('{}', States.Format('{}', $.nope))"
    with pytest.raises(StateFailure) as caught:
        evaluate(expression, {"other": 1})
    assert caught.value.error == "States.Runtime"
    assert caught.value.cause == (
        f"The function '{expression}' had the following error: The JsonPath argument for the field '$.nope' "
        "could not be found in the input '{\"other\":1}'"
    )


@pytest.mark.parametrize(
    "expression",
    [
        "States.Nope()",
        "States.Format('a'",
        "States.Format('a' 1)",
        "States.Format('a)",
        "States.UUID() x",
        "States.Array(x)",
    ],
)
def test_what_is_no_call(expression: str) -> None:
    with pytest.raises(InvalidPathError):
        parse_expression(expression)


def test_random_numbers_repeat_with_a_seed_and_stay_in_bounds() -> None:
    assert evaluate("States.MathRandom(1, 999, 7)") == evaluate("States.MathRandom(1, 999, 7)")
    assert {evaluate("States.MathRandom(3, 5)") for _ in range(60)} == {3, 4}
    assert evaluate("States.UUID()") != evaluate("States.UUID()")


@given(st.lists(st.integers(), max_size=20), st.integers(min_value=1, max_value=7))
def test_partitions_put_together_are_the_array(items: list[int], chunk: int) -> None:
    parts = evaluate("States.ArrayPartition($.l, $.n)", {"l": items, "n": chunk})
    assert [item for part in parts for item in part] == items
    assert all(len(part) == chunk for part in parts[:-1])


@given(st.text(max_size=200))
def test_base64_there_and_back(text: str) -> None:
    assert evaluate("States.Base64Decode(States.Base64Encode($.t))", {"t": text}) == text
