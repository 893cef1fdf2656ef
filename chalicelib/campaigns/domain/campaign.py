"""What a campaign is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum


class CampaignStatus(StrEnum):
    """Where a campaign stands."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    ACTIVE = "active"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    COMPLETED = "completed"
    FAILED = "failed"


FINAL_STATUSES = frozenset({CampaignStatus.CANCELLED, CampaignStatus.COMPLETED, CampaignStatus.FAILED})


class Weekday(StrEnum):
    """Days as they are written in a window, in the order of ``date.weekday()``."""

    MONDAY = "mon"
    TUESDAY = "tue"
    WEDNESDAY = "wed"
    THURSDAY = "thu"
    FRIDAY = "fri"
    SATURDAY = "sat"
    SUNDAY = "sun"


@dataclass(frozen=True, slots=True)
class CallingWindow:
    """Hours of the contact's own wall clock in which a call may be placed."""

    days: tuple[Weekday, ...]
    start: time
    """Local wall time, included."""
    end: time
    """Local wall time, excluded; after ``start`` on the same day."""


@dataclass(frozen=True, slots=True)
class IvrOption:
    """One key of a menu."""

    key: str
    """``0`` to ``9``, ``*`` or ``#``."""
    goto: str
    """The node it leads to."""


@dataclass(frozen=True, slots=True)
class IvrNode:
    """One step of the dialogue."""

    id: str
    action: str
    """``play`` (audio, then ``goto``), ``menu`` (audio, then a key), ``transfer``, ``opt_out`` or ``hangup``."""
    audio: str | None = None
    """S3 key of the audio in the assets bucket."""
    goto: str | None = None
    options: tuple[IvrOption, ...] = ()


@dataclass(frozen=True, slots=True)
class IvrFlow:
    """The dialogue of a voice campaign: a graph of nodes."""

    entry: str
    nodes: tuple[IvrNode, ...]


@dataclass(frozen=True, slots=True)
class RetryRule:
    """What follows one disposition."""

    delay_minutes: int
    max_attempts: int
    """Attempts in all, the first counted; reached: the contact is exhausted."""


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign's configuration and where it stands."""

    id: str
    name: str
    status: CampaignStatus
    generation: int
    """Counted up by every start and resume; messages of an older generation do nothing."""
    windows: tuple[CallingWindow, ...]
    caller_id: str
    """E.164 number the calls come from."""
    default_region: str = "US"
    """ISO 3166 region in which numbers without a country code are read."""
    zone: str | None = None
    """IANA zone of the campaign itself: for ``start_at`` and reports. A contact's window is reckoned in the
    contact's own zones."""
    start_at: datetime | None = None
    end_at: datetime | None = None
    audio: tuple[str, ...] = ()
    """S3 keys in the assets bucket."""
    ivr: IvrFlow | None = None
    restricted_dates: tuple[date, ...] = ()
    """Dates (of the contact's wall clock) on which nobody is called."""
    holiday_calendars: tuple[str, ...] = ()
    """Names of calendars kept as data, such as ``US-federal``."""
    max_attempts_per_person: int = 3
    """Calls one phone number may get within ``attempt_window_days``, over all campaigns."""
    attempt_window_days: int = 7
    calls_per_second: float = 20.0
    max_concurrent_calls: int = 500
    retry_rules: dict[str, RetryRule] = field(default_factory=dict)
    """Disposition -> rule; missing ones take the documented default table."""
    active_execution: str | None = None
    """ARN of the execution that runs this generation; only it may move the campaign."""
    created_at: datetime | None = None
    updated_at: datetime | None = None
    model_key: str | None = None
    """S3 key of the priority model; none: the documented prior."""
