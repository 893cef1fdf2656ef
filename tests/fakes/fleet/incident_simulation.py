"""``emergency-workflow`` on the virtual clock: the real definition, the real services, the world in memory.

simulation = IncidentSimulation()
run = simulation.report(panic())
simulation.timeline.run_until_idle()
path(run)     ["RecordIncident", "DetermineResponseType", ...]
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chalicelib.fleet.domain.incidents.escalation import Stage
from chalicelib.fleet.domain.incidents.report import Report, read_report
from chalicelib.fleet.ports.incidents import Acknowledgement
from chalicelib.fleet.service.incidents import (
    acknowledging,
    completing,
    ending,
    escalating,
    notifying,
    recording,
    reporting,
    telling,
)
from localcloud.stepfunctions import (
    Engine,
    EngineListener,
    Execution,
    Integrations,
    TaskCall,
    VirtualTimeline,
)
from localcloud.stepfunctions.errors import StepFunctionsError
from localcloud.stepfunctions.faults import Faults, FaultyIntegrations
from localcloud.triggers.status_events import status_detail
from tests.fakes.fleet.incident_world import FakeChannels, FakeIncidentStore, FakeRecorder, FakeRuns
from tests.fakes.kill import KilledError, KillSwitch
from tests.fakes.machine import TimelineClock, function_of, invoked

DEFINITION = Path(__file__).resolve().parents[3] / "statemachines" / "emergency-workflow.asl.json"
NIGHT = datetime(2026, 6, 2, 3, 14, 15, tzinfo=UTC)
STAGES = (Stage("duty operator", "slack", 0), Stage("fleet manager", "operations", 60, 2))
"""Slack at once, operations after one and after two minutes, the end after three."""
ENDS = ("IncidentClosed", "DuplicateIncident", "IncidentNeedsReview", "IncidentUnacknowledged")


def panic(**changes: Any) -> dict[str, Any]:
    """Return the seed's event, reported now."""
    return {
        "vehicleId": "VEH-12345",
        "type": "panic_button",
        "severity": "critical",
        "location": {"lat": 4.6097, "lon": -74.0817},
        "eventTimestamp": round(NIGHT.timestamp() * 1000),
        "metadata": {"driver_id": "DRV-789"},
    } | changes


class EngineRuns(FakeRuns):
    """The engine's executions."""

    def __init__(self, simulation: IncidentSimulation) -> None:
        super().__init__()
        self._simulation = simulation

    def start(self, report: Report) -> bool:
        simulation = self._simulation
        try:
            simulation.engine.start_execution(
                simulation.machine.arn, json.dumps(report.as_input()), report.incident_id
            )
        except StepFunctionsError:
            return False
        return True

    def acknowledged(self, task_token: str, acknowledgement: Acknowledgement) -> None:
        super().acknowledged(task_token, acknowledgement)
        output = {"by": acknowledgement.by, "at": acknowledgement.at, "via": acknowledgement.via}
        try:
            self._simulation.engine.send_task_success(task_token, json.dumps(output))
        except StepFunctionsError:
            return  # it waits no more


