"""What went through each visited state: what AWS's console shows, kept without copying."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from localcloud.stepfunctions.task import JsonValue


class Absent:
    """The value of a stage the state does not have."""

    def __repr__(self) -> str:
        return "ABSENT"

    def __bool__(self) -> bool:
        return False


ABSENT = Absent()


@dataclass(slots=True)
class Try:
    """One failed try of a state."""

    attempt: int
    error: str | None
    cause: str | None
    at: float
    """Epoch seconds."""
    retry_at: float | None = None
    """When the next try starts; None when there is none."""


@dataclass(slots=True)
class Visit:
    """One state on its way from input to output. Stages a state does not have are ABSENT."""

    state: str
    type: str
    entered_at: float
    entered_event_id: int
    input: JsonValue
    path: tuple[str, ...] = ()
    """Where the state lies: ("Parallel[0]", "Map[17]") for a state inside branches and items."""
    after_input_path: JsonValue = ABSENT
    arguments: JsonValue = ABSENT
    raw_result: JsonValue = ABSENT
    after_selector: JsonValue = ABSENT
    after_result_path: JsonValue = ABSENT
    output: JsonValue = ABSENT
    assigned: dict[str, JsonValue] | None = None
    exited_at: float | None = None
    next_state: str | None = None
    error: str | None = None
    cause: str | None = None
    caught: bool = False
    tries: Sequence[Try] = ()
    """The tries that failed, in order."""
    log_lines: Sequence[str] = ()
    """What the task's work wrote, over all its tries."""
