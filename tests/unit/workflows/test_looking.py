"""Status and history of a run are two answers: whatever happens between them is told in the end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.workflows.ports import FAILED, RUNNING, Machines, Page, Run
from chalicelib.workflows.service.looking import states

BEGAN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
RUN = "sample:one"


class MachinesThatGoOn(Machines):
    """One run, read while it ends; ``goes_on`` is called behind every answer."""

    def __init__(self, *events: tuple[str, dict[str, Any]]) -> None:
        self.events: list[dict[str, Any]] = []
        self.status = RUNNING
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
        events = self.events[::-1] if latest_first else self.events
        page = Page(events[:limit], None)
        self.goes_on()
        return page


@pytest.fixture
def machines() -> MachinesThatGoOn:
    return MachinesThatGoOn(
        ("ExecutionStarted", {}), ("FailStateEntered", {"stateEnteredEventDetails": {"name": "Check"}})
    )


def told_until_the_end(machines: Machines, since: int = 0, asked: int = 12) -> dict[str, Any]:
    """Ask as the console does, each time for what came after the last answer; the last that told of the run."""
    last: dict[str, Any] = {}
    for _ in range(asked):
        answer = states(RUN, since, machines)
        since = answer["lastEvent"]
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
    first = states(RUN, 0, machines)
    assert first["execution"]["status"] == RUNNING
    assert first["lastEvent"] < len(machines.events)
    machines.status = FAILED
    second = states(RUN, first["lastEvent"], machines)
    assert second["execution"]["status"] == FAILED
    assert states(RUN, second["lastEvent"], machines)["execution"] is None
