"""Status and history of a run are two answers: whatever happens between them is told in the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.workflows.ports import FAILED, RUNNING, Machines, Page, Run
from chalicelib.workflows.service import places
from chalicelib.workflows.service.looking import states

BEGAN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
RUN = "sample:one"


class MachinesThatGoOn(Machines):
    """One run, read while it ends; ``goes_on`` is called behind every answer."""

    def __init__(self, *events: tuple[str, dict[str, Any]]) -> None:
        self.events: list[dict[str, Any]] = []
        self.status = RUNNING
        self.asked = 0
        """How often its history was asked for."""
        self.goes_on: Callable[[], None] = lambda: None
        for kind, details in events:
            self.happens(kind, **details)

    def happens(self, kind: str, **details: Any) -> None:
        number = len(self.events) + 1
        at = BEGAN + timedelta(seconds=number)
        self.events.append({"id": number, "previousEventId": number - 1, "type": kind, "timestamp": at} | details)

    def fails(self) -> None:
        self.happens("ExecutionFailed", executionFailedEventDetails={"error": "Broken"})
        self.status = FAILED

    def run(self, workflow: str, name: str) -> Run:
        ended = self.status != RUNNING
        found = Run(workflow, name, self.status, BEGAN, stopped_at=BEGAN if ended else None)
        self.goes_on()
        return found

    def history(
        self,
        workflow: str,
        name: str,
        limit: int,
        after: str | None,
        *,
        latest_first: bool,
        with_data: bool = True,
    ) -> Page:
        self.asked += 1
        # A page goes on from an event, whatever has happened since.
        if latest_first:
            until = int(after) if after else len(self.events)
            page = Page(
                self.events[max(0, until - limit) : until][::-1], str(until - limit) if until > limit else None
            )
        else:
            since = int(after or 0)
            page = Page(
                self.events[since : since + limit],
                str(since + limit) if since + limit < len(self.events) else None,
            )
        self.goes_on()
        return page


@pytest.fixture
def machines() -> MachinesThatGoOn:
    return MachinesThatGoOn(
        ("ExecutionStarted", {}), ("FailStateEntered", {"stateEnteredEventDetails": {"name": "Check"}})
    )


def went_round(machines: MachinesThatGoOn) -> None:
    """A state is entered and left."""
    machines.happens("PassStateEntered", stateEnteredEventDetails={"name": "Round"})
    machines.happens("PassStateExited", stateExitedEventDetails={"name": "Round"})


def told_until_the_end(machines: Machines, since: int = 0, asked: int = 12) -> dict[str, Any]:
    """Ask as the console does, each time for what came after the last answer; the last that told of the run."""
    last: dict[str, Any] = {}
    place: str | None = None
    for _ in range(asked):
        answer = states(RUN, since, place, machines)
        since, place = answer["lastEvent"], answer["place"]
        last = answer["execution"] or last
    return last


@pytest.mark.parametrize("answers", range(1, 12))
def test_whoever_follows_a_run_sees_its_end_wherever_it_falls(machines: MachinesThatGoOn, answers: int) -> None:
    given = 0

    def goes_on() -> None:
        nonlocal given
        given += 1
        if given == answers:
            machines.fails()

    machines.goes_on = goes_on
    assert told_until_the_end(machines)["status"] == FAILED


def test_a_status_that_lags_behind_its_history_is_asked_for_again(machines: MachinesThatGoOn) -> None:
    machines.happens("ExecutionFailed", executionFailedEventDetails={"error": "Broken"})
    first = states(RUN, 0, None, machines)
    assert first["execution"]["status"] == RUNNING
    assert first["lastEvent"] < len(machines.events)
    machines.status = FAILED
    second = states(RUN, first["lastEvent"], None, machines)
    assert second["execution"]["status"] == FAILED
    assert states(RUN, second["lastEvent"], None, machines)["execution"] is None


def test_of_a_long_run_only_what_is_new_is_read(machines: MachinesThatGoOn) -> None:
    for _ in range(12_500):
        went_round(machines)
    first = states(RUN, 0, None, machines)
    assert machines.asked == 1 + 26
    for new, asked in ((3, 1), (20, 1), (40, 2), (1_500, 4)):
        for _ in range(new):
            went_round(machines)
        machines.asked = 0
        told = states(RUN, first["lastEvent"], first["place"], machines)
        assert machines.asked == asked
        whole = states(RUN, first["lastEvent"], None, machines)
        assert told["visits"] == whole["visits"]
        assert (told["lastEvent"], told["execution"]) == (whole["lastEvent"], whole["execution"])
        first = told


def test_a_place_that_does_not_help_costs_one_question(machines: MachinesThatGoOn) -> None:
    first = states(RUN, 0, None, machines)
    went_round(machines)
    went_round(machines)
    machines.events[-1]["previousEventId"] = 1
    held = replace(places.read(first["place"]), events=[])
    told = states(RUN, first["lastEvent"], places.written(held), machines)
    assert told == states(RUN, first["lastEvent"], None, machines)


def test_a_redrive_is_told_though_the_status_lags_behind(machines: MachinesThatGoOn) -> None:
    machines.fails()
    first = states(RUN, 0, None, machines)
    machines.happens("ExecutionRedriven")
    assert states(RUN, first["lastEvent"], first["place"], machines)["execution"]["status"] == FAILED
    machines.status = RUNNING
    assert told_until_the_end(machines, first["lastEvent"])["status"] == RUNNING
