"""What a client sends to make a campaign, and the campaign it makes.

{"name": "Spring reminder", "callerId": "+14155550100", "zone": "America/New_York",
 "windows": [{"days": ["mon", "tue", "wed", "thu", "fri"], "start": "09:00", "end": "20:00"}],
 "audio": ["audio/reminder.wav"], "startAt": "2026-03-02T10:00"}
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec

from chalicelib.campaigns.domain.campaign import (
    CallingWindow,
    Campaign,
    CampaignStatus,
    IvrFlow,
    IvrNode,
    IvrOption,
    RetryRule,
    Weekday,
)
from chalicelib.campaigns.domain.contact import Disposition
from chalicelib.campaigns.domain.holds import LARGEST_CAP, LONGEST_CAP_DAYS
from chalicelib.core.errors import InvalidInputError, Problem

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
WallTime = Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$")]
AudioKey = Annotated[str, msgspec.Meta(pattern="^audio/.", max_length=500)]
ModelKey = Annotated[str, msgspec.Meta(pattern="^models/.", max_length=500)]
Few = Annotated[int, msgspec.Meta(ge=1, le=LARGEST_CAP)]


class _Body(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """A JSON object without fields nobody reads."""


class WindowBody(_Body):
    """Hours of the contact's own wall clock."""

    days: Annotated[list[Weekday], msgspec.Meta(min_length=1, max_length=7)]
    start: WallTime
    end: WallTime


class IvrOptionBody(_Body):
    """One key of a menu."""

    key: Annotated[str, msgspec.Meta(max_length=10)]
    goto: Name


class IvrNodeBody(_Body):
    """One step of the dialogue."""

    id: Name
    action: Name
    audio: AudioKey | None = None
    goto: Name | None = None
    options: Annotated[list[IvrOptionBody], msgspec.Meta(max_length=20)] = []


class IvrBody(_Body):
    """The dialogue of a voice campaign."""

    entry: Name
    nodes: Annotated[list[IvrNodeBody], msgspec.Meta(max_length=500)]


class RetryBody(_Body):
    """What follows one disposition."""

    delay_minutes: Annotated[int, msgspec.Meta(ge=0, le=60 * 24 * 60)]
    max_attempts: Few


class CampaignDraft(_Body):
    """The body of ``POST /campaigns``."""

    name: Name
    caller_id: Annotated[str, msgspec.Meta(max_length=20)]
    windows: Annotated[list[WindowBody], msgspec.Meta(min_length=1, max_length=50)]
    zone: str | None = None
    """IANA name; ``startAt`` and ``endAt`` without an offset are its wall time, or UTC when there is none."""
    default_region: Annotated[str, msgspec.Meta(pattern="^[A-Z]{2}$")] = "US"
    start_at: str | None = None
    end_at: str | None = None
    audio: Annotated[list[AudioKey], msgspec.Meta(max_length=100)] = []
    ivr: IvrBody | None = None
    restricted_dates: Annotated[list[date], msgspec.Meta(max_length=1000)] = []
    holiday_calendars: Annotated[list[Name], msgspec.Meta(max_length=20)] = []
    max_attempts_per_person: Few = 3
    attempt_window_days: Annotated[int, msgspec.Meta(ge=1, le=LONGEST_CAP_DAYS)] = 7
    calls_per_second: Annotated[float, msgspec.Meta(gt=0, le=10_000)] = 20.0
    max_concurrent_calls: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 500
    retry_rules: dict[Disposition, RetryBody] = {}
    model_key: ModelKey | None = None


def campaign_of(draft: CampaignDraft, campaign_id: str, now: datetime) -> Campaign:
    """Return the campaign that ``draft`` describes: SCHEDULED when it has a ``startAt``, else DRAFT.

    Raises:
        InvalidInputError: a time is none, or its zone is unknown; every such field is named.
    """
    found: list[Problem] = []
    zone = _zone(draft.zone, found)
    start_at = _instant("startAt", draft.start_at, zone, found)
    end_at = _instant("endAt", draft.end_at, zone, found)
    if start_at is not None and start_at <= now:
        found.append(Problem("startAt", "start_in_the_past", f"{start_at.isoformat()} has passed; leave it out"))
    if found:
        raise InvalidInputError(found)
    return Campaign(
        id=campaign_id,
        name=draft.name,
        status=CampaignStatus.SCHEDULED if start_at else CampaignStatus.DRAFT,
        generation=0,
        windows=tuple(
            CallingWindow(tuple(w.days), time.fromisoformat(w.start), time.fromisoformat(w.end))
            for w in draft.windows
        ),
        caller_id=draft.caller_id,
        default_region=draft.default_region,
        zone=draft.zone,
        start_at=start_at,
        end_at=end_at,
        audio=tuple(draft.audio),
        ivr=_flow(draft.ivr) if draft.ivr else None,
        restricted_dates=tuple(draft.restricted_dates),
        holiday_calendars=tuple(draft.holiday_calendars),
        max_attempts_per_person=draft.max_attempts_per_person,
        attempt_window_days=draft.attempt_window_days,
        calls_per_second=draft.calls_per_second,
        max_concurrent_calls=draft.max_concurrent_calls,
        retry_rules={
            disposition.value: RetryRule(rule.delay_minutes, rule.max_attempts)
            for disposition, rule in draft.retry_rules.items()
        },
        created_at=now,
        updated_at=now,
        model_key=draft.model_key,
    )


def _flow(body: IvrBody) -> IvrFlow:
    return IvrFlow(
        entry=body.entry,
        nodes=tuple(
            IvrNode(
                id=node.id,
                action=node.action,
                audio=node.audio,
                goto=node.goto,
                options=tuple(IvrOption(option.key, option.goto) for option in node.options),
            )
            for node in body.nodes
        ),
    )


def _zone(name: str | None, found: list[Problem]) -> ZoneInfo | None:
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        found.append(Problem("zone", "zone_unknown", f"{name[:60]!r} is no IANA time zone such as Europe/Berlin"))
    return None


def _instant(path: str, text: str | None, zone: ZoneInfo | None, found: list[Problem]) -> datetime | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=zone or UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        found.append(Problem(path, "not_a_time", f"{text[:40]!r} is no time such as 2026-03-02T10:00"))
    return None
