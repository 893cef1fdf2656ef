"""A history folded into visits: which states a run went through, inside which, when, and how each ended.

An event names the one before it (``previousEventId``), and that chain, not the order, says to which visit it
belongs: branches and items are interleaved in a history. A visit is known by the id of its StateEntered event.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from chalicelib.workflows.domain.visit import (
    CAUGHT,
    ENDS,
    FAILED,
    RUNNING,
    STOPPED,
    SUCCEEDED,
    Event,
    Held,
    HeldEvent,
    LostThreadError,
    Try,
    Visit,
    details,
)

_SCHEDULED = ("TaskScheduled", "LambdaFunctionScheduled", "ActivityScheduled")
_STARTED = ("TaskStarted", "LambdaFunctionStarted", "ActivityStarted")
_DONE = ("TaskSucceeded", "LambdaFunctionSucceeded", "ActivitySucceeded")
_BROKEN = ("Failed", "TimedOut")
_COMPOUND = ("Parallel", "Map")
_RECENT_EVENTS, _FIRST_EVENTS = 64, 2
"""How many are `Held`: the last of all, as an inline Map has at most 40 items under way; the first of a visit."""


def fold(events: Iterable[Event]) -> list[Visit]:
    """Return the visits of a run, in the order of their entering; ``events`` is its history from the beginning."""
    folding = Folding()
    for event in events:
        folding.add(event)
    return list(folding.visits.values())


class Folding:
    """Visits so far, and to which one each event belongs."""

    def __init__(self, held: Held | None = None) -> None:
        """Begin at the beginning, or go on from where an earlier folding got to."""
        self.visits: dict[int, Visit] = {}
        self._open: dict[int, Visit] = {}
        self._owner: dict[int, int | None] = {}
        self._kind: dict[int, str] = {}
        self._iteration: dict[int, int] = {}
        self._followed: set[int] = set()
        self.last = 0
        """Id of the last event that was folded; 0 before the first."""
        self._goes_on = held is not None
        if held is not None:
            self._take_up(held)

    @property
    def has_ended(self) -> bool:
        """Whether that event ended the run."""
        return self._kind.get(self.last, "") in ENDS

    def held(self) -> Held:
        """Return where this folding got to."""
        live = [visit for visit in self.visits.values() if visit.exited is None]
        begun = self._iteration.keys() - self._followed
        ids = sorted({*islice(reversed(self._owner), _RECENT_EVENTS), *begun, *self._named_again(live)})
        owners = {owner for number in ids if (owner := self._owner[number]) is not None}
        visits = [self.visits[number] for number in sorted(owners | {visit.id for visit in live})]
        events = [
            HeldEvent(
                number,
                self._owner[number],
                self._kind[number].endswith("StateExited"),
                self._iteration.get(number),
            )
            for number in ids
        ]
        return Held(self.last, visits, events)

    def _named_again(self, live: Iterable[Visit]) -> Iterator[int]:
        """Return the events that later ones go on from: branches and items from the first, tries from the last."""
        events: dict[int, list[int]] = {visit.id: [] for visit in live}
        for number, owner in self._owner.items():
            if owner in events:
                events[owner].append(number)
        for numbers in events.values():
            yield from (*numbers[:_FIRST_EVENTS], *numbers[-1:])

    def _take_up(self, held: Held) -> None:
        self.last = held.event
        self.visits = {visit.id: visit for visit in held.visits}
        self._open = {visit.id: visit for visit in held.visits if visit.status == RUNNING}
        for event in held.events:
            self._owner[event.id] = event.owner
            self._kind[event.id] = "StateExited" if event.is_exit else ""
            if event.iteration is not None:
                self._iteration[event.id] = event.iteration

    def add(self, event: Event) -> None:
        """Take the next event; one that speaks of what is not held raises `LostThreadError`."""
        number, kind, previous = event["id"], event["type"], event.get("previousEventId", 0)
        if self._goes_on and previous and previous not in self._owner:
            raise LostThreadError(previous)
        self._kind[number] = kind
        self._followed.add(previous)
        self.last = number
        if kind.endswith("StateEntered"):
            self._owner[number] = self._enter(event, previous)
            return
        if kind == "MapIterationStarted":
            self._iteration[number] = details(event).get("index", 0)
        visit = self._about(event, previous)
        self._owner[number] = visit.id if visit else None
        if kind in ENDS:
            self._end(event, visit)
        elif visit is not None and not kind.endswith("Aborted"):  # those name whoever broke, not whom they are of
            visit.changed = number
            self._happen(visit, event)

    def _enter(self, event: Event, previous: int) -> int:
        before = self.visits.get(self._owner.get(previous) or 0)
        kind = self._kind.get(previous, "")
        parent, iteration, came_from = None, None, None
        if kind.endswith("StateExited") and before is not None:
            parent, iteration, came_from = before.parent, before.iteration, before.id
        elif before is not None:
            parent, iteration = before.id, self._iteration.get(previous)
        number: int = event["id"]
        visit = Visit(
            id=number,
            state=details(event)["name"],
            type=event["type"].removesuffix("StateEntered"),
            parent=parent,
            iteration=iteration,
            came_from=came_from,
            entered_at=event["timestamp"],
            changed=number,
        )
        self.visits[number] = self._open[number] = visit
        return number

    def _about(self, event: Event, previous: int) -> Visit | None:
        """Return the visit an event is about: that of the event before it, or one it lies inside."""
        visit = self.visits.get(self._owner.get(previous) or 0)
        kind = event["type"]
        if kind.endswith("StateExited"):
            name = details(event).get("name")
            return next((one for one in self._outwards(visit) if one.state == name and one.exited is None), visit)
        compound = next((one for one in _COMPOUND if kind.startswith((f"{one}State", f"{one}Iteration"))), None)
        if compound is not None and not kind.endswith("Aborted"):
            return next(
                (one for one in self._outwards(visit) if one.type == compound and one.exited is None), visit
            )
        return visit

    def _outwards(self, visit: Visit | None) -> Iterator[Visit]:
        while visit is not None:
            yield visit
            visit = self.visits.get(visit.parent or 0)

    def _happen(self, visit: Visit, event: Event) -> None:
        kind, number, at = event["type"], event["id"], event["timestamp"]
        if visit.status != RUNNING and visit.exited is None:
            self._reopen(visit, number)
        if kind.endswith("StateExited"):
            visit.exited, visit.exited_at = number, at
            visit.status = CAUGHT if visit.error else SUCCEEDED
            self._open.pop(visit.id, None)
        elif kind in _SCHEDULED:
            visit.tries.append(Try(number, at))
            visit.error = None
        elif kind in _STARTED and visit.tries:
            visit.tries[-1].started_at = at
        elif kind in _DONE and visit.tries:
            visit.tries[-1].ended, visit.tries[-1].ended_at = number, at
            visit.error = None
        elif kind.endswith(_BROKEN):
            self._break(visit, event)

    def _break(self, visit: Visit, event: Event) -> None:
        kind, number, told = event["type"], event["id"], details(event)
        if kind.startswith(("MapIteration", "ParallelState", "MapState")):
            broken = self.visits.get(self._owner.get(event.get("previousEventId", 0)) or 0)
            index = told.get("index") if kind.startswith("MapIteration") else None
            self._close(number, event["timestamp"], broken, inside=visit, iteration=index)
            if index is None:
                visit.error = told.get("error") or (broken.error if broken else None) or "States.BranchFailed"
            return
        error = told.get("error") or ("States.Timeout" if kind.endswith("TimedOut") else "States.TaskFailed")
        visit.error = error
        if visit.tries:
            last = visit.tries[-1]
            last.ended, last.ended_at, last.error, last.cause = (
                number,
                event["timestamp"],
                error,
                told.get("cause"),
            )

    def _end(self, event: Event, broken: Visit | None) -> None:
        failed = broken if event["type"] == "ExecutionFailed" else None
        if failed is not None and failed.error is None:
            failed.error = details(event).get("error")
        self._close(event["id"], event["timestamp"], failed)

    def _close(
        self,
        number: int,
        at: datetime,
        broken: Visit | None,
        inside: Visit | None = None,
        iteration: int | None = None,
    ) -> None:
        """End what is open (inside a visit): failed along the way outwards from ``broken``, stopped elsewhere."""
        guilty = {one.id for one in self._outwards(broken)}
        for visit in list(self._open.values()):
            if inside is not None and not self._lies_in(visit, inside, iteration):
                continue
            visit.status = FAILED if visit.id in guilty or visit.error else STOPPED
            visit.exited_at, visit.changed = at, number
            del self._open[visit.id]

    def _lies_in(self, visit: Visit, outer: Visit, iteration: int | None) -> bool:
        for one in self._outwards(visit):
            if one.parent == outer.id:
                return iteration is None or one.iteration == iteration
        return False

    def _reopen(self, visit: Visit, number: int) -> None:
        """A redriven run goes on where it broke."""
        for one in self._outwards(visit):
            one.status, one.exited_at, one.changed, one.error = RUNNING, None, number, None
            self._open[one.id] = one
