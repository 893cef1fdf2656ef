from __future__ import annotations

from typing import Any

import pytest

from localcloud.stepfunctions.choice import OPERATORS, compile_rule
from localcloud.stepfunctions.failures import StateFailure
from localcloud.stepfunctions.scope import Scope

NOON, LATER = "2026-03-01T12:00:00Z", "2026-03-01T14:30:00+02:00"


def holds(rule: dict[str, Any], value: Any) -> bool:
    return compile_rule(rule)(Scope(value, {"v": 1}, dict))


@pytest.mark.parametrize(
    ("operator", "operand", "value", "result"),
    [
        ("StringEquals", "a", "a", True),
        ("StringEquals", "1", 1, False),
        ("StringLessThan", "b", "a", True),
        ("StringGreaterThanEquals", "b", "b", True),
        ("StringMatches", "log-*.txt", "log-7.txt", True),
        ("StringMatches", "log-*.txt", "log-7.csv", False),
        ("StringMatches", r"a\*b", "a*b", True),
        ("StringMatches", r"a\*b", "axb", False),
        ("StringMatches", r"a\\*", "a\\x", True),
        ("NumericEquals", 1, 1.0, True),
        ("NumericEquals", 1, True, False),
        ("NumericGreaterThan", 1, "2", False),
        ("NumericLessThanEquals", 2, 2, True),
        ("BooleanEquals", True, True, True),
        ("BooleanEquals", True, 1, False),
        ("TimestampEquals", NOON, "2026-03-01T12:00:00.000Z", True),
        ("TimestampLessThan", LATER, NOON, True),
        ("TimestampGreaterThan", NOON, "tomorrow", False),
        ("IsNull", True, None, True),
        ("IsNull", False, 0, True),
        ("IsString", True, "", True),
        ("IsNumeric", True, False, False),
        ("IsBoolean", True, False, True),
        ("IsTimestamp", True, NOON, True),
        ("IsTimestamp", True, "2026-03-01", False),
        ("IsPresent", True, None, True),
    ],
)
def test_comparisons(operator: str, operand: Any, value: Any, result: bool) -> None:
    assert holds({"Variable": "$.x", operator: operand}, {"x": value}) is result


def test_the_other_side_may_be_a_path() -> None:
    rule = {"Variable": "$.a", "NumericLessThanPath": "$.b"}
    assert holds(rule, {"a": 1, "b": 2})
    assert not holds(rule, {"a": 1, "b": "2"})


def test_and_or_not() -> None:
    small, large = ({"Variable": "$.n", "NumericLessThan": 3}, {"Variable": "$.n", "NumericGreaterThan": 7})
    assert [n for n in range(10) if holds({"Or": [small, large]}, {"n": n})] == [0, 1, 2, 8, 9]
    assert [n for n in range(10) if holds({"Not": {"Or": [small, large]}}, {"n": n})] == [3, 4, 5, 6, 7]
    assert not any(holds({"And": [small, large]}, {"n": n}) for n in range(10))


def test_presence_of_what_is_missing() -> None:
    assert holds({"Variable": "$.none", "IsPresent": False}, {})
    assert not holds({"Variable": "$none", "IsPresent": True}, {})
    assert holds({"Variable": "$v", "IsPresent": True}, {})


@pytest.mark.parametrize(
    "rule", [{"Variable": "$.none", "IsNull": True}, {"Variable": "$.a", "StringEqualsPath": "$.none"}]
)
def test_a_path_that_leads_nowhere_breaks_the_machine(rule: dict[str, Any]) -> None:
    with pytest.raises(StateFailure) as caught:
        holds(rule, {"a": "x"})
    assert caught.value.error == "States.Runtime"
    assert (
        caught.value.cause
        == "Invalid path '$.none': The choice state's condition path references an invalid value."
    )


def test_every_comparison_of_the_language_is_known() -> None:
    kinds = ("Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals")
    ordered = {f"{name}{kind}" for name in ("String", "Numeric", "Timestamp") for kind in kinds} | {
        "BooleanEquals"
    }
    paths = {f"{name}Path" for name in ordered}
    checks = {"IsNull", "IsPresent", "IsNumeric", "IsString", "IsBoolean", "IsTimestamp"}
    assert ordered | paths | checks | {"StringMatches"} == OPERATORS
