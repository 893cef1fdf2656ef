"""Emergencies on the real application, from the report to the last notification, on a skipped clock."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.fleet.adapters.incident_blocks import ACKNOWLEDGE
from localcloud.fast_forward import FastForward
from localcloud.project import LocalProject
from localcloud.standins.slack_people import elements
from localcloud.stepfunctions import Execution, RealTimeline
from tests.e2e.conversation import Conversation

TABLE = "signalbox-local-incidents"
HOUR = 3_600.0


class Desk(Conversation):
    """The fleet desk: reports emergencies and looks what became of them."""

    def report(self, vehicle: str, **changes: Any) -> dict[str, Any]:
        """Report a panic button now and return the API's answer."""
        event = {
            "vehicleId": vehicle,
            "type": "panic_button",
            "location": {"lat": 4.6097, "lon": -74.0817},
            "eventTimestamp": round(self.project.timeline.now() * 1000),
        }
        answer: dict[str, Any] = self.api("POST", "/incidents", event | changes)
        return answer

    def incident(self, incident_id: str) -> dict[str, Any]:
        shown: dict[str, Any] = self.api("GET", f"/incidents/{incident_id}")
        return shown

    def timeline(self, incident_id: str) -> dict[str, Any]:
        shown: dict[str, Any] = self.api("GET", f"/incidents/{incident_id}/timeline")
        return shown

    def sent(self, incident_id: str) -> list[str]:
        """Return the notifications that were sent, by their names."""
        told = self.api("GET", f"/incidents/{incident_id}")["notifications"]
        return sorted(one["id"] for one in told if one["sentAt"])

    def execution(self, incident_id: str) -> Execution:
        arn = f"arn:aws:states:us-east-1:123456789012:execution:emergency-workflow:{incident_id}"
        return self.project.cloud.engine.execution(arn)

    def waits(self, incident_id: str) -> None:
        """Wait until somebody is asked to acknowledge."""
        self.wait(lambda: self._stands(incident_id, lambda: "escalation-0" in self.sent(incident_id)))

    def _stands(self, incident_id: str, ready: Callable[[], bool]) -> bool:
        listed = [one["incidentId"] for one in self.api("GET", "/incidents?limit=100")["incidents"]]
        return incident_id in listed and ready()

    def message(self, incident_id: str) -> dict[str, Any]:
        """Return the message in Slack that has the incident's button."""
        (found,) = [m for m in self.slack.messages if any(one["value"] == incident_id for one in elements(m))]
        return found

    def ends(self, incident_id: str) -> Execution:
        """Skip the waiting until the execution has ended."""
        execution = self.execution(incident_id)
        self.pass_until(lambda: execution.ended)
        assert execution.ended
        return execution

    def pass_until(self, ready: Callable[[], bool]) -> None:
        timeline = self.project.timeline
        assert isinstance(timeline, RealTimeline)
        with FastForward(timeline):
            timeline.run_until(ready, 4 * HOUR)

    def later(self, hours: float) -> None:
        """Let so much time go by on the skipped clock."""
        until = self.project.timeline.now() + hours * HOUR
        passed: list[bool] = []
        self.project.timeline.call_at(until, lambda: passed.append(True))
        self.pass_until(lambda: bool(passed))


@pytest.fixture(scope="module")
def desk(project: LocalProject) -> Desk:
    return Desk(project)


def test_bad_form_is_answered_and_runs_all_the_same(desk: Desk) -> None:
    answer = desk.report("VEH/1 ?", location="here", eventTimestamp="soon", type=7, drill="yes")
    assert {one["path"] for one in answer["problems"]} == {
        "vehicleId", "location", "eventTimestamp", "type", "drill",
    }  # fmt: skip
    assert (answer["duplicate"], answer["drill"]) == (False, False)
    incident_id = answer["incidentId"]
    assert incident_id.startswith("INC-VEH-1")
    execution = desk.ends(incident_id)
    assert execution.status == "SUCCEEDED"
    assert desk.sent(incident_id) == ["operations", "owner"], (
        "a standard response; operations hear of the bad form"
    )


def test_a_duplicate_is_in_the_timeline_and_tells_nobody_again(desk: Desk) -> None:
    first = desk.report("VEH-2")
    at = int(first["incidentId"].rpartition("-")[2])
    again = [desk.report("VEH-2", eventTimestamp=at) for _ in range(2)]
    assert [one["duplicate"] for one in again] == [True, True]
    assert {one["incidentId"] for one in again} == {first["incidentId"]}
    desk.waits(first["incidentId"])
    assert desk.sent(first["incidentId"]) == ["authorities", "escalation-0", "owner"]
    kinds = [one["kind"] for one in desk.timeline(first["incidentId"])["entries"]]
    assert kinds.count("duplicate") == 2
    desk.api("POST", f"/incidents/{first['incidentId']}/acknowledgement", {"by": "ana@example.com"})


def test_acknowledged_by_the_api_nobody_is_told_any_more(desk: Desk) -> None:
    incident_id = desk.report("VEH-3")["incidentId"]
    desk.waits(incident_id)
    message = desk.message(incident_id)
    path = f"/incidents/{incident_id}/acknowledgement"
    first = desk.api("POST", path, {"by": "ana@example.com"})
    second = desk.api("POST", path, {"by": "ben@example.com"})
    assert (first["first"], second["first"]) == (True, False)
    assert second["acknowledgedBy"] == "ana@example.com"
    assert list(elements(message)) == []
    assert "Acknowledged by ana@example.com" in str(message["blocks"])
    assert "VEH-3" in str(message["blocks"]), "the facts stay"
    execution = desk.ends(incident_id)
    assert execution.status == "SUCCEEDED"
    told = desk.sent(incident_id)
    desk.later(2)
    assert desk.sent(incident_id) == told == ["authorities", "escalation-0", "owner"]


