"""Untyped JSON in, typed objects out, every problem at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import payload
from chalicelib.core.errors import InvalidInputError, Problem
from chalicelib.core.payload import parse, parse_json


@dataclass
class Window:
    """An inner type."""

    days: list[str]
    start: str


@dataclass
class Order:
    """An outer type with each kind of field the rooms use."""

    name: str
    windows: list[Window] = field(default_factory=list)
    count: int = 3
    day: date | None = None
    spare: Window | None = None
    limits: dict[str, int] = field(default_factory=dict)


class Renamed(msgspec.Struct, rename="camel"):
    """A struct whose names in JSON are not its names in Python."""

    campaign_id: str


def problems_of(kind: type[Any], data: Any) -> set[tuple[str, str]]:
    with pytest.raises(InvalidInputError) as caught:
        parse(kind, data)
    return {(p.path, p.code) for p in caught.value.problems}


def test_good_input_becomes_the_type() -> None:
    assert parse(Order, {"name": "a", "day": "2026-03-08", "limits": {"x": 1}}) == Order(
        "a", day=date(2026, 3, 8), limits={"x": 1}
    )


def test_all_problems_are_named_with_their_places() -> None:
    data = {"windows": [{"days": ["mon", 3]}, {"days": 1, "start": 2}], "count": "x", "day": "2026-13-01"}
    assert problems_of(Order, data) == {
        ("name", "required"),
        ("windows[0].days[1]", "invalid"),
        ("windows[0].start", "required"),
        ("windows[1].days", "invalid"),
        ("windows[1].start", "invalid"),
        ("count", "invalid"),
        ("day", "invalid"),
    }


def test_problems_inside_optional_fields_and_maps_are_found() -> None:
    data = {"name": "a", "spare": {"days": [1]}, "limits": {"low": "x", "high": None}}
    assert problems_of(Order, data) == {
        ("spare.days[0]", "invalid"),
        ("spare.start", "required"),
        ("limits.low", "invalid"),
        ("limits.high", "invalid"),
    }


def test_names_are_those_of_the_json() -> None:
    assert problems_of(Renamed, {"campaign_id": "x"}) == {("campaignId", "required")}


@pytest.mark.parametrize("data", [None, 3, "x", [], [1]])
def test_an_input_of_another_kind_is_one_problem_at_the_root(data: Any) -> None:
    assert problems_of(Order, data) == {("", "invalid")}


class Colour(StrEnum):
    """A closed list."""

    RED = "red"
    BLUE = "blue"


def test_a_word_outside_a_closed_list_is_told_the_list() -> None:
    with pytest.raises(InvalidInputError, match=r"\[1\]: 'green' is none of red, blue"):
        parse(list[Colour], ["red", "green"])


@pytest.mark.parametrize("text", ["{nope", b"\xff", "[" * 100_000], ids=["no JSON", "no UTF-8", "too deep"])
def test_text_that_is_no_json_is_one_problem(text: str | bytes) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_json(Order, text)
    assert [p.code for p in caught.value.problems] == ["unreadable_json"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "windows", "count", "day", "days", "start", "spare", "limits"]), inner
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_json_is_either_parsed_or_explained(data: Any) -> None:
    problems: tuple[Problem, ...] = ()
    order = None
    try:
        order = parse(Order, data)
    except InvalidInputError as error:
        problems = error.problems
    assert (order is None) == bool(problems)
    assert all(p.message for p in problems)


class Strict(msgspec.Struct, forbid_unknown_fields=True):
    """A struct that takes its own fields only."""

    name: str
    inner: Strict | None = None


def test_unknown_fields_are_named_beside_the_other_problems() -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse(Strict, {"name": 5, "colour": "red", "inner": {"name": "x", "size": 3}})
    assert {p.path for p in caught.value.problems} == {"name", "colour", "inner.size"}


class Inner(msgspec.Struct):
    text: str


class Outer(msgspec.Struct):
    inner: Inner
    others: list[Inner] = []


def test_a_schema_in_one_piece_has_no_references() -> None:
    schema = payload.json_schema(Outer)
    assert schema["properties"]["inner"]["properties"]["text"] == {"type": "string"}
    assert schema["properties"]["others"]["items"]["required"] == ["text"]
    assert "$" not in str(schema)
