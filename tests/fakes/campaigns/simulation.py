"""A campaign on the virtual clock: the real definition, the real services, everything outside of them in memory.

    simulation = CampaignSimulation(start=MONDAY_NOON)
    simulation.add(campaign(...), contacts)
    run = simulation.start()
    simulation.timeline.run_until_idle()
    path(run)     ["ValidateCampaign", "CheckValidation", ...]

Messages come out of the dial queue when their delay is over, ten at a time, and again after the visibility timeout
when the dialer wants them again. Calls end by themselves, as `disposition_of` says, and tell it by an event.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chalicelib.campaigns.domain.campaign import Campaign, CampaignStatus
from chalicelib.campaigns.domain.contact import Contact, Disposition
from chalicelib.campaigns.ports.calls import Call, DialTask
from chalicelib.campaigns.ports.stores import Arrival
from chalicelib.campaigns.service import closing, dialing, dispatching, settling, validating, watching
from localcloud.stepfunctions import (
    Engine,
    EngineListener,
    Event,
    Execution,
    Integrations,
    TaskCall,
    TaskError,
    VirtualTimeline,
)
from tests.fakes.campaigns.calls import FakeCarrier, FakeDialQueue, body_of
from tests.fakes.campaigns.files import FakeAudioFiles, FakeModels
from tests.fakes.campaigns.stores import FakeCampaignStore, FakeContactStore, FakePeople
from tests.fakes.machine import TimelineClock, function_of, invoked

DEFINITION = Path(__file__).resolve().parents[3] / "statemachines" / "campaign-execution.asl.json"
VISIBILITY_SECONDS = 180
CALL_SECONDS = 25.0

Failing = Callable[[TaskCall], TaskError | None]
"""Says how a task call fails; None: it does its work."""


def always_answered(call: Call) -> tuple[Disposition, float]:
    """Let every call be answered and last 25 s."""
    return Disposition.ANSWERED, CALL_SECONDS


class RingingCarrier(FakeCarrier):
    """Ends its calls by itself."""

    def __init__(self, ring: Callable[[Call], None]) -> None:
        super().__init__()
        self._ring = ring

    def place(self, call: Call) -> str:
        known = call.attempt_key in self.placed
        call_id = super().place(call)
        if not known:
            self._ring(call)
        return call_id


class _Failing(Integrations):
    """Fails the calls that the simulation's ``failing`` names, the start of a successor among them."""

    def __init__(self, inner: Integrations, simulation: CampaignSimulation) -> None:
        self._inner, self._simulation = inner, simulation

    def call(self, call: TaskCall) -> Any:
        if (error := self._simulation.failing(call)) is not None:
            raise error
        return self._inner.call(call)