def test_acknowledged_by_the_button_in_slack(desk: Desk) -> None:
    incident_id = desk.report("VEH-4")["incidentId"]
    desk.waits(incident_id)
    message = desk.message(incident_id)
    assert "You are not known here" in desk.answered(message, ACKNOWLEDGE, "U0GUEST")
    assert desk.incident(incident_id)["acknowledgement"] is None
    said = desk.answered(message, ACKNOWLEDGE, "U0MANAGER")
    assert f"{incident_id} is acknowledged by maria" in said
    assert list(elements(message)) == []
    assert "Where: https://maps.google.com" in str(message["blocks"])
    late = desk.person().press(message, {"action_id": ACKNOWLEDGE, "value": incident_id})
    assert late.status == 200
    desk.wait(lambda: "was acknowledged before, by maria" in str(desk.slack.responses[-1]))
    desk.ends(incident_id)
    told = desk.sent(incident_id)
    desk.later(2)
    assert desk.sent(incident_id) == told


def test_nobody_answers_and_operations_hear_of_it(desk: Desk) -> None:
    incident_id = desk.report("VEH-5", type="hijack")["incidentId"]
    desk.waits(incident_id)
    execution = desk.ends(incident_id)
    assert (execution.status, execution.error) == ("FAILED", "IncidentUnacknowledged")
    assert "unacknowledged" in desk.sent(incident_id)
    desk.wait(lambda: desk.incident(incident_id)["status"] == "needs_review")


def test_the_timeline_verifies_until_somebody_changes_it(desk: Desk) -> None:
    incident_id = desk.report("VEH-6", type="breakdown")["incidentId"]
    desk.ends(incident_id)
    desk.api(
        "POST", f"/incidents/{incident_id}/deliveries", {"notificationId": "owner", "receipt": "on the handset"}
    )
    shown = desk.timeline(incident_id)
    assert shown["verification"] == {"ok": True, "faults": []}
    assert [one["kind"] for one in shown["entries"]] == ["recorded", "sent", "responded", "delivered"]
    dynamodb = desk.project.cloud.client("dynamodb")
    key = {"incident_id": {"S": incident_id}, "part": {"S": "entry#000002"}}
    entry = json.loads(dynamodb.get_item(TableName=TABLE, Key=key)["Item"]["entry"]["S"])
    entry["data"]["who"] = "nobody"
    dynamodb.put_item(TableName=TABLE, Item=key | {"entry": {"S": json.dumps(entry)}})
    assert desk.timeline(incident_id)["verification"] == {"ok": False, "faults": ["entry 2 was changed"]}
    dynamodb.delete_item(TableName=TABLE, Key=key)
    assert "entry 2 is missing" in desk.timeline(incident_id)["verification"]["faults"][0]


def test_a_drill_reaches_no_authorities_and_is_listed_apart(desk: Desk) -> None:
    incident_id = desk.report("VEH-7", drill=True)["incidentId"]
    listed = "/incidents?drills=true&limit=100"
    desk.wait(lambda: incident_id in str(desk.api("GET", listed)) and "escalation-0" in desk.sent(incident_id))
    assert incident_id not in str(desk.api("GET", "/incidents?limit=100"))
    channels = {one["id"]: one["channel"] for one in desk.incident(incident_id)["notifications"]}
    assert (channels["authorities"], channels["owner"]) == ("operations", "owner")
    assert desk.message(incident_id)["blocks"][0]["text"]["text"].startswith("DRILL, no emergency")
    desk.api("POST", f"/incidents/{incident_id}/acknowledgement", {"by": "ana@example.com"})


def test_a_camera_records_once(desk: Desk) -> None:
    incident_id = desk.report("VEH-8")["incidentId"]
    desk.waits(incident_id)
    assert [one["vehicleId"] for one in desk.project.cameras.recordings if one["incidentId"] == incident_id] == [
        "VEH-8"
    ]
    desk.api("POST", f"/incidents/{incident_id}/acknowledgement", {"by": "ana@example.com"})


def test_what_cannot_be_taken_is_kept(desk: Desk) -> None:
    """A report that cannot be started comes again, five times, and then waits for a person."""
    states = desk.project.cloud.client("stepfunctions")
    (arn,) = [
        one["stateMachineArn"]
        for one in states.list_state_machines()["stateMachines"]
        if one["name"] == "emergency-workflow"
    ]
    states.delete_state_machine(stateMachineArn=arn)
    sqs = desk.project.cloud.client("sqs")
    url = sqs.get_queue_url(QueueName="signalbox-local-emergency.fifo")["QueueUrl"]
    dead = sqs.get_queue_url(QueueName="signalbox-local-emergency-dead-letters.fifo")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="{}", MessageGroupId="VEH-9", MessageDeduplicationId="lost")
    kept: list[Any] = []

    def found() -> bool:
        kept.extend(sqs.receive_message(QueueUrl=dead).get("Messages", []))
        return bool(kept)

    deadline = time.monotonic() + 60
    while not found() and time.monotonic() < deadline:
        desk.later(0.1)
    assert [one["Body"] for one in kept] == ["{}"]
