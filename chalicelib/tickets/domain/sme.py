"""An expert (SME): who they are, when they work, how much they carry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from chalicelib.core.errors import Problem

_CRE_ID = re.compile(r"[A-Za-z0-9._@-]{1,64}")
_SLACK_ID = re.compile(r"[UW][A-Z0-9]{2,20}")
LARGEST_CAPACITY = 1_000


class Weekday(StrEnum):
    """A day of the week."""

    MONDAY = "mon"
    TUESDAY = "tue"
    WEDNESDAY = "wed"
    THURSDAY = "thu"
    FRIDAY = "fri"
    SATURDAY = "sat"
    SUNDAY = "sun"

    @classmethod
    def of(cls, day: date) -> Weekday:
        """Return the day of the week that ``day`` is."""
        return list(cls)[day.weekday()]


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """A stretch of time in which an expert works, in wall time of their zone."""

    days: tuple[Weekday, ...]
    """The days on which it begins."""
    start: time
    end: time
    """Exclusive. At or before ``start`` it is on the next day: 22:00 to 06:00 is a night shift."""


@dataclass(frozen=True, slots=True)
class Leave:
    """Days away, both ends included, in the expert's zone."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class SmeProfile:
    """One expert, a row of the table ``tickets-smes``."""

    cre_id: str
    """The desk's own id of the person: ``cre001``. Tickets name their solver by it."""
    name: str
    slack_id: str = ""
    """``U12345``; empty when the person is not in Slack."""
    zone: str = "UTC"
    """IANA name."""
    hours: tuple[WorkingHours, ...] = ()
    """None at all: no hours are agreed, the person may be asked at any time."""
    leave: tuple[Leave, ...] = ()
    capacity: int = 10
    """The most tickets held at once."""
    on_call: bool = False
    """Reachable outside of ``hours`` as well, though not on leave."""
    products: tuple[str, ...] = ()
    """What the person looks after; empty: anything."""
    open_assignments: int = 0
    """Tickets offered to or accepted by the person and not yet solved. Counted by the desk, never put by hand."""


def problems(profile: SmeProfile) -> Iterator[Problem]:
    """Yield everything that is wrong with a profile; paths are those of its JSON."""
    if not _CRE_ID.fullmatch(profile.cre_id):
        yield Problem("creId", "malformed", f"{profile.cre_id[:64]!r} is no id such as cre001")
    if not profile.name.strip():
        yield Problem("name", "required", "is empty")
    if profile.slack_id and not _SLACK_ID.fullmatch(profile.slack_id):
        yield Problem("slackId", "malformed", f"{profile.slack_id[:64]!r} is no Slack user id such as U12345")
    if not _is_zone(profile.zone):
        yield Problem("zone", "unknown_zone", f"{profile.zone[:64]!r} is no IANA zone such as Europe/Berlin")
    if not 1 <= profile.capacity <= LARGEST_CAPACITY:
        yield Problem("capacity", "out_of_range", f"is {profile.capacity}; it must be 1 to {LARGEST_CAPACITY}")
    for place, leave in enumerate(profile.leave):
        if leave.last < leave.first:
            yield Problem(f"leave[{place}].last", "ends_before_start", f"{leave.last} is before {leave.first}")
    for place, shift in enumerate(profile.hours):
        if not shift.days:
            yield Problem(f"hours[{place}].days", "required", "names no day")


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # OSError: a folder of the zone database, such as "America"
        return False
    return True
