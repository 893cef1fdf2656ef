"""When a number may be called.

A call is legal when, in EVERY zone the number may be in, the local wall clock is inside a calling window
and the local date is not restricted. No zone known: never.

Windows are wall time, so daylight saving moves them: hours that are skipped in spring are not there to
call in, hours that come twice in autumn are open twice. The rule is written down twice: `is_legal` asks
the wall clocks and is the definition; `WindowBook` turns the windows into spans of UTC once per zone set,
so that a campaign's contacts are judged by the hundred thousand a second. Tests hold the two together.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from chalicelib.campaigns.domain.calendars import holidays
from chalicelib.campaigns.domain.campaign import Campaign, Weekday

SEARCH_DAYS = 366
"""How far ahead the next legal instant is looked for when the campaign has no end."""

_DAY = 86_400
_BLOCK = 28 * _DAY
"""Seconds of UTC for which spans are worked out at a time."""
_PROBE = 6 * 3600
"""No zone changes its offset twice within this many seconds."""

_WEEKDAYS = tuple(Weekday)

Span = tuple[int, int]
"""[start, end) in epoch seconds."""


def is_legal(campaign: Campaign, zones: tuple[str, ...], at: datetime) -> bool:
    """Return whether a number in ``zones`` may be called at ``at`` (aware, UTC).

    >>> is_legal(campaign, ("America/New_York",), datetime(2025, 6, 2, 13, 0, tzinfo=UTC))  # 9:00 there
    """
    return bool(zones) and all(_open_in(campaign, zone, at) for zone in zones)


def next_legal(campaign: Campaign, zones: tuple[str, ...], at: datetime) -> datetime | None:
    """Return the first legal instant at or after ``at`` and before the campaign's end, None if there is none.

    ``at`` itself when it is legal, else the instant a window opens, which is a whole minute since windows are
    written in minutes. Without an end the search stops after 366 days. For many contacts use a `WindowBook`.
    """
    return WindowBook(campaign).next_legal(zones, at)


def restricted_on(campaign: Campaign, zones: Iterable[str], at: datetime) -> bool:
    """Return whether ``at`` falls on a restricted date in any of ``zones``."""
    found = (zone_of(name) for name in zones)
    return any(_is_restricted(campaign, at.astimezone(zone).date()) for zone in found if zone is not None)


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo | None:
    """Return the IANA zone, or None when there is no such zone."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, malformed, or the name of a directory
        return None


@dataclass(frozen=True, slots=True)
class WindowState:
    """What a zone set's windows say at an instant."""

    legal: bool
    restricted: bool
    """Not legal, and the date is restricted in one of the zones."""
    next_legal: datetime | None
    """When held: when it opens, None for never. When legal: None."""
    since: int
    until: int
    """The answer holds for epoch seconds in [since, until)."""


