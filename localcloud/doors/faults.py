"""The faults' door: let the next attempt of a state fail, to see what becomes of its run.

GET  /_localcloud/faults         -> {"machines": [{"name", "states": [...]}], "kinds": [...], "planned": [...],
                                     "happened": [...]}
POST /_localcloud/faults         {"machine", "state", "kind", "error"?, "seconds"?}
POST /_localcloud/faults/clear   nothing that was planned happens any more

Each fault happens once, in whatever run comes first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from localcloud.local_doors import LocalDoor
from localcloud.stepfunctions.engine import Engine
from localcloud.stepfunctions.faults import Fault, FaultPlace, Faults

ERROR = "Lambda.Unknown"
"""The error's name unless another is given: one that says nothing of its cause."""
BECAUSE = "asked for in the console"
LONGEST_ERROR = 200
LONGEST_SECONDS = 86_400.0

KINDS = {
    "fails": "fails with an error",
    "throttled": "is refused: too many calls",
    "crashes": "crashes in the middle of its work",
    "loses-answer": "does its work, and the answer is lost",
    "never-answers": "never answers",
    "slow": "answers late",
}
"""What can be made to happen, in words for people."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One fault that was asked for."""

    machine: str
    state: str
    kind: str
    fault: Fault

    def as_json(self) -> dict[str, Any]:
        """Return it for people."""
        return {"machine": self.machine, "state": self.state, "kind": self.kind, "words": KINDS[self.kind]}


class FaultsDoor(LocalDoor):
    """The faults of one engine, which its integrations commit."""

    def __init__(self, engine: Engine, faults: Faults) -> None:
        self._engine, self._faults = engine, faults
        self._plans: list[Plan] = []

    def answer(self, method: str, rest: str, query: dict[str, str], body: Any) -> tuple[int, Any]:
        """See `LocalDoor.answer`."""
        if method == "POST" and rest == "clear":
            self._faults.clear()
            self._plans.clear()
        elif method == "POST":
            try:
                self._plan(body)
            except ValueError as error:
                return 422, {"detail": str(error)}
        return 200, self._seen()

    def _plan(self, wish: Any) -> None:
        """Take a wish; raises ValueError when there is no such state or kind."""
        machines = self._machines()
        match wish:
            case {"machine": str() as machine, "state": str() as state, "kind": str() as kind} if kind in KINDS:
                if state not in machines.get(machine, ()):
                    raise ValueError(f"{machine[:80]!r} has no task named {state[:80]!r}")
            case _:
                raise ValueError(f"expected machine, state and kind, one of {', '.join(KINDS)}")
        error, seconds = wish.get("error") or ERROR, wish.get("seconds", 60)
        if not isinstance(error, str) or not error.isprintable() or len(error) > LONGEST_ERROR:
            raise ValueError(f"error must be a name of at most {LONGEST_ERROR} characters")
        if not isinstance(seconds, (int, float)) or not 0 < seconds <= LONGEST_SECONDS:
            raise ValueError(f"seconds must be above 0, to {LONGEST_SECONDS:g}")
        _commit(self._faults.on(machine=machine, state=state, at_most=1), kind, error, float(seconds))
        self._plans.append(Plan(machine, state, kind, self._faults.faults[-1]))

    def _seen(self) -> dict[str, Any]:
        done = {id(fault): call.execution_arn for fault, call in self._faults.happened}
        return {
            "machines": [{"name": name, "states": states} for name, states in self._machines().items()],
            "kinds": [{"kind": kind, "words": words} for kind, words in KINDS.items()],
            "planned": [plan.as_json() for plan in self._plans if id(plan.fault) not in done],
            "happened": [
                plan.as_json() | {"executionArn": done[id(plan.fault)]}
                for plan in reversed(self._plans)
                if id(plan.fault) in done
            ],
        }

    def _machines(self) -> dict[str, list[str]]:
        """Return the names of each machine's task states, in the definition's order, nested ones too."""
        found = self._engine.list_state_machines()
        return {one.name: list(_tasks(one.definition)) for one in sorted(found, key=lambda one: one.name)}


def _commit(place: FaultPlace, kind: str, error: str, seconds: float) -> None:
    match kind:
        case "throttled":
            place.throttles(1)
        case "crashes":
            place.crashes()
        case "loses-answer":
            place.raises(error, BECAUSE, after_work=True)
        case "never-answers":
            place.times_out()
        case "slow":
            place.takes(seconds)
        case _:
            place.raises(error, BECAUSE)


def _tasks(body: Any) -> Iterator[str]:
    for name, state in body.get("States", {}).items():
        if state["Type"] == "Task":
            yield name
        for inner in (*state.get("Branches", ()), state.get("ItemProcessor") or state.get("Iterator") or {}):
            yield from _tasks(inner)
