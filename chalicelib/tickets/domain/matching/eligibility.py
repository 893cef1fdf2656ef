"""Who may be asked now, and by which rule not. Asked before any score: nobody is recommended and then refused.

leave      on leave, in the days of their own zone
hours      outside of their working hours, unless on call
capacity   holds as many tickets as they can
product    looks after other products
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chalicelib.tickets.domain.sme import SmeProfile, Weekday, WorkingHours

_DAYS_LOOKED_AHEAD = 400
"""Nobody who is away for longer is waited for."""


def removed_by(profile: SmeProfile, at: datetime, product: str = "") -> str | None:
    """Return the rule that removes the expert at this moment, None when none does."""
    if _is_on_leave(profile, at.astimezone(ZoneInfo(profile.zone)).date()):
        return "leave"
    if not _is_at_work(profile, at):
        return "hours"
    if profile.open_assignments >= profile.capacity:
        return "capacity"
    wanted = product.casefold()
    if wanted and profile.products and wanted not in {one.casefold() for one in profile.products}:
        return "product"
    return None


def next_free(profiles: Iterable[SmeProfile], at: datetime, product: str = "") -> datetime | None:
    """Return when the first of the experts is free who is only away now, None when nobody is.

    When somebody at capacity closes a ticket is not known, so nobody is waited for that is.
    """
    moments = [
        moment
        for profile in profiles
        for moment in [_next_moment(profile, at)]
        if moment is not None and removed_by(profile, moment, product) is None
    ]
    return min(moments, default=None)


def _next_moment(profile: SmeProfile, at: datetime) -> datetime | None:
    """Return the first moment from ``at`` at which the expert is neither on leave nor off work."""
    zone = ZoneInfo(profile.zone)
    today = at.astimezone(zone).date()
    for offset in range(-1, _DAYS_LOOKED_AHEAD):
        moments = sorted(_moments(profile, today + timedelta(days=offset), zone))
        for moment in [max(moment, at) for moment in moments]:
            if not _is_on_leave(profile, moment.astimezone(zone).date()) and _is_at_work(profile, moment):
                return moment.astimezone(UTC)
    return None


def _moments(profile: SmeProfile, day: date, zone: ZoneInfo) -> Iterator[datetime]:
    """Yield when work or a day begins on ``day``: leave ends at midnight, perhaps within a night shift."""
    yield datetime.combine(day, time.min, zone).astimezone(UTC)
    for shift in profile.hours:
        yield datetime.combine(day, shift.start, zone).astimezone(UTC)


def _is_on_leave(profile: SmeProfile, day: date) -> bool:
    return any(leave.first <= day <= leave.last for leave in profile.leave)


def _is_at_work(profile: SmeProfile, at: datetime) -> bool:
    if profile.on_call or not profile.hours:
        return True
    local = at.astimezone(ZoneInfo(profile.zone))
    return any(_is_within(shift, local) for shift in profile.hours)


def _is_within(shift: WorkingHours, local: datetime) -> bool:
    now, today = local.time(), local.date()
    yesterday = today - timedelta(days=1)
    if shift.start < shift.end:
        return Weekday.of(today) in shift.days and shift.start <= now < shift.end
    began_today = Weekday.of(today) in shift.days and now >= shift.start
    return began_today or (Weekday.of(yesterday) in shift.days and now < shift.end)
