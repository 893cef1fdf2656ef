"""emergency-workflow: a panic button, a standard event, a duplicate, and an escalation somebody acknowledges."""

from __future__ import annotations

import json
import time
from collections import Counter
from typing import Any

from localcloud.demos.demo import Bench, Demo, Verdict
from localcloud.demos.http_calls import ApiCallError

_PATIENCE_SECONDS = 20.0
_QUEUE = "signalbox-local-emergency.fifo"


class _Emergency:
    """What the demonstrations of emergencies share: a report through the FIFO queue, as devices send it."""

    machine = "emergency-workflow"
    vehicle = "VEH-00000"
    kind = "panic_button"
    reports = 1
    acknowledged_after_seconds: float | None = None
    """None: nobody has to."""
    expected: frozenset[str] = frozenset()
    """Notifications that should have been sent, no other."""

    def __init__(self) -> None:
        self._id = ""
        self._at = 0

    def start(self, bench: Bench) -> str:
        """See `Demo.start`."""
        self._at = round(bench.cloud.timeline.now() * 1000)
        self._id = f"INC-{self.vehicle}-{self._at}"
        for number in range(self.reports):
            self._send(bench, number)
        incident = self._once(bench, lambda seen: seen["status"] != "recorded")
        if self.acknowledged_after_seconds is not None:
            self._acknowledge_later(bench, self.acknowledged_after_seconds)
        return str(incident["executionArn"])

    def progress(self, bench: Bench) -> tuple[float, str]:
        """See `Demo.progress`."""
        incident = bench.api("GET", f"/incidents/{self._id}")
        sent = sum(one["sentAt"] is not None for one in incident["notifications"])
        done = self.acknowledged_after_seconds is None or incident["acknowledgement"] is not None
        return (1.0 if done else sent / (len(self.expected) + 1)), f"{incident['status']}, {sent} sent"

    def verdict(self, bench: Bench) -> Verdict:
        """See `Demo.verdict`."""
        incident = bench.api("GET", f"/incidents/{self._id}")
        timeline = bench.api("GET", f"/incidents/{self._id}/timeline")
        execution = bench.cloud.engine.execution(incident["executionArn"])
        faults = self._faults(bench, incident, timeline)
        if execution.status != "SUCCEEDED":
            faults.append(f"the execution is {execution.status}: {execution.error}")
        took = execution.output["executionTime"] if execution.status == "SUCCEEDED" else "-"
        result = f"{self._told(incident, took)}; {self._end(incident, timeline)}"
        return Verdict(not faults, "; ".join(faults) or result, f"{bench.api_url}/incidents/{self._id}/timeline")

    def _faults(self, bench: Bench, incident: dict[str, Any], timeline: dict[str, Any]) -> list[str]:
        """Return what is not as it should be."""
        faults = []
        sent = Counter(one["id"] for one in incident["notifications"] if one["sentAt"])
        if set(sent) != self.expected:
            faults.append(f"told were {', '.join(sorted(sent))}, not {', '.join(sorted(self.expected))}")
        if not timeline["verification"]["ok"]:
            faults.append(f"the timeline is broken: {timeline['verification']['faults']}")
        duplicates = sum(entry["kind"] == "duplicate" for entry in timeline["entries"])
        if duplicates != self.reports - 1:
            faults.append(f"{duplicates} duplicates are in the timeline, not {self.reports - 1}")
        runs = [one for one in bench.cloud.engine.list_executions() if one.name == self._id]
        if len(runs) != 1:
            faults.append(f"{len(runs)} executions were started")
        return faults

    def _told(self, incident: dict[str, Any], took: str) -> str:
        """Return who was told: "authorities and owner in 0.11s, then duty operator (slack)"."""
        told = incident["notifications"]
        first = " and ".join(sorted(one["who"] for one in told if one["id"] in ("authorities", "owner")))
        asked = [f"{one['who']} ({one['channel']})" for one in told if one["id"].startswith("escalation-")]
        return ", then ".join([f"{first} told in {took}", *asked])

    def _end(self, incident: dict[str, Any], timeline: dict[str, Any]) -> str:
        given = incident["acknowledgement"]
        end = f"acknowledged by {given['by']}" if given else "nobody has to acknowledge it"
        once = f"reported {self.reports} times, run once; " if self.reports > 1 else ""
        return f"{once}{end}; timeline of {len(timeline['entries'])} entries verified"

    def _send(self, bench: Bench, number: int) -> None:
        event = {
            "vehicleId": self.vehicle,
            "type": self.kind,
            "severity": "critical",
            "location": {"lat": 4.6097, "lon": -74.0817},
            "eventTimestamp": self._at,
            "metadata": {"driver_id": "DRV-789"},
        }
        sqs = bench.cloud.client("sqs")
        sqs.send_message(
            QueueUrl=sqs.get_queue_url(QueueName=_QUEUE)["QueueUrl"],
            MessageBody=json.dumps(event),
            MessageGroupId=self.vehicle,
            MessageDeduplicationId=f"{self._id}-{number}",
        )

    def _once(self, bench: Bench, wanted: Any) -> dict[str, Any]:
        """Return the incident as soon as it is as ``wanted`` says."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                incident: dict[str, Any] = bench.api("GET", f"/incidents/{self._id}")
                if incident["executionArn"] and wanted(incident):
                    return incident
            except ApiCallError:
                if time.monotonic() > deadline:
                    raise
            if time.monotonic() > deadline:
                raise ApiCallError(f"{self._id} did not get on within {_PATIENCE_SECONDS:.0f} s")
            time.sleep(0.05)

    def _acknowledge_later(self, bench: Bench, seconds: float) -> None:
        """Let somebody acknowledge at that time of the skipped clock."""
        path = f"/incidents/{self._id}/acknowledgement"

        def acknowledge() -> None:
            bench.cloud.timeline.submit(
                lambda: bench.api("POST", path, {"by": "ana@example.com"}), lambda _answer: None
            )

        bench.cloud.timeline.call_at(self._at / 1000 + seconds, acknowledge)


class PanicButton(_Emergency, Demo):
    """Authorities, owner and camera; the duty operator answers Slack within half a minute."""

    scenario = "a panic button"
    vehicle = "VEH-12345"
    acknowledged_after_seconds = 30.0
    expected = frozenset(("authorities", "owner", "escalation-0"))


class StandardEvent(_Emergency, Demo):
    """A breakdown reaches the owner."""

    scenario = "a standard event"
    vehicle = "VEH-20002"
    kind = "breakdown"
    expected = frozenset(("owner",))


class DuplicateReport(_Emergency, Demo):
    """The same panic button, sent three times."""

    scenario = "a duplicate"
    vehicle = "VEH-30003"
    reports = 3
    acknowledged_after_seconds = 30.0
    expected = frozenset(("authorities", "owner", "escalation-0"))


class AcknowledgedEscalation(_Emergency, Demo):
    """Nobody answers for three minutes; the fleet manager does."""

    scenario = "an acknowledged escalation"
    vehicle = "VEH-40004"
    kind = "hijack"
    acknowledged_after_seconds = 200.0
    expected = frozenset(("authorities", "owner", "escalation-0", "escalation-1", "escalation-2"))
