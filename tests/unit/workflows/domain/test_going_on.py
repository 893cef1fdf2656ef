"""Folding on from what is held of a history tells what folding all of it tells, wherever it was cut."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.core.errors import InvalidInputError
from chalicelib.workflows.domain.visit import Event, LostThreadError, Visit
from chalicelib.workflows.domain.visits import Folding, fold
from chalicelib.workflows.service import places
from localcloud.stepfunctions import VirtualTimeline
from tests.unit.workflows.domain.test_visits import BOTH_SIDES, ONE, refuse, run, task

ITEMS = 60
LATELY = [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 4}]


def items(concurrency: int) -> dict[str, Any]:
    work = {"Pack": {"Type": "Pass", "Next": "Ship"}, "Ship": task(End=True)}
    each = {"StartAt": "Pack", "States": work}
    return {
        "StartAt": "Make",
        "States": {
            "Make": {"Type": "Pass", "Result": {"items": list(range(ITEMS))}, "Next": "Each"},
            "Each": {
                "Type": "Map",
                "ItemsPath": "$.items",
                "MaxConcurrency": concurrency,
                "ItemProcessor": each,
                "End": True,
            },
        },
    }


def loop() -> dict[str, Any]:
    enough = {"Variable": "$$.State.EnteredTime", "TimestampGreaterThanPath": "$.until", "Next": "Done"}
    until = {"Type": "Pass", "Result": "1970-01-01T00:10:00Z", "ResultPath": "$.until", "Next": "Rest"}
    return {
        "StartAt": "Until",
        "States": {
            "Until": until,
            "Rest": {"Type": "Wait", "Seconds": 30, "Next": "Work"},
            "Work": task(ResultPath=None, Next="Enough", Retry=LATELY),
            "Enough": {"Type": "Choice", "Choices": [enough], "Default": "Rest"},
            "Done": {"Type": "Succeed"},
        },
    }


def now_and_then() -> Callable[[object], dict[str, Any]]:
    calls: list[int] = []

    def answer(call: Any) -> dict[str, Any]:
        calls.append(1)
        if len(calls) % 3 == 1:
            refuse(call)
        return {"done": True}

    return answer


def redriven() -> list[Event]:
    stock = [0]
    execution, engine = run(BOTH_SIDES, lambda call: {"done": True} if stock[0] else refuse(call))
    stock[0] = 1
    engine.redrive_execution(execution.arn)
    assert isinstance(engine.timeline, VirtualTimeline)
    engine.timeline.run_until_idle()
    return list(execution.history)


HISTORIES: dict[str, Callable[[], list[Event]]] = {
    "one": lambda: list(run(ONE)[0].history),
    "failed": lambda: list(run(ONE, refuse)[0].history),
    "branches": lambda: list(run(BOTH_SIDES)[0].history),
    "broken branch": lambda: list(run(BOTH_SIDES, refuse)[0].history),
    "redriven": redriven,
    "items at once": lambda: list(run(items(0))[0].history),
    "items in turn": lambda: list(run(items(3))[0].history),
    "broken items": lambda: list(run(items(3), now_and_then())[0].history),
    "loop": lambda: list(run(loop(), now_and_then())[0].history),
}


def told(visits: list[Visit], since: int) -> list[Visit]:
    """Return what is told of visits; of their tries only how many there were."""
    return [replace(visit, tries=[], exited=None) for visit in visits if visit.changed > since]


@pytest.mark.parametrize("name", HISTORIES)
def test_what_has_changed_is_the_same_from_every_cut(name: str) -> None:
    events = HISTORIES[name]()
    whole = fold(events)
    step = 1 + len(events) // 60
    for cut in range(1, len(events), step):
        before = Folding()
        for event in events[:cut]:
            before.add(event)
        text = places.written(before.held())
        assert text is not None, f"what is held at {cut} of {len(events)} is too long for an address"
        held = places.read(text)
        folding = Folding(replace(held, visits=[replace(visit, changed=0) for visit in held.visits]))
        for event in events[cut:]:
            folding.add(event)
        since = events[cut - 1]["id"]
        mine = list(folding.visits.values())
        assert told(mine, since) == told(whole, since), f"cut at {cut}"
        counts = {visit.id: len(visit.tries) for visit in whole}
        assert all(len(visit.tries) == counts[visit.id] for visit in mine)


def test_an_event_that_speaks_of_what_is_not_held_is_no_guess() -> None:
    events = HISTORIES["branches"]()
    before = Folding()
    for event in events[:5]:
        before.add(event)
    folding = Folding(replace(before.held(), events=[]))
    with pytest.raises(LostThreadError):
        folding.add(events[5])


@pytest.mark.parametrize("text", ["x", "eJw", "!", "é", "A" * 5_999, "eJyrVkrLz1eyUkpKLFKqBQAhjgSc"])
def test_a_place_that_was_made_up_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        places.read(text)


def test_a_place_whose_visits_lie_inside_themselves_is_refused() -> None:
    folding = Folding()
    for event in HISTORIES["branches"]()[:6]:
        folding.add(event)
    held = folding.held()
    turned = replace(held, visits=[replace(visit, parent=visit.id) for visit in held.visits])
    text = places.written(turned)
    assert text is not None
    with pytest.raises(InvalidInputError):
        places.read(text)
