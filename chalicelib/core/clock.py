"""What time it is, as a thing that can be replaced.

Services take a ``Clock`` as an argument; doors pass ``current()``. A host that runs functions on a time
of its own (a simulation, a local run that skips nights) installs its clock once with ``use``.
"""

from __future__ import annotations

from datetime import UTC, datetime


class Clock:
    """The port: one question."""

    def now(self) -> datetime:
        """Return the current time, aware, in UTC."""
        raise NotImplementedError


class SystemClock(Clock):
    """The machine's own clock."""

    def now(self) -> datetime:
        """See `Clock.now`."""
        return datetime.now(UTC)


class FixedClock(Clock):
    """A clock that stands still until it is moved: ``clock.at = ...``."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """See `Clock.now`."""
        return self.at


_current: Clock = SystemClock()


def current() -> Clock:
    """Return the clock of this process."""
    return _current


def use(clock: Clock) -> Clock:
    """Install ``clock`` as the process's clock and return the one it replaces."""
    global _current
    replaced, _current = _current, clock
    return replaced
