"""Everything that is wrong with a campaign's own words, all of it at once.

What only the world knows (whether audio exists, whether contacts were uploaded, whose turn it is to run
the campaign) is asked by ``service.validating``. Paths are those of the JSON the API takes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import datetime

from chalicelib.campaigns.domain.calendars import CALENDARS
from chalicelib.campaigns.domain.campaign import CallingWindow, Campaign
from chalicelib.campaigns.domain.contact import Disposition
from chalicelib.campaigns.domain.ivr import flow_problems
from chalicelib.campaigns.domain.retries import DEFAULT_RULES
from chalicelib.campaigns.domain.windows import WindowBook, zone_of
from chalicelib.core.errors import Problem

_E164 = re.compile(r"\+[1-9]\d{6,14}")
_REGION = re.compile(r"[A-Z]{2}")

_ROUND_THE_WORLD = ("Pacific/Kiritimati", "Asia/Kolkata", "UTC", "America/Denver", "Pacific/Pago_Pago")


def problems(campaign: Campaign, *, now: datetime) -> list[Problem]:
    """Return every problem of the campaign's configuration at ``now`` (aware, UTC); empty: it can run."""
    found = [
        *_text_problems(campaign),
        *_window_problems(campaign),
        *_date_problems(campaign, now),
        *_calendar_problems(campaign),
        *_limit_problems(campaign),
        *_retry_problems(campaign),
        *(flow_problems(campaign.ivr) if campaign.ivr else ()),
    ]
    return found or list(_never_open(campaign, now))


def _text_problems(campaign: Campaign) -> Iterator[Problem]:
    if not campaign.name.strip():
        yield Problem("name", "required", "is empty")
    if not _E164.fullmatch(campaign.caller_id):
        yield Problem("callerId", "not_e164", f"{campaign.caller_id!r} is no E.164 number such as +12025550123")
    if not _REGION.fullmatch(campaign.default_region):
        message = f"{campaign.default_region!r} is no two-letter country code such as GB"
        yield Problem("defaultRegion", "unknown_region", message)
    if campaign.zone is not None and zone_of(campaign.zone) is None:
        yield Problem("zone", "unknown_zone", f"{campaign.zone!r} is no IANA zone such as Europe/Berlin")


def _window_problems(campaign: Campaign) -> Iterator[Problem]:
    if not campaign.windows:
        yield Problem("windows", "no_windows", "without a calling window nobody is ever called")
    for i, window in enumerate(campaign.windows):
        yield from _one_window(window, f"windows[{i}]")


def _one_window(window: CallingWindow, at: str) -> Iterator[Problem]:
    if not window.days:
        yield Problem(f"{at}.days", "no_days", "names no day; write for example mon, tue")
    for name, wall in (("start", window.start), ("end", window.end)):
        if wall.second or wall.microsecond:
            yield Problem(f"{at}.{name}", "not_whole_minutes", f"{wall.isoformat()} is not in whole minutes")
        if wall.tzinfo is not None:
            message = f"{wall.isoformat()} has an offset; windows are the contact's own wall time"
            yield Problem(f"{at}.{name}", "has_offset", message)
    if window.start.replace(tzinfo=None) >= window.end.replace(tzinfo=None):
        message = f"{window.end:%H:%M} is not after the start, {window.start:%H:%M}; split a window at midnight"
        yield Problem(f"{at}.end", "window_ends_before_start", message)


def _date_problems(campaign: Campaign, now: datetime) -> Iterator[Problem]:
    start, end = campaign.start_at, campaign.end_at
    naive = [(name, at) for name, at in (("startAt", start), ("endAt", end)) if at and at.utcoffset() is None]
    for name, at in naive:
        yield Problem(name, "no_offset", f"{at.isoformat()} has no offset; write for example {at.isoformat()}Z")
    if naive or end is None:
        return
    if start is not None and start >= end:
        yield Problem("endAt", "ends_before_start", f"{end.isoformat()} is not after startAt, {start.isoformat()}")
    if end <= now:
        yield Problem("endAt", "end_in_the_past", f"{end.isoformat()} has passed; it is {now.isoformat()}")


def _calendar_problems(campaign: Campaign) -> Iterator[Problem]:
    for i, name in enumerate(campaign.holiday_calendars):
        if name not in CALENDARS:
            message = f"{name!r} is not one of {', '.join(sorted(CALENDARS))}"
            yield Problem(f"holidayCalendars[{i}]", "unknown_calendar", message)


def _limit_problems(campaign: Campaign) -> Iterator[Problem]:
    rate = campaign.calls_per_second
    if not (math.isfinite(rate) and rate > 0):
        yield Problem("callsPerSecond", "not_positive", f"{rate} must be a number above 0")
    for name, value in (
        ("maxConcurrentCalls", campaign.max_concurrent_calls),
        ("maxAttemptsPerPerson", campaign.max_attempts_per_person),
        ("attemptWindowDays", campaign.attempt_window_days),
    ):
        if value < 1:
            yield Problem(name, "not_positive", f"{value} must be at least 1")


def _retry_problems(campaign: Campaign) -> Iterator[Problem]:
    for name, rule in campaign.retry_rules.items():
        at = f"retryRules.{name}"
        if name not in set(Disposition):
            known = ", ".join(sorted(DEFAULT_RULES))
            yield Problem(at, "unknown_disposition", f"{name!r} is not one of {known}")
        elif name not in DEFAULT_RULES:
            yield Problem(at, "final_disposition", f"{name} ends the contact: nothing is tried again")
        if rule.delay_minutes < 0:
            yield Problem(f"{at}.delayMinutes", "negative", f"{rule.delay_minutes} must be at least 0")
        if rule.max_attempts < 1:
            yield Problem(f"{at}.maxAttempts", "not_positive", f"{rule.max_attempts} must be at least 1")


def _never_open(campaign: Campaign, now: datetime) -> Iterator[Problem]:
    """Yield when no window opens between start and end, wherever on earth a contact may be."""
    start = now if campaign.start_at is None else max(now, campaign.start_at)
    book = WindowBook(campaign)
    if all(book.next_legal((zone,), start) is None for zone in _ROUND_THE_WORLD):
        yield Problem("windows", "never_open", "no window opens on any date between start and end")