class CampaignSimulation(Integrations, EngineListener):
    """See the module's docstring."""

    def __init__(
        self,
        start: datetime,
        *,
        disposition_of: Callable[[Call], tuple[Disposition, float]] = always_answered,
    ) -> None:
        self.timeline = VirtualTimeline(start.timestamp())
        self.clock = TimelineClock(self.timeline)
        self.campaigns = FakeCampaignStore()
        self.people = FakePeople()
        self.contacts = FakeContactStore(self.campaigns, self.people)
        self.queue = FakeDialQueue(on_task=lambda task: self._deliver_in(task, task.delay_seconds))
        self.carrier = RingingCarrier(self._ring)
        self.audio = FakeAudioFiles()
        self.disposition_of = disposition_of
        self.settle_ports = settling.Ports(self.campaigns, self.contacts, self.people, self.carrier)
        self.dial_ports = dialing.Ports(
            self.campaigns, self.contacts, self.people, self.carrier, self.queue, self.settle_ports
        )
        self.dispatch_ports = dispatching.Ports(self.campaigns, self.contacts, self.people, self.queue)
        self.watch_ports = watching.Ports(self.campaigns, self.contacts, self.queue, self.settle_ports)
        self.failing: Failing = lambda call: None
        self.lose_events = False
        self.notifications: list[tuple[str, str]] = []
        """Event and message of each."""
        self.transitions: Counter[str] = Counter()
        """Execution ARN -> states entered."""
        self._deliveries: dict[int, list[DialTask]] = defaultdict(list)
        self._endings: dict[int, list[str]] = defaultdict(list)
        self.engine = Engine(self.timeline, self, faults=lambda inner: _Failing(inner, self), listener=self)
        self.machine = self.engine.create_state_machine(
            "campaign-execution", DEFINITION.read_text(), role_arn="arn:aws:iam::123456789012:role/campaigns"
        )

    # -- what a test does

    def add(self, campaign: Campaign, contacts: Iterable[Contact]) -> None:
        """Store a draft of ``campaign`` with its contacts."""
        draft = replace(campaign, status=CampaignStatus.DRAFT, generation=0, active_execution=None)
        self.campaigns.create(draft)
        self.contacts.add(campaign.id, "upload", [Arrival(line, c) for line, c in enumerate(contacts, start=2)])

    def start(self, campaign_id: str = "spring", name: str | None = None) -> Execution:
        """Start the machine as the seed's command does."""
        run_input = {"campaignId": campaign_id, "executionSource": "manual"}
        return self.engine.start_execution(self.machine.arn, json.dumps(run_input), name)

    def at(self, when: datetime, action: Callable[[], None]) -> None:
        """Do ``action`` at ``when``."""
        self.timeline.call_at(when.timestamp(), action)

    def set_status(self, status: CampaignStatus, campaign_id: str = "spring") -> None:
        """Move the campaign as a pause or a cancellation does."""
        stored = self.campaigns.get(campaign_id)
        self.campaigns.move(stored, replace(stored, status=status))

    def runs(self) -> list[Execution]:
        """Return all executions, the first first."""
        return self.engine.list_executions()[::-1]

    # -- what the machine calls

    def call(self, call: TaskCall) -> Any:
        if call.resource.startswith("arn:aws:states:::sns:publish"):
            event = call.arguments["MessageAttributes"]["event"]["StringValue"]
            self.notifications.append((event, call.arguments["Message"]))
            return {"MessageId": str(len(self.notifications))}
        return invoked(call, getattr(self, function_of(call)))

    def ValidateCampaign(self, event: dict[str, Any]) -> dict[str, Any]:
        ports = validating.Ports(self.campaigns, self.audio, FakeModels())
        return validating.validate(event["input"], event["executionArn"], ports, self.clock)

    def Dispatcher(self, event: dict[str, Any]) -> dict[str, Any]:
        wave = dispatching.dispatch(dispatching.Run.from_event(event), self.dispatch_ports, self.clock)
        return wave.as_dict() | {"retryCount": event["retryCount"]}

    def StatusChecker(self, event: dict[str, Any]) -> dict[str, Any]:
        return watching.check(watching.Turn.from_event(event), self.watch_ports, self.clock)

    def ReportGenerator(self, event: dict[str, Any]) -> dict[str, Any]:
        return {"reportUrl": f"https://reports.example/{event['campaignId']}.pdf"}

    def on_event(self, execution: Execution, event: Event) -> None:
        if event.type.endswith("StateEntered"):
            self.transitions[execution.arn] += 1

    def on_status(self, execution: Execution) -> None:
        if execution.status in ("FAILED", "TIMED_OUT", "ABORTED"):
            closing.run_failed(execution.input, execution.arn, self.campaigns, self.clock)

    # -- what the queue and the carrier do

    def _ring(self, call: Call) -> None:
        disposition, seconds = self.disposition_of(call)
        second = int(self.timeline.now() + seconds) + 1
        ended_at = datetime.fromtimestamp(second, UTC)
        self.carrier.end(call.attempt_key, disposition, ended_at, seconds=seconds)
        if second not in self._endings:
            self.timeline.call_at(second, lambda: self._end(second))
        self._endings[second].append(call.attempt_key)

    def _end(self, second: int) -> None:
        for attempt_key in self._endings.pop(second):
            call_id = self.carrier.placed[attempt_key].call_id
            if not self.lose_events:
                settling.call_ended({"outcome": self.carrier.outcomes[call_id]}, self.settle_ports)

    def _deliver_in(self, task: DialTask, seconds: int) -> None:
        second = int(self.timeline.now()) + seconds + 1
        if second not in self._deliveries:
            self.timeline.call_at(second, lambda: self._deliver(second))
        self._deliveries[second].append(task)

    def _deliver(self, second: int) -> None:
        tasks = self._deliveries.pop(second)
        for start in range(0, len(tasks), 10):
            batch = {str(place): task for place, task in enumerate(tasks[start : start + 10])}
            messages = [(message_id, body_of(task)) for message_id, task in batch.items()]
            for message_id in dialing.dial(messages, self.dial_ports, self.clock):
                self._deliver_in(batch[message_id], VISIBILITY_SECONDS)
