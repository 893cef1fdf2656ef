"""A campaign and contacts to start from; tests change what they are about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

from chalicelib.campaigns.domain.campaign import CallingWindow, Campaign, CampaignStatus, Weekday
from chalicelib.campaigns.domain.contact import Contact

MONDAY_NOON = datetime(2026, 6, 1, 16, 0, tzinfo=UTC)
"""Monday, noon in New York."""

ALL_WEEK = tuple(Weekday)
WORKDAYS = ALL_WEEK[:5]
DAYTIME = CallingWindow(WORKDAYS, time(9), time(20))
ALWAYS = CallingWindow(ALL_WEEK, time(0), time(23, 59))

RUN_ARN = "arn:aws:states:us-east-1:123456789012:execution:campaign-execution:spring-1"


def campaign(**changes: Any) -> Campaign:
    """Return an active campaign in its first generation, changed as asked."""
    sample = Campaign(
        id="spring",
        name="Spring",
        status=CampaignStatus.ACTIVE,
        generation=1,
        windows=(DAYTIME,),
        caller_id="+12125550100",
        audio=("audio/spring.wav",),
        active_execution=RUN_ARN,
        created_at=MONDAY_NOON,
    )
    return replace(sample, **changes)


def contact(number: int, **changes: Any) -> Contact:
    """Return the ``number``-th pending contact of the sample campaign, changed as asked."""
    sample = Contact(
        campaign_id="spring",
        id=f"c{number:07d}",
        phone=f"+1212{number:07d}",
        zones=("America/New_York",),
        priority=0.5,
    )
    return replace(sample, **changes)
