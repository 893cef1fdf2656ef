"""A ticket on the virtual clock: the real definition, the real services, everything outside of them in memory.

    simulation = MatchSimulation()
    run = simulation.start()
    simulation.timeline.run_until_idle()
    path(run)     ["ValidateInput", "CheckEmbeddingExists", ...]

The engine's container answers as `engine` says; an operator as `operator` says, an hour after being asked.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from chalicelib.core.ai.embedded import HashingEmbeddingModel
from chalicelib.tickets.domain.sme import SmeProfile
from chalicelib.tickets.service import closing, embedding, escalating, parsing, telling, validating
from localcloud.stepfunctions import (
    Engine,
    EngineListener,
    Execution,
    Integrations,
    TaskCall,
    TaskError,
    VirtualTimeline,
)
from localcloud.stepfunctions.faults import Faults, FaultyIntegrations
from tests.fakes.machine import TimelineClock, function_of, invoked
from tests.fakes.tickets.samples import ADA, BEN, CLEO, MONDAY_NOON
from tests.fakes.tickets.stores import FakeSmeDirectory, FakeTicketFiles, FakeTicketStore
from tests.fakes.tickets.world import FakeIndex, FakeMessenger

DEFINITION = Path(__file__).resolve().parents[3] / "statemachines" / "sme-matching.asl.json"
KEY = "raw-tickets/year=2026/month=06/day=01/ticket-12345.json"
TICKET = {"id": 12345, "subject": "Replica lags behind", "description": "Since noon", "tags": ["postgres"]}
HOUR = 3600.0

Answer = dict[str, Any] | None


def engine_result(*confidences: float, ticket_id: str = "12345", **more: Any) -> dict[str, Any]:
    """What the engine writes about Ada, Ben and Cleo."""
    people: tuple[SmeProfile, ...] = (ADA, BEN, CLEO)
    smes = [
        {
            "creId": one.cre_id, "name": one.name, "slackId": one.slack_id, "confidence": confidence, "score": 1.0,
            "reasoning": f"{one.name} solved tickets like it",
            "evidence": [{"ticketId": "9001", "subject": "Lag", "similarity": 0.8, "solvedAt": "2026-05-01"}],
        }
        for one, confidence in zip(people, confidences, strict=False)
    ]  # fmt: skip
    model = {"id": "model-1", "calibratedAt": "2026-05-01T00:00:00Z", "calibrationError": 0.03, "prior": False}
    return {
        "version": 1, "ticketId": ticket_id, "topSmes": smes, "removed": [], "heldUntil": None, "model": model,
        "tookMilliseconds": 12,
    } | more  # fmt: skip


class MatchSimulation(Integrations, EngineListener):
    """See the module's docstring."""

    def __init__(self, *, threshold: float = 0.6, faults: Faults | None = None) -> None:
        self.timeline = VirtualTimeline(MONDAY_NOON.timestamp())
        self.clock = TimelineClock(self.timeline)
        self.smes = FakeSmeDirectory([ADA, BEN, CLEO])
        self.store = FakeTicketStore(self.smes)
        self.files = FakeTicketFiles()
        self.files.write(KEY, json.dumps(TICKET).encode(), replacing=None)
        self.index = FakeIndex()
        self.slack = FakeMessenger()
        self.threshold = threshold
        self.engine_answers: Answer = engine_result(0.92, 0.88, 0.85)
        self.container_starts = 0
        self.operator: Callable[[dict[str, Any]], Answer] = lambda request: choose("cre002")
        self.questions: list[dict[str, Any]] = []
        self.alerts: list[tuple[str, str]] = []
        self.failing: Callable[[TaskCall], TaskError | None] = lambda call: None
        self._tell_ports = telling.Ports(self.store, self.smes, self.slack, "C0SUPPORT", "C0OPERATIONS")

        def faulty(inner: Integrations) -> Integrations:
            return FaultyIntegrations(inner, faults or Faults(), lambda: self.engine)

        self.engine = Engine(self.timeline, self, listener=self, faults=faulty)
        self.machine = self.engine.create_state_machine(
            "sme-matching", DEFINITION.read_text(), role_arn="arn:aws:iam::123456789012:role/tickets"
        )

    # -- what a test does

    def start(self, run_input: Any = None, name: str = "run-1") -> Execution:
        """Start the machine as the seed's command does."""
        given = {"ticket_id": "12345", "bucket": "tickets", "key": KEY, "embedding_exists": True}
        return self.engine.start_execution(
            self.machine.arn, json.dumps(given if run_input is None else run_input), name
        )

    def run(self, run_input: Any = None) -> Execution:
        """Start the machine and let everything happen."""
        execution = self.start(run_input)
        self.timeline.run_until_idle()
        return execution

    # -- what the machine calls

    def call(self, call: TaskCall) -> Any:
        if (error := self.failing(call)) is not None:
            raise error
        if call.resource.startswith("arn:aws:states:::sns:publish"):
            event = call.arguments["MessageAttributes"]["event"]["StringValue"]
            self.alerts.append((event, call.arguments["Message"]))
            return {"MessageId": str(len(self.alerts))}
        if call.resource.startswith("arn:aws:states:::ecs:runTask"):
            return self._run_container(call.arguments)
        return invoked(call, getattr(self, function_of(call)))

    def _run_container(self, arguments: dict[str, Any]) -> dict[str, Any]:
        self.container_starts += 1
        (override,) = arguments["Overrides"]["ContainerOverrides"]
        environment = {one["Name"]: one["Value"] for one in override["Environment"]}
        if self.engine_answers is not None:
            body = json.dumps(self.engine_answers).encode()
            self.files.versions[environment["RESULT_KEY"]].append(body)
        return {"TaskArn": "arn:aws:ecs:us-east-1:123456789012:task/rag/1", "Containers": [{"ExitCode": 0}]}

    def ValidateInput(self, event: dict[str, Any]) -> dict[str, Any]:
        ports = validating.Ports(self.files, self.store, self.index)
        if "held" in event:
            return validating.take_up(event["held"], event["executionArn"], ports, self.clock)
        return validating.validate(event["input"], event["executionArn"], ports, self.clock)

    def EmbeddingGenerator(self, event: dict[str, Any]) -> dict[str, Any]:
        if event["action"] == "check":
            return embedding.check(event["ticket_id"], self.index)
        ports = embedding.Ports(self.files, HashingEmbeddingModel(), self.index)
        return embedding.generate(event["key"], ports, self.clock)

    def ParseRagOutput(self, event: dict[str, Any]) -> dict[str, Any]:
        ports = parsing.Ports(self.files, self.store, self.smes)
        return parsing.parse(event["state"], event["executionArn"], self.threshold, ports, self.clock)

    def LowConfidenceHandler(self, event: dict[str, Any]) -> dict[str, Any]:
        return dict(telling.alert_low_confidence(event["ticket_id"], event["recommendation_id"], self._tell_ports))

    def AssignSme(self, event: dict[str, Any]) -> dict[str, Any]:
        return escalating.assign(event, escalating.Ports(self.store, self.smes), self.clock)

    def SlackBot(self, event: dict[str, Any]) -> dict[str, Any]:
        data = event["data"]
        build, channel = {
            "recommendation": (telling.recommendation_message, "C0SUPPORT"),
            "nobody_available": (telling.nobody_available_message, "C0OPERATIONS"),
        }[event["message"]]
        message = build(data["ticket_id"], data["recommendation_id"], self.store)
        posted = self.slack.post(channel, message)
        return {"message_ts": posted.ts, "channel": posted.channel}

    def RequestApproval(self, event: dict[str, Any]) -> dict[str, Any]:
        asked_before = any(one["executionArn"] == event["executionArn"] for one in self.questions)
        if not asked_before:
            self.questions.append(event)
        answer = self.operator(event)
        if answer is not None:
            self.timeline.call_at(self.timeline.now() + HOUR, lambda: self._decide(event["taskToken"], answer))
        return {"approvalId": "a1", "state": "pending"}

    def _decide(self, token: str, answer: dict[str, Any]) -> None:
        from localcloud.stepfunctions.faults import answer_token

        answer_token(self.engine, token, answer)

    def on_status(self, execution: Execution) -> None:
        if execution.status == "RUNNING":
            return
        output = json.dumps(execution.output) if execution.status == "SUCCEEDED" else None
        detail = {
            "input": json.dumps(execution.input), "output": output, "executionArn": execution.arn,
            "status": execution.status, "error": execution.error, "cause": execution.cause,
        }  # fmt: skip
        closing.run_ended(detail, self.store, self.clock)


def choose(cre_id: str) -> dict[str, Any]:
    """An operator's decision for an expert."""
    return {
        "approvalId": "a1", "decision": "chosen", "choice": cre_id, "decidedBy": "ops@example.com", "reason": "",
        "decidedAt": "2026-06-01T13:00:00Z",
    }  # fmt: skip


def reject() -> dict[str, Any]:
    """An operator's decision for nobody."""
    return choose("") | {"decision": "rejected", "choice": None, "reason": "a duplicate"}
