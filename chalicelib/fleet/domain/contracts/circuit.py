"""When a service that keeps failing is not asked any more, for a while.

closed --`FAILURES_TO_OPEN` failures in a row--> open --after `OPEN_SECONDS`--> one question passes (half open):
answered, the circuit closes; failed, it is open again for as long.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

FAILURES_TO_OPEN = 5
OPEN_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Circuit:
    """What is remembered of a service."""

    failures: int = 0
    """In a row."""
    open_until: datetime | None = None
    version: int = 0
    """Counts the writes; a change is conditional on it."""


def is_open(circuit: Circuit, now: datetime) -> bool:
    """Return whether the service must not be asked at ``now``."""
    return circuit.open_until is not None and now < circuit.open_until


def needs_probe(circuit: Circuit, now: datetime) -> bool:
    """Return whether the circuit has been open and the next question is to be the only one."""
    return circuit.open_until is not None and not is_open(circuit, now)


def probing(circuit: Circuit, now: datetime) -> Circuit:
    """Return the circuit while one question is under way: open for all others."""
    return replace(circuit, open_until=now + timedelta(seconds=OPEN_SECONDS))


def failed(circuit: Circuit, now: datetime) -> Circuit:
    """Return the circuit after a question without an answer."""
    failures = circuit.failures + 1
    if failures < FAILURES_TO_OPEN:
        return replace(circuit, failures=failures)
    return replace(circuit, failures=failures, open_until=now + timedelta(seconds=OPEN_SECONDS))


def answered(circuit: Circuit) -> Circuit:
    """Return the circuit after an answer."""
    return replace(circuit, failures=0, open_until=None)