class WindowBook:
    """A campaign's windows, worked out once per zone set and asked many times.

    Good for one campaign value and one thread; make a new one when the campaign changes.
    """

    def __init__(self, campaign: Campaign) -> None:
        self.campaign = campaign
        self._hours = _hours_by_weekday(campaign)
        self._end = None if campaign.end_at is None else int(campaign.end_at.timestamp())
        self._zone_spans: dict[tuple[str, int], list[Span]] = {}
        self._spans: dict[tuple[tuple[str, ...], int], tuple[list[int], list[int]]] = {}
        self._states: dict[tuple[str, ...], WindowState] = {}

    def is_legal(self, zones: tuple[str, ...], at: datetime) -> bool:
        """See `is_legal`."""
        return self.state(zones, at).legal

    def next_legal(self, zones: tuple[str, ...], at: datetime) -> datetime | None:
        """See `next_legal`."""
        second = int(at.timestamp())
        opening = self._opening(zones, second)
        if opening is None:
            return None
        return at if opening <= second else datetime.fromtimestamp(opening, UTC)

    def state(self, zones: tuple[str, ...], at: datetime) -> WindowState:
        """Return what the windows say at ``at``; cheap when the same zones are asked again within the minute."""
        second = int(at.timestamp())
        known = self._states.get(zones)
        if known is None or not known.since <= second < known.until:
            known = self._states[zones] = self._look(zones, second)
        return known

    def _look(self, zones: tuple[str, ...], second: int) -> WindowState:
        starts, ends = self._block(zones, second // _BLOCK)
        place = bisect_right(starts, second) - 1
        if place >= 0 and second < ends[place]:
            return WindowState(True, False, None, starts[place], ends[place])
        at = datetime.fromtimestamp(second, UTC)
        opening = self.next_legal(zones, at)
        # Whether the date is restricted changes at some midnight: the answer is kept for its minute only.
        until = second - second % 60 + 60
        if place + 1 < len(starts):
            until = min(until, starts[place + 1])
        return WindowState(False, restricted_on(self.campaign, zones, at), opening, second, until)

    def _opening(self, zones: tuple[str, ...], second: int) -> int | None:
        """Return the first legal second at or after ``second``, before the end."""
        last = second + SEARCH_DAYS * _DAY
        if self._end is not None:
            last = min(last, self._end - 1)
        if last < second:
            return None
        for block in range(second // _BLOCK, last // _BLOCK + 1):
            starts, ends = self._block(zones, block)
            place = max(bisect_right(starts, second) - 1, 0)
            for start, end in zip(starts[place : place + 2], ends[place : place + 2], strict=True):
                if end > second:
                    opening = max(start, second)
                    return opening if opening <= last else None
        return None

    def _block(self, zones: tuple[str, ...], block: int) -> tuple[list[int], list[int]]:
        """Return starts and ends of the spans in which every zone is open, sorted, within one block."""
        key = (zones, block)
        found = self._spans.get(key)
        if found is None:
            spans: list[Span] = []
            for index, zone in enumerate(zones):
                mine = self._in_zone(zone, block)
                spans = mine if index == 0 else list(_intersect(spans, mine))
            found = self._spans[key] = ([start for start, _ in spans], [end for _, end in spans])
        return found

    def _in_zone(self, name: str, block: int) -> list[Span]:
        """Return the spans of one block in which the windows are open in one zone."""
        key = (name, block)
        if key not in self._zone_spans:
            zone = zone_of(name)
            spans = [] if zone is None else list(self._open_spans(zone, block * _BLOCK, (block + 1) * _BLOCK))
            self._zone_spans[key] = list(_merge(sorted(spans)))
        return self._zone_spans[key]

    def _open_spans(self, zone: ZoneInfo, start: int, end: int) -> Iterator[Span]:
        for begin, finish, offset in _offsets(zone, start, end):
            for day in range((begin + offset) // _DAY, (finish + offset - 1) // _DAY + 1):
                local_date = date(1970, 1, 1) + timedelta(days=day)
                if _is_restricted(self.campaign, local_date):
                    continue
                midnight = day * _DAY - offset
                for opens, closes in self._hours[local_date.weekday()]:
                    span = max(midnight + opens, begin), min(midnight + closes, finish)
                    if span[0] < span[1]:
                        yield span


def _open_in(campaign: Campaign, name: str, at: datetime) -> bool:
    zone = zone_of(name)
    if zone is None:
        return False
    local = at.astimezone(zone)
    if _is_restricted(campaign, local.date()):
        return False
    second = _second_of_day(local.time())
    return any(opens <= second < closes for opens, closes in _hours_by_weekday(campaign)[local.weekday()])


def _hours_by_weekday(campaign: Campaign) -> tuple[tuple[Span, ...], ...]:
    """Return for Monday to Sunday the open seconds of the local day."""
    return tuple(
        tuple(
            (_second_of_day(window.start), _second_of_day(window.end))
            for window in campaign.windows
            if weekday in window.days
        )
        for weekday in _WEEKDAYS
    )


def _second_of_day(wall: time) -> int:
    return wall.hour * 3600 + wall.minute * 60 + wall.second


def _is_restricted(campaign: Campaign, day: date) -> bool:
    return day in campaign.restricted_dates or any(
        day in holidays(c, day.year) for c in campaign.holiday_calendars
    )


def _offsets(zone: ZoneInfo, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield (from, to, UTC offset in seconds) of the stretches of [start, end) with one offset each."""
    begin, offset = start, _offset(zone, start)
    for probe in range(start, end, _PROBE):
        after = min(probe + _PROBE, end)
        if (changed := _offset(zone, after)) == offset:
            continue
        low, high = probe, after  # the offset is the old one at low, the new one at high
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if _offset(zone, middle) == offset else (low, middle)
        yield begin, high, offset
        begin, offset = high, changed
    if begin < end:
        yield begin, end, offset


def _offset(zone: ZoneInfo, second: int) -> int:
    offset = datetime.fromtimestamp(second, zone).utcoffset()
    assert offset is not None, "a ZoneInfo always knows its offset"
    return int(offset.total_seconds())


def _merge(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield sorted spans with those that touch or overlap made one."""
    current: Span | None = None
    for span in spans:
        if current is None:
            current = span
        elif span[0] <= current[1]:
            current = current[0], max(current[1], span[1])
        else:
            yield current
            current = span
    if current is not None:
        yield current


def _intersect(left: list[Span], right: list[Span]) -> Iterator[Span]:
    """Yield the spans common to two sorted lists of spans."""
    i = j = 0
    while i < len(left) and j < len(right):
        start, end = max(left[i][0], right[j][0]), min(left[i][1], right[j][1])
        if start < end:
            yield start, end
        if left[i][1] < right[j][1]:
            i += 1
        else:
            j += 1
