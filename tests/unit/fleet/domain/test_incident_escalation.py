"""Stages as data become the turns of one loop."""

from __future__ import annotations

import pytest

from chalicelib.core.errors import InvalidInputError
from chalicelib.fleet.domain.incidents.escalation import (
    DEFAULT_STAGES,
    MOST_STEPS,
    Stage,
    as_state,
    read_stages,
    steps,
)


def test_each_stage_and_each_repetition_is_a_turn() -> None:
    turns = steps((Stage("a", "slack", 0), Stage("b", "operations", 60, 2), Stage("c", "owner", 5)))
    assert [(turn.who, turn.wait_seconds) for turn in turns] == [("a", 60), ("b", 60), ("b", 5), ("c", 5)]


def test_a_plan_that_begins_later_begins_with_silence() -> None:
    turns = steps((Stage("a", "slack", 30),))
    assert [(turn.channel, turn.wait_seconds) for turn in turns] == [(None, 30), ("slack", 30)]


def test_no_plan_asks_nobody() -> None:
    assert as_state(())["due"] is False
    assert as_state(DEFAULT_STAGES)["waits"][-1] == 0


def test_a_wait_is_never_nothing() -> None:
    assert [turn.wait_seconds for turn in steps((Stage("a", "slack", 0, 2),))] == [1, 1]


def test_a_plan_is_read() -> None:
    assert read_stages([{"who": "a", "channel": "slack", "afterSeconds": 0}]) == (Stage("a", "slack", 0),)


@pytest.mark.parametrize(
    ("data", "paths"),
    [
        ({}, [""]),
        ([1], ["[0]"]),
        ([{"who": "", "channel": "pigeon", "afterSeconds": -1, "repeat": 0}],
         ["[0].who", "[0].channel", "[0].afterSeconds", "[0].repeat"]),
        ([{"who": "a", "channel": "slack", "afterSeconds": 1.5, "when": 1}], ["[0].when", "[0].afterSeconds"]),
        ([{"who": "a", "channel": "slack", "afterSeconds": 1, "repeat": MOST_STEPS}] * 2, [""]),
    ],
)  # fmt: skip
def test_every_problem_of_a_plan_is_named(data: object, paths: list[str]) -> None:
    with pytest.raises(InvalidInputError) as caught:
        read_stages(data)
    assert [problem.path for problem in caught.value.problems] == paths
