"""Campaigns and contacts for these tests: a valid one, changed field by field."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from chalicelib.campaigns.domain.campaign import CallingWindow, Campaign, CampaignStatus, Weekday
from chalicelib.campaigns.domain.contact import Contact

WORKDAYS = (Weekday.MONDAY, Weekday.TUESDAY, Weekday.WEDNESDAY, Weekday.THURSDAY, Weekday.FRIDAY)
EVERY_DAY = tuple(Weekday)


def window(start: str, end: str, days: tuple[Weekday, ...] = WORKDAYS) -> CallingWindow:
    """Return a window from texts such as ``09:00``."""
    return CallingWindow(days, time.fromisoformat(start), time.fromisoformat(end))


def utc(text: str) -> datetime:
    """Return an aware UTC datetime: ``utc("2025-06-02 13:00")``."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def campaign(**changes: Any) -> Campaign:
    """Return a voice campaign that may call on workdays from nine to five."""
    values: dict[str, Any] = {
        "id": "camp-1",
        "name": "Spring recall",
        "status": CampaignStatus.SCHEDULED,
        "generation": 1,
        "windows": (window("09:00", "17:00"),),
        "caller_id": "+12025550100",
    }
    return Campaign(**(values | changes))


def contact(**changes: Any) -> Contact:
    """Return a contact in New York that was never called."""
    values: dict[str, Any] = {
        "campaign_id": "camp-1",
        "id": "c-1",
        "phone": "+12125550123",
        "zones": ("America/New_York",),
    }
    return Contact(**(values | changes))
