"""When a schedule fires: at(), rate() and cron(), by the rules of EventBridge and EventBridge Scheduler.

A cron time that a change to summer time skips does not fire; one that a change back repeats fires once, the
first time (https://repost.aws/knowledge-center/eventbridge-scheduler-adjust-dst). A rate counts real hours.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_EXPRESSION = re.compile(r"^(at|rate|cron)\((.*)\)$")
_UNITS = {"minute": 60, "hour": 3600, "day": 86400}
_MONTHS = {name.upper(): number for number, name in enumerate(calendar.month_abbr) if name}
_DAYS = {name: number for number, name in enumerate(("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"), 1)}
_LAST_YEAR = 2199
_HORIZON_DAYS = 366 * 8
"""The longest wait of a cron: a 29 February around a year that is no leap year."""


class ScheduleExpressionError(ValueError):
    """The expression is not one AWS takes; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """A parsed expression."""

    kind: str
    """at, rate or cron."""
    zone: ZoneInfo
    at: datetime | None = None
    every_seconds: int = 0
    cron: Cron | None = None

    def next_after(self, moment: float, *, started: float) -> float | None:
        """Return the first time after ``moment`` (epoch seconds), None when there is none.

        Args:
            moment: epoch seconds.
            started: when the schedule began, from which a rate counts.
        """
        if self.at is not None:
            when = self.at.timestamp()
            return when if when > moment else None
        if self.every_seconds:
            passed = max(0.0, moment - started)
            return started + (int(passed // self.every_seconds) + 1) * self.every_seconds
        assert self.cron is not None
        return self.cron.next_after(moment, self.zone)


@dataclass(frozen=True, slots=True)
class Cron:
    """The six fields; the two for days are kept as text, as their values depend on the month."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    day_of_month: str
    months: frozenset[int]
    day_of_week: str
    years: frozenset[int]

    def next_after(self, moment: float, zone: ZoneInfo) -> float | None:
        """Return the first matching time after ``moment``, in epoch seconds."""
        day = datetime.fromtimestamp(moment, zone).date()
        for _ in range(_HORIZON_DAYS):
            if day.year in self.years and day.month in self.months and self._on(day):
                for when in self._times(day, zone):
                    if when > moment:
                        return when
            if day.year >= _LAST_YEAR:
                return None
            day += timedelta(days=1)
        return None

    def _times(self, day: date, zone: ZoneInfo) -> Iterator[float]:
        for hour in self.hours:
            for minute in self.minutes:
                local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)
                stamp = local.timestamp()  # of a repeated hour the first (fold=0)
                exists = datetime.fromtimestamp(stamp, zone).replace(tzinfo=None) == local.replace(tzinfo=None)
                if exists:
                    yield stamp

    def _on(self, day: date) -> bool:
        if self.day_of_week == "?":
            return _matches_day_of_month(self.day_of_month, day)
        return _matches_day_of_week(self.day_of_week, day)


def parse_schedule(expression: str, zone_name: str = "UTC") -> Schedule:
    """Parse an expression.

    Raises:
        ScheduleExpressionError: it is malformed, or the zone is unknown.
    """
    match = _EXPRESSION.match(expression.strip())
    if match is None:
        raise ScheduleExpressionError(f"{expression!r} is none of at(...), rate(...), cron(...)")
    kind, body = match.groups()
    try:
        zone = ZoneInfo(zone_name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ScheduleExpressionError(f"{zone_name!r} is no time zone") from None
    if kind == "at":
        return Schedule(kind, zone, at=_at(body, zone))
    if kind == "rate":
        return Schedule(kind, zone, every_seconds=_rate(body))
    return Schedule(kind, zone, cron=_cron(body))


def _at(body: str, zone: ZoneInfo) -> datetime:
    try:
        local = datetime.strptime(body, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=zone)
    except ValueError:
        raise ScheduleExpressionError(f"at({body}): not of the form yyyy-mm-ddThh:mm:ss") from None
    return local.astimezone(UTC)


def _rate(body: str) -> int:
    match = re.match(r"^(\d+) (minute|hour|day)(s?)$", body)
    if match is None or int(match[1]) < 1:
        raise ScheduleExpressionError(f"rate({body}): not of the form 'value minutes|hours|days'")
    return int(match[1]) * _UNITS[match[2]]


def _cron(body: str) -> Cron:
    fields = body.upper().split()
    if len(fields) != 6:
        raise ScheduleExpressionError(f"cron({body}): has {len(fields)} fields, AWS wants 6")
    minutes, hours, day_of_month, months, day_of_week, years = fields
    if (day_of_month == "?") == (day_of_week == "?"):
        raise ScheduleExpressionError(f"cron({body}): one of day-of-month and day-of-week must be '?'")
    return Cron(
        minutes=tuple(sorted(_values(minutes, 0, 59, {}))),
        hours=tuple(sorted(_values(hours, 0, 23, {}))),
        day_of_month=day_of_month,
        months=frozenset(_values(months, 1, 12, _MONTHS)),
        day_of_week=day_of_week,
        years=frozenset(_values(years, 1970, _LAST_YEAR, {})),
    )


def _values(field: str, low: int, high: int, names: dict[str, int]) -> set[int]:
    """Return the numbers a field of commas, ranges, steps and names stands for."""
    values: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        if span == "*":
            first, last = low, high
        else:
            start, dash, end = span.partition("-")
            first = _number(start, names, field)
            last = _number(end, names, field) if dash else (high if step else first)
        if not (low <= first <= last <= high):
            raise ScheduleExpressionError(f"{field!r}: {part} is outside {low}-{high}")
        values.update(range(first, last + 1, _number(step, {}, field) if step else 1))
    return values


def _number(text: str, names: dict[str, int], field: str) -> int:
    if text in names:
        return names[text]
    if not text.isdigit():
        raise ScheduleExpressionError(f"{field!r}: {text!r} is no number")
    return int(text)


def _matches_day_of_month(field: str, day: date) -> bool:
    last = calendar.monthrange(day.year, day.month)[1]
    if field == "L":
        return day.day == last
    if field.endswith("W"):
        wanted = last if field == "LW" else min(_number(field[:-1], {}, field), last)
        return day.day == _nearest_weekday(day.year, day.month, wanted, last)
    return day.day in _values(field, 1, 31, {})


def _nearest_weekday(year: int, month: int, wanted: int, last: int) -> int:
    weekday = date(year, month, wanted).weekday()
    if weekday == 5:
        return wanted - 1 if wanted > 1 else wanted + 2
    if weekday == 6:
        return wanted + 1 if wanted < last else wanted - 2
    return wanted


def _matches_day_of_week(field: str, day: date) -> bool:
    today = day.isoweekday() % 7 + 1  # AWS counts from 1 = Sunday
    if "#" in field:
        name, _, which = field.partition("#")
        return today == _number(name, _DAYS, field) and (day.day - 1) // 7 + 1 == _number(which, {}, field)
    if field.endswith("L"):
        last = calendar.monthrange(day.year, day.month)[1]
        wanted = _number(field[:-1], _DAYS, field) if field != "L" else 7
        return today == wanted and day.day > last - 7
    return today in _values(field, 1, 7, _DAYS)
