"""What emergencies need of the world, in memory."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from chalicelib.core.clock import Clock
from chalicelib.fleet.domain.incidents.report import Report
from chalicelib.fleet.domain.incidents.timeline import Entry, Head
from chalicelib.fleet.domain.incidents.words import Words
from chalicelib.fleet.errors.incidents import VideoUnavailableError
from chalicelib.fleet.ports.incidents import (
    MOST_ENTRIES,
    Acknowledged,
    Acknowledgement,
    Channels,
    Claim,
    ClaimResult,
    EmergencyQueue,
    EmergencyRuns,
    Incident,
    IncidentStore,
    Notice,
    Record,
    VideoRecorder,
)
from localcloud.stepfunctions import TaskError
from tests.fakes.kill import KillSwitch

REFUSED = "DynamoDB.ConditionalCheckFailedException"


class FakeIncidentStore(IncidentStore):
    """Each method is one write, before and after which the process may die."""

    def __init__(self, switch: KillSwitch | None = None) -> None:
        self.incidents: dict[str, Incident] = {}
        self.tokens: dict[str, str] = {}
        self._switch = switch or KillSwitch()

    def load(self, incident_id: str) -> Incident | None:
        return self.incidents.get(incident_id)

    def claim(self, incident_id: str, notice: Notice) -> Claim:
        self._switch.point("before claim")
        incident = self._get(incident_id)
        known = incident.notices.get(notice.id)
        if known is not None:
            return Claim(ClaimResult.SENT if known.message_id is not None else ClaimResult.UNSETTLED, known)
        if incident.acknowledgement is not None:
            return Claim(ClaimResult.ACKNOWLEDGED)
        self._notice(incident_id, notice)
        self._switch.point("after claim")
        return Claim(ClaimResult.TAKEN, notice)

    def sent(self, incident_id: str, notice_id: str, message_id: str, at: datetime) -> None:
        self._switch.point("before sent")
        notice = self._get(incident_id).notices[notice_id]
        self._notice(incident_id, replace(notice, message_id=message_id, sent_at=_text(at)))
        self._switch.point("after sent")

    def release(self, incident_id: str, notice_id: str) -> None:
        self._switch.point("before release")
        incident = self._get(incident_id)
        kept = {key: value for key, value in incident.notices.items() if key != notice_id}
        self.incidents[incident_id] = replace(incident, notices=kept)

    def delivered(self, incident_id: str, notice_id: str, receipt: str, at: datetime) -> bool:
        notice = self._get(incident_id).notices.get(notice_id)
        if notice is None or notice.sent_at is None:
            return False
        if notice.delivered_at is None:
            self._notice(incident_id, replace(notice, delivered_at=_text(at), receipt=receipt))
        return True

    def acknowledge(self, incident_id: str, acknowledgement: Acknowledgement) -> Acknowledged:
        self._switch.point("before acknowledge")
        incident = self._get(incident_id)
        first = incident.acknowledgement is None
        counts = incident.acknowledgement or acknowledgement
        self.incidents[incident_id] = replace(incident, acknowledgement=counts)
        self._switch.point("after acknowledge")
        return Acknowledged(counts, first, self.tokens.get(incident_id), incident.notices)

    def wait_for_acknowledgement(self, incident_id: str, task_token: str) -> Acknowledgement | None:
        self._switch.point("before token")
        given = self._get(incident_id).acknowledgement
        if given is None:
            self.tokens[incident_id] = task_token
        return given

    def append(self, incident_id: str, before: Head | None, entries: Sequence[Entry]) -> bool:
        self._switch.point("before append")
        assert len(entries) <= MOST_ENTRIES
        incident = self._get(incident_id)
        if incident.head != before:
            return False
        head = Head(entries[-1].number, entries[-1].hash)
        self.incidents[incident_id] = replace(incident, entries=[*incident.entries, *entries], head=head)
        self._switch.point("after append")
        return True

    def mark(
        self, incident_id: str, *, needs_review: bool = False, drill: bool = False, acknowledged: bool = False
    ) -> None:
        incident = self._get(incident_id)
        if incident.record is None:
            return
        record = replace(
            incident.record,
            status="needs_review" if needs_review else incident.record.status,
            drill=drill or incident.record.drill,
            acknowledged=acknowledged or incident.record.acknowledged,
        )
        self.incidents[incident_id] = replace(incident, record=record)

    def page(self, *, drills: bool, limit: int, after: str | None) -> tuple[list[Incident], str | None]:
        recorded = [
            one for one in self.incidents.values() if one.record is not None and one.record.drill == drills
        ]
        return recorded[::-1][:limit], None

    # -- what the machine writes itself

    def put_record(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Answer dynamodb:putItem of RecordIncident, with its condition."""
        item = {key: value["S"] for key, value in arguments["Item"].items()}
        execution = arguments["ExpressionAttributeValues"][":execution"]["S"]
        record = self._get(item["incident_id"]).record
        if record is not None and (record.execution_arn, record.status) != (execution, "recorded"):
            raise TaskError(REFUSED, "The conditional request failed")
        self._record(item["incident_id"], item["event"], "recorded", item["recorded_at"], item["execution_arn"])
        return {}

    def update_record(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Answer dynamodb:updateItem of UpdateIncidentStatus."""
        incident_id = arguments["Key"]["incident_id"]["S"]
        values = {key: value["S"] for key, value in arguments["ExpressionAttributeValues"].items()}
        if (record := self._get(incident_id).record) is None:
            self._record(incident_id, values[":event"], "notified", values[":now"], values[":execution"])
        else:
            self.incidents[incident_id] = replace(
                self._get(incident_id), record=replace(record, status="notified")
            )
        return {"Attributes": {"incident_id": {"S": incident_id}, "status": {"S": "notified"}}}

    def _record(self, incident_id: str, event: str, status: str, at: str, execution: str) -> None:
        record = Record(json.loads(event), status, at, execution)
        self.incidents[incident_id] = replace(self._get(incident_id), record=record)

    def _get(self, incident_id: str) -> Incident:
        return self.incidents.get(incident_id) or Incident(incident_id)

    def _notice(self, incident_id: str, notice: Notice) -> None:
        incident = self._get(incident_id)
        self.incidents[incident_id] = replace(incident, notices={**incident.notices, notice.id: notice})


@dataclass(frozen=True)
class Sent:
    """One message a channel took."""

    at: datetime
    channel: str
    words: Words
    attributes: Mapping[str, str]

    @property
    def id(self) -> str:
        """The notification's id within its incident."""
        return self.attributes["notificationId"].rpartition("/")[2]


@dataclass
class FakeChannels(Channels):
    """Takes every message, or fails as `failing` says."""

    clock: Clock
    switch: KillSwitch = field(default_factory=KillSwitch)
    sent: list[Sent] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    failing: dict[str, Exception] = field(default_factory=dict)
    """Channel -> what it raises."""

    def send(self, channel: str, words: Words, attributes: Mapping[str, str]) -> str:
        self.switch.point("before send")
        if channel in self.failing:
            raise self.failing[channel]
        self.sent.append(Sent(self.clock.now(), channel, words, attributes))
        self.switch.point("after send")
        return f"message-{len(self.sent)}"

    def close(self, message_id: str, words: Words) -> None:
        self.closed.append(message_id)


class FakeRecorder(VideoRecorder):
    """Starts a recording an incident."""

    def __init__(self) -> None:
        self.recordings: dict[str, str] = {}
        self.broken = False

    def start(self, vehicle_id: str, incident_id: str) -> str:
        if self.broken:
            raise VideoUnavailableError("the device platform answered 503")
        return self.recordings.setdefault(incident_id, f"recording-{len(self.recordings) + 1}")


class FakeRuns(EmergencyRuns):
    """Knows executions by name, with their input."""

    def __init__(self) -> None:
        self.started: dict[str, dict[str, Any]] = {}
        self.answered: list[tuple[str, Acknowledgement]] = []
        self.failing: dict[str, Exception] = {}
        """Vehicle -> what starting raises."""

    def arn(self, incident_id: str) -> str:
        return f"arn:aws:states:us-east-1:123456789012:execution:emergency-workflow:{incident_id}"

    def start(self, report: Report) -> bool:
        if report.vehicle_id in self.failing:
            raise self.failing[report.vehicle_id]
        known = self.started.setdefault(report.incident_id, report.as_input())
        return known == report.as_input()

    def acknowledged(self, task_token: str, acknowledgement: Acknowledgement) -> None:
        self.answered.append((task_token, acknowledgement))


class FakeQueue(EmergencyQueue):
    """Keeps what is put."""

    def __init__(self) -> None:
        self.messages: dict[str, tuple[str, str]] = {}
        """Report id -> (vehicle, text)."""

    def put(self, text: str, vehicle: str, report_id: str) -> None:
        self.messages.setdefault(report_id, (vehicle, text))


def _text(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")
