"""Public holidays as data: rules, not lists of dates, so that no year runs out.

A holiday restricts the day itself and, where the calendar moves it, the day it is observed on: people are
at home on both. One-off days (a coronation, a day of mourning) belong in ``Campaign.restricted_dates``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from functools import lru_cache

from chalicelib.core.errors import InvalidInputError, Problem

SATURDAY, SUNDAY = 5, 6


@dataclass(frozen=True, slots=True)
class FixedDay:
    """The same date every year."""

    month: int
    day: int
    since: int = 0
    """First year the holiday exists."""


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """Such as the third Monday of January; ``nth`` -1 is the last of the month."""

    month: int
    weekday: int
    """0 Monday to 6 Sunday."""
    nth: int


@dataclass(frozen=True, slots=True)
class EasterDay:
    """Days after Easter Sunday (Gregorian); negative: before it."""

    days: int


class Observance(Enum):
    """Where a fixed day goes that falls on a weekend."""

    STAYS = "stays"
    NEAREST_WEEKDAY = "nearest_weekday"
    """Saturday to the Friday before, Sunday to the Monday after."""
    NEXT_FREE_WEEKDAY = "next_free_weekday"
    """To the next weekday that is no holiday already."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Rules of one jurisdiction."""

    source: str
    """Where the rules are written."""
    observance: Observance
    rules: tuple[FixedDay | NthWeekday | EasterDay, ...]


CALENDARS: dict[str, Calendar] = {
    "US-federal": Calendar(
        source="5 U.S.C. 6103(a) and (b); opm.gov, Federal Holidays",
        observance=Observance.NEAREST_WEEKDAY,
        rules=(
            FixedDay(1, 1),
            NthWeekday(1, 0, 3),  # Birthday of Martin Luther King, Jr.
            NthWeekday(2, 0, 3),  # Washington's Birthday
            NthWeekday(5, 0, -1),  # Memorial Day
            FixedDay(6, 19, since=2021),  # Juneteenth National Independence Day
            FixedDay(7, 4),
            NthWeekday(9, 0, 1),  # Labor Day
            NthWeekday(10, 0, 2),  # Columbus Day
            FixedDay(11, 11),  # Veterans Day
            NthWeekday(11, 3, 4),  # Thanksgiving Day
            FixedDay(12, 25),
        ),
    ),
    "GB-england-wales": Calendar(
        source="Banking and Financial Dealings Act 1971, schedule 1; gov.uk, UK bank holidays",
        observance=Observance.NEXT_FREE_WEEKDAY,
        rules=(
            FixedDay(1, 1),
            EasterDay(-2),  # Good Friday
            EasterDay(1),  # Easter Monday
            NthWeekday(5, 0, 1),  # Early May bank holiday
            NthWeekday(5, 0, -1),  # Spring bank holiday
            NthWeekday(8, 0, -1),  # Summer bank holiday
            FixedDay(12, 25),
            FixedDay(12, 26),
        ),
    ),
    "DE-national": Calendar(
        source="The nine days that are holidays by the law of all sixteen Länder; Einigungsvertrag art. 2(2)",
        observance=Observance.STAYS,
        rules=(
            FixedDay(1, 1),
            EasterDay(-2),  # Karfreitag
            EasterDay(1),  # Ostermontag
            FixedDay(5, 1),
            EasterDay(39),  # Christi Himmelfahrt
            EasterDay(50),  # Pfingstmontag
            FixedDay(10, 3),
            FixedDay(12, 25),
            FixedDay(12, 26),
        ),
    ),
}


@lru_cache(maxsize=256)
def holidays(calendar: str, year: int) -> frozenset[date]:
    """Return the dates in ``year`` on which ``calendar`` restricts calls, observed days included.

    Raises:
        InvalidInputError: there is no such calendar; to call on unknown holidays would be worse.
    """
    if calendar not in CALENDARS:
        known = ", ".join(sorted(CALENDARS))
        raise InvalidInputError(
            [Problem("holiday_calendars", "unknown_calendar", f"{calendar!r} is not one of {known}")]
        )
    # 1 January on a Saturday is observed in the year before: the neighbours' days count too.
    return frozenset(
        day for around in (year - 1, year, year + 1) for day in _days(calendar, around) if day.year == year
    )


@lru_cache(maxsize=256)
def _days(name: str, year: int) -> frozenset[date]:
    """Return the days the rules give for ``year``; an observed day may lie in the year before or after."""
    calendar = CALENDARS[name]
    dates = sorted(_dates(calendar, year))
    taken = set(dates)
    for day in dates:
        if day.weekday() >= SATURDAY:
            taken.add(_observed(day, calendar.observance, taken))
    return frozenset(taken)


def _dates(calendar: Calendar, year: int) -> Iterator[date]:
    for rule in calendar.rules:
        match rule:
            case FixedDay(month, day, since):
                if year >= since:
                    yield date(year, month, day)
            case NthWeekday(month, weekday, nth):
                yield _nth_weekday(year, month, weekday, nth)
            case EasterDay(days):
                yield easter(year) + timedelta(days=days)


def _observed(day: date, observance: Observance, taken: set[date]) -> date:
    """Return the day on which a weekend's holiday is observed."""
    match observance:
        case Observance.STAYS:
            return day
        case Observance.NEAREST_WEEKDAY:
            return day + timedelta(days=-1 if day.weekday() == SATURDAY else 1)
        case Observance.NEXT_FREE_WEEKDAY:
            while day in taken or day.weekday() >= SATURDAY:
                day += timedelta(days=1)
            return day


def _nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    if nth > 0:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return last - timedelta(days=(last.weekday() - weekday) % 7 + 7 * (-nth - 1))


def easter(year: int) -> date:
    """Return Easter Sunday, by the anonymous Gregorian computus (Meeus, Astronomical Algorithms, ch. 8)."""
    century, in_century = divmod(year, 100)
    golden = year % 19
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (in_century // 4) - moon - in_century % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)