class IncidentSimulation(Integrations, EngineListener):
    """See the module's docstring."""

    def __init__(self, *, stages: Sequence[Stage] = STAGES, switch: KillSwitch | None = None) -> None:
        self.timeline = VirtualTimeline(NIGHT.timestamp())
        self.clock = TimelineClock(self.timeline)
        self.stages = stages
        self.faults = Faults()
        switch = switch or KillSwitch()
        self.store = FakeIncidentStore(switch)
        self.channels = FakeChannels(self.clock, switch)
        self.recorder = FakeRecorder()
        self.runs = EngineRuns(self)
        self.direct: list[dict[str, Any]] = []
        """What the machine published itself."""
        self.ended: list[dict[str, str]] = []
        """What on-incident-run-ended answered."""
        self.transitions: Counter[str] = Counter()
        self.notify_ports = notifying.Ports(self.store, self.channels)
        self.report_ports = reporting.Ports(self.runs, self.store)
        self.acknowledge_ports = acknowledging.Ports(self.store, self.channels, self.runs)
        self.engine = Engine(
            self.timeline,
            self,
            listener=self,
            faults=lambda inner: FaultyIntegrations(inner, self.faults, lambda: self.engine),
        )
        self.machine = self.engine.create_state_machine(
            "emergency-workflow", DEFINITION.read_text(), role_arn="arn:aws:iam::123456789012:role/emergencies"
        )

    # -- what a test does

    def report(self, event: dict[str, Any], report_id: str = "report-1") -> Execution:
        """Report an emergency as the queue does and return its execution."""
        now = round(self.timeline.now() * 1000)
        report = read_report(json.dumps(event), report_id=report_id, received_at=now)
        reporting.take(report, self.report_ports)
        return self.execution(report.incident_id)

    def execution(self, name: str) -> Execution:
        """Return the execution of that name."""
        return next(one for one in self.engine.list_executions() if one.name == name)

    def start(self, event: dict[str, Any], name: str) -> Execution:
        """Start the machine by hand, as the seed's command does."""
        return self.engine.start_execution(self.machine.arn, json.dumps(event), name)

    def acknowledge_at(self, seconds: float, by: str = "ana") -> None:
        """Let somebody acknowledge the one incident, ``seconds`` after the start."""
        self.timeline.call_at(NIGHT.timestamp() + seconds, lambda: self.acknowledge(by))

    def acknowledge(self, by: str = "ana") -> acknowledging.Answer | None:
        """Acknowledge the one incident, if there is one yet."""
        if not self.store.incidents:
            return None
        (incident_id,) = self.store.incidents
        return acknowledging.acknowledge(incident_id, by, "api", self.acknowledge_ports, self.clock)

    def told(self) -> list[str]:
        """Return the ids of the notifications sent, in order."""
        return [one.id for one in self.channels.sent]

    # -- what the machine calls

    def call(self, call: TaskCall) -> Any:
        match call.resource.rpartition(":::")[2]:
            case "dynamodb:putItem":
                return self.store.put_record(call.arguments)
            case "dynamodb:updateItem":
                return self.store.update_record(call.arguments)
            case "sns:publish":
                self.direct.append(call.arguments)
                return {"MessageId": f"direct-{len(self.direct)}"}
        return invoked(call, getattr(self, function_of(call)))

    def DuplicateRecorder(self, event: dict[str, Any]) -> dict[str, Any]:
        report_id = event["event"].get("report", {}).get("id") or event["executionArn"]
        return {"noted": reporting.note_duplicate(event["event"], report_id, self.store)}

    def IncidentNotifier(self, event: dict[str, Any]) -> dict[str, Any]:
        return telling.tell(event["notice"], event["event"], event["state"], self.notify_ports, self.clock)

    def ActivateVideoRecording(self, event: dict[str, Any]) -> dict[str, Any]:
        return recording.record(event["event"], self.recorder)

    def LogCompletion(self, event: dict[str, Any]) -> dict[str, Any]:
        ports = completing.Ports(self.store, self.stages)
        return completing.complete(event["event"], event["state"], event["startedAt"], ports, self.clock)

    def IncidentEscalator(self, event: dict[str, Any]) -> dict[str, Any]:
        ports = escalating.Ports(self.store, self.channels, self.runs)
        return escalating.escalate(event["event"], event["state"], event["taskToken"], ports, self.clock)

    def on_event(self, execution: Execution, event: Any) -> None:
        if event.type.endswith("StateEntered"):
            self.transitions[execution.arn] += 1

    def on_status(self, execution: Execution) -> None:
        if execution.status in ("FAILED", "TIMED_OUT", "ABORTED"):
            detail = status_detail(execution)
            self.timeline.call_soon(lambda: self._run_ended(detail))

    def _run_ended(self, detail: dict[str, Any]) -> None:
        ports = ending.Ports(self.store, self.channels, self.runs)
        try:
            self.ended.append(ending.run_ended(detail, ports, self.clock))
        except KilledError:
            self.timeline.call_after(60.0, lambda: self._run_ended(detail))  # Lambda tries events again
