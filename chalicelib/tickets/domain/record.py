"""Where a ticket stands at the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Standing(StrEnum):
    """How far the desk is with a ticket."""

    MATCHING = "matching"
    RECOMMENDED = "recommended"
    """The recommendation is stored and not yet told, or a person is being asked."""
    POSTED = "posted"
    """The experts are named in Slack."""
    DECLINED = "declined"
    """An operator decided that nobody is assigned."""
    FAILED = "failed"
    SOLVED = "solved"


@dataclass(frozen=True, slots=True)
class TicketRecord:
    """What the desk knows of one ticket beside its text."""

    ticket_id: str
    standing: Standing
    bucket: str
    key: str
    """Where the ticket lies in S3."""
    version_id: str
    fingerprint: str
    """Of the text that was matched last."""
    updated_at: datetime
    execution_arn: str = ""
    recommendation_id: str = ""
    """The latest one; empty: none yet."""
    channel: str = ""
    message_ts: str = ""
    """Where the recommendation stands in Slack."""
    problem: str = ""
    """Of a failed one: which state failed and why."""
    revision: int = 0
    """Counted up by every write; 0: not stored yet."""
