"""What the company knows beforehand or has said afterwards: holidays, closures, answers to findings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

EVERYWHERE = "*"

MUTED_DAYS = 28
"""How long "this was expected" makes the same finding harder to raise."""


@dataclass(frozen=True, slots=True)
class KnownEvent:
    """A calendar row: days that are not like others."""

    id: str
    name: str
    """For people: "Christmas Day", "stock-taking"."""
    first: str
    """ISO date."""
    last: str
    """ISO date, inclusive."""
    scope: str = EVERYWHERE
    """`EVERYWHERE`, ``store:<id>``, ``category:<name>`` or ``product:<id>``."""

    def covers(self, day: str, scope: str) -> bool:
        """Say whether the event explains something of ``scope`` on ``day`` (ISO)."""
        return self.first <= day <= self.last and self.scope in (EVERYWHERE, scope)


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a person answered to a finding."""

    finding: str
    """The finding's key, such as ``sales_low|store:S07``."""
    day: str
    """ISO date of the finding."""
    answer: str
    """``expected``, ``real`` or ``event``."""
    who: str
    said_at: str
    """ISO time."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All that was said."""

    events: Sequence[KnownEvent] = ()
    feedback: Sequence[Feedback] = ()

    def event(self, day: str, scope: str) -> KnownEvent | None:
        """Return an event that explains ``scope`` on ``day``, the narrowest first."""
        found = [event for event in self.events if event.covers(day, scope)]
        return min(found, key=lambda event: event.scope == EVERYWHERE, default=None)

    def special_days(self) -> set[str]:
        """Return the days that are not like others everywhere: no expectation is learnt from them."""
        return {day for event in self.events if event.scope == EVERYWHERE for day in _days(event)}

    def muted(self, finding: str, day: str) -> bool:
        """Say whether the last answer to ``finding`` in the last `MUTED_DAYS` was that it is expected."""
        since = (date.fromisoformat(day) - timedelta(days=MUTED_DAYS)).isoformat()
        answers = [one for one in self.feedback if one.finding == finding and since <= one.day <= day]
        return bool(answers) and max(answers, key=lambda one: one.said_at).answer == "expected"


def _days(event: KnownEvent) -> Iterable[str]:
    day, last = date.fromisoformat(event.first), date.fromisoformat(event.last)
    while day <= last:
        yield day.isoformat()
        day += timedelta(days=1)
