"""What emergencies need of the world."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from chalicelib.fleet.domain.incidents.report import Report
from chalicelib.fleet.domain.incidents.timeline import Entry, Head
from chalicelib.fleet.domain.incidents.words import Words

MOST_ENTRIES = 99
"""Entries of a timeline appended at once: a transaction of DynamoDB has 100 writes, and the head is one."""


class ClaimResult(Enum):
    """What became of asking to send a notification."""

    TAKEN = "taken"
    """It is ours to send, and nobody else's ever after."""
    SENT = "sent"
    """It was sent before."""
    UNSETTLED = "unsettled"
    """It was taken before, and nobody wrote how that ended."""
    ACKNOWLEDGED = "acknowledged"
    """Somebody has acknowledged the incident: it must not be sent."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One notification of an incident."""

    id: str
    """Within the incident: "authorities", "escalation-2"."""
    channel: str
    who: str
    claimed_at: str
    sent_at: str | None = None
    message_id: str | None = None
    """What the channel calls it: an SNS message's id, a Slack message's channel and time stamp."""
    delivered_at: str | None = None
    receipt: str | None = None
    """What was reported of its delivery."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The answer of `IncidentStore.claim`."""

    result: ClaimResult
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Who took charge of an incident. The first one counts."""

    by: str
    at: str
    via: str
    """"api" or "slack"."""


@dataclass(frozen=True, slots=True)
class Record:
    """What the machine wrote of the incident."""

    event: Mapping[str, Any]
    """The execution's input."""
    status: str
    """"recorded", "notified" or "needs_review"."""
    recorded_at: str
    execution_arn: str
    drill: bool = False
    acknowledged: bool = False
    """Copied from the acknowledgement, for lists."""


@dataclass(frozen=True, slots=True)
class Incident:
    """Everything known of one incident."""

    id: str
    record: Record | None = None
    """None before the machine has written it."""
    notices: Mapping[str, Notice] = field(default_factory=dict)
    acknowledgement: Acknowledgement | None = None
    entries: Sequence[Entry] = ()
    head: Head | None = None


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The answer of `IncidentStore.acknowledge`."""

    acknowledgement: Acknowledgement
    """The one that counts."""
    first: bool
    """It is the one just given."""
    task_token: str | None
    """Of the execution that waits for it."""
    notices: Mapping[str, Notice]


class IncidentStore:
    """Incidents, their notifications, acknowledgements and timelines (DynamoDB)."""

    def load(self, incident_id: str) -> Incident | None:
        """Return everything known, read consistently; None for an unknown id."""
        raise NotImplementedError

    def claim(self, incident_id: str, notice: Notice) -> Claim:
        """Take a notification to send it, unless it was taken before or the incident is acknowledged.

        One conditional write decides, so of many that ask one gets `ClaimResult.TAKEN`, and none does once an
        acknowledgement is written.
        """
        raise NotImplementedError

    def sent(self, incident_id: str, notice_id: str, message_id: str, at: datetime) -> None:
        """Write that the channel took a claimed notification."""
        raise NotImplementedError

    def release(self, incident_id: str, notice_id: str) -> None:
        """Give a claim back: the channel surely took nothing."""
        raise NotImplementedError

    def delivered(self, incident_id: str, notice_id: str, receipt: str, at: datetime) -> bool:
        """Write that a sent notification arrived; False where no such one was sent. The first receipt is kept."""
        raise NotImplementedError

    def acknowledge(self, incident_id: str, acknowledgement: Acknowledgement) -> Acknowledged:
        """Write the acknowledgement, unless there is one."""
        raise NotImplementedError

    def wait_for_acknowledgement(self, incident_id: str, task_token: str) -> Acknowledgement | None:
        """Keep the token of who waits; where the incident is acknowledged, return that instead."""
        raise NotImplementedError

    def append(self, incident_id: str, before: Head | None, entries: Sequence[Entry]) -> bool:
        """Add entries to the timeline if it still ends in ``before``, all of them or (False) none."""
        raise NotImplementedError

    def mark(
        self, incident_id: str, *, needs_review: bool = False, drill: bool = False, acknowledged: bool = False
    ) -> None:
        """Note in an incident's record what is true of it; without a record nothing is noted."""
        raise NotImplementedError

    def page(self, *, drills: bool, limit: int, after: str | None) -> tuple[list[Incident], str | None]:
        """Return incidents with their records alone, the latest first, and where the next page begins."""
        raise NotImplementedError


class Channels:
    """Ways to reach people."""

    def send(self, channel: str, words: Words, attributes: Mapping[str, str]) -> str:
        """Hand a message over, once, without trying again; return what the channel calls it.

        Args:
            channel: one of `domain.incidents.escalation.CHANNELS`.
            words: what people read.
            attributes: for filters and buttons: ``incidentId``, ``notificationId``, ``type``, ``drill``.

        Raises:
            NotificationBusyError, NotificationRefusedError: nothing was taken.
            NotificationUnsureError: nobody knows.
        """
        raise NotImplementedError

    def close(self, message_id: str, words: Words) -> None:
        """Take the button from a message in Slack, as far as possible; other channels have none."""
        raise NotImplementedError


class VideoRecorder:
    """The device platform that runs the vehicles' cameras."""

    def start(self, vehicle_id: str, incident_id: str) -> str:
        """Start recording and return the recording's id; the same incident again is the same recording.

        Raises:
            VideoUnavailableError: it did not start.
        """
        raise NotImplementedError


class EmergencyRuns:
    """Executions of ``emergency-workflow`` (Step Functions)."""

    def arn(self, incident_id: str) -> str:
        """Return the ARN an incident's execution has, started or not."""
        raise NotImplementedError

    def start(self, report: Report) -> bool:
        """Start the incident's execution; False where another report has started it.

        Raises:
            TransientError: Step Functions is over its rate or out of order; try later.
        """
        raise NotImplementedError

    def acknowledged(self, task_token: str, acknowledgement: Acknowledgement) -> None:
        """Let the waiting execution go on; one that does not wait any more is fine."""
        raise NotImplementedError


class EmergencyQueue:
    """The FIFO queue of reports, in order for each vehicle (SQS)."""

    def put(self, text: str, vehicle: str, report_id: str) -> None:
        """Queue a report's own text.

        Args:
            text: as it came.
            vehicle: who sent it, and whose order counts: 1 to 40 letters, digits, "-" and "_".
            report_id: a report put twice within five minutes is there once.
        """
        raise NotImplementedError
