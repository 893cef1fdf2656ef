"""What a history is folded into (visits.py): visits, their tries, and what is held of them between two looks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

RUNNING, SUCCEEDED, CAUGHT, FAILED, STOPPED = "running", "succeeded", "caught", "failed", "stopped"

ENDS = ("ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted", "ExecutionSucceeded")

Event = dict[str, Any]
"""As GetExecutionHistory gives it, the timestamp an aware datetime."""


@dataclass(slots=True)
class Try:
    """One attempt of a task."""

    scheduled: int
    """Id of the event that scheduled it."""
    scheduled_at: datetime
    started_at: datetime | None = None
    ended: int | None = None
    """Id of the event that ended it."""
    ended_at: datetime | None = None
    error: str | None = None
    cause: str | None = None


@dataclass(slots=True)
class Visit:
    """One state, entered once."""

    id: int
    state: str
    type: str
    """``Task``, ``Choice``, ..."""
    parent: int | None
    """The visit of the Parallel or Map it is inside; None at the top."""
    iteration: int | None
    """Which item of the Map it is for."""
    came_from: int | None
    """The visit before it; None for the first of a machine, a branch or an item."""
    entered_at: datetime
    exited_at: datetime | None = None
    status: str = RUNNING
    error: str | None = None
    tries: list[Try] = field(default_factory=list)
    exited: int | None = None
    """Id of the event it was left by."""
    changed: int = 0
    """Id of the last event that changed it."""


class LostThreadError(LookupError):
    """An event speaks of one that is not `Held`: the history is to be folded from its beginning."""


@dataclass(frozen=True, slots=True)
class HeldEvent:
    """What is held of an event that later ones may name."""

    id: int
    owner: int | None
    """The visit it belongs to."""
    is_exit: bool
    iteration: int | None
    """Of a ``MapIterationStarted``: which item begins."""


@dataclass(frozen=True, slots=True)
class Held:
    """Where a folding got to: of thousands of visits the few that later events may change or follow.

    Folding on from it tells the same as folding all again, or raises `LostThreadError`.
    """

    event: int
    """Id of the last event that was folded."""
    visits: list[Visit]
    events: list[HeldEvent]


def details(event: Event) -> dict[str, Any]:
    """Return what an event says beside its place: the one value named ``...EventDetails``."""
    return next((value for name, value in event.items() if name.endswith("EventDetails")), {})
