"""A text may say only what was computed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.ai.figures import strangers

FACTS: dict[str, Any] = {
    "store": "store-7",
    "date": "2025-01-15",
    "sales_cents": 1_234_567,
    "change": -0.1234,
    "units": 48_200,
    "baskets": [3, 17],
    "note": "open 24/7 since 1998",
    "is_closed": True,
}


@pytest.mark.parametrize(
    "text",
    [
        "no figure at all",
        "Sales fell 12 %.",
        "Sales fell 12.3% to 12,345.67.",
        "Sales fell by 12.34 % (about $12,346).",
        "Units: 48,200 or 48.2k; baskets 3 and 17.",
        "store-7 was fine on 2025-01-15.",
        "It is open 24/7 since 1998.",
        "A change of -0.12",
    ],
)
def test_what_the_facts_have_may_be_said(text: str) -> None:
    assert strangers(text, FACTS) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Sales fell 13 %.", ["13 %"]),
        ("Sales fell 12.4%, units 48,300", ["12.4%", "48,300"]),
        ("store-8 was fine on 2025-01-16", ["store-8", "2025-01-16"]),
        ("1 of 2 stores", ["1", "2"]),
        ("up to 50k", ["50k"]),
    ],
)
def test_what_they_do_not_have_is_found(text: str, found: list[str]) -> None:
    assert strangers(text, FACTS) == found


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_whole_number_is_a_stranger_unless_it_is_a_fact(fact: int, said: int) -> None:
    known = {fact, round(fact * 100), round(fact / 100)}
    assert (strangers(f"It was {said:,} in all", {"n": fact}) == []) == (said in known or _rounds_to(fact, said))


def _rounds_to(fact: int, said: int) -> bool:
    return abs(fact / 100 - said) <= 0.5
