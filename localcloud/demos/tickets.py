"""sme-matching: tickets from the webhook to the expert named in Slack, on a desk with a history of its own."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib.tickets.domain.signature import sign
from localcloud.demos.demo import Bench, Demo, Verdict
from localcloud.demos.http_calls import ApiCallError, call_json
from localcloud.demos.ticket_history import EXPERTS, solved_tickets
from localcloud.project import ZENDESK_SECRET

_HALF_AN_HOUR = 1_800.0
_LOOK_SECONDS = 0.05
_PATIENCE_SECONDS = 60.0
_STATES = 12
_KILLED = "interrupted on purpose"


class _Ticket:
    """What the demonstrations of tickets share: a desk with a history, one ticket, and how it should end."""

    ticket_id: str
    subject: str
    description: str
    expected: tuple[str, ...]
    """States the execution has to go through, in this order."""
    standing: str
    """Where the ticket should stand at the end."""
    on_leave = False
    """Whether every expert is away."""
    kills = 0
    """How many of the engine's containers are stopped as soon as they run."""
    decides = False
    """Whether an operator chooses the first option half an hour after being asked."""

    def __init__(self) -> None:
        self._arn = ""
        self._undecided: Exception | None = None
        self._killed: set[str] = set()

    def start(self, bench: Bench) -> str:
        """See `Demo.start`."""
        _staff(bench, on_leave=self.on_leave)
        _make_history(bench)
        self.prepare(bench)
        if self.kills:
            threading.Thread(target=self._kill, args=(bench,), daemon=True).start()
        before = _runs(bench, self.ticket_id)
        _send(bench, self.ticket(bench))
        _wait(lambda: _runs(bench, self.ticket_id) > before, "the ticket's execution has not started")
        self._arn = max(_runs(bench, self.ticket_id) - before)
        if self.decides:
            bench.cloud.timeline.call_after(_HALF_AN_HOUR, lambda: self._decide_soon(bench))
        return self._arn

    def prepare(self, bench: Bench) -> None:
        """Do what has to happen before the ticket comes."""

    def ticket(self, bench: Bench) -> dict[str, Any]:
        """Return the ticket as the ticket system sends it."""
        return {
            "id": self.ticket_id,
            "subject": self.subject,
            "description": self.description,
            "status": "open",
            "created_at": _moment(bench),
        }

    def progress(self, bench: Bench) -> tuple[float, str]:
        """See `Demo.progress`."""
        execution = bench.cloud.engine.execution(self._arn)
        states = _states(bench, self._arn)
        return (1.0 if execution.ended else len(states) / _STATES), states[-1] if states else "starting"

    def verdict(self, bench: Bench) -> Verdict:
        """See `Demo.verdict`."""
        _wait(lambda: self._shown(bench)["standing"] != "recommended", "the ticket's record was not closed")
        shown = self._shown(bench)
        said = [one for one in bench.slack.messages if f"Ticket {self.ticket_id}:" in one["text"]]
        names = [one for one in said if one["channel"] == "C0SUPPORT"]
        faults = [
            f"{what}: {is_} instead of {should}"
            for what, is_, should in (
                ("states", _in_order(_states(bench, self._arn), self.expected), self.expected),
                ("standing", shown["standing"], self.standing),
                ("recommendations in Slack", len(names), 1 if self.standing == "posted" else 0),
                ("containers stopped", len(self._killed), self.kills),
            )
            if is_ != should
        ]
        if self._undecided is not None:
            faults.append(f"no decision could be made: {self._undecided}")
        where = f"{bench.api_url}/tickets/{self.ticket_id}"
        return Verdict(not faults, "; ".join(faults) or self._result(shown), where)

    def _shown(self, bench: Bench) -> dict[str, Any]:
        return dict(bench.api("GET", f"/tickets/{self.ticket_id}"))

    def _result(self, shown: Mapping[str, Any]) -> str:
        if shown["standing"] == "failed":
            return str(shown["problem"])
        holder = (shown["assignment"] or {}).get("creId", "nobody")
        candidates = (shown["recommendation"] or {}).get("candidates", [])
        named = ", ".join(f"{one['name']} {one['confidence']:.0%}" for one in candidates[:3]) or "nobody eligible"
        return f"{named}; {EXPERTS.get(holder, {'name': holder})['name']} has it"

    def _decide_soon(self, bench: Bench) -> None:
        def decided(outcome: Any) -> None:
            if isinstance(outcome, Exception):
                self._undecided = outcome

        bench.cloud.timeline.submit(lambda: self._decide(bench), decided)

    def _decide(self, bench: Bench) -> None:
        pending = bench.api("GET", "/approvals?kind=assignment")["approvals"]
        mine = [one for one in pending if one["executionArn"] == self._arn]
        if not mine:
            raise ApiCallError("no operator was asked to choose")
        options = bench.api("GET", f"/approvals/{mine[0]['id']}")["options"]
        decision = {"decision": "chosen", "choice": options[0]["value"], "reason": "knows the customer"}
        bench.api("POST", f"/approvals/{mine[0]['id']}/decision", decision)

    def _kill(self, bench: Bench) -> None:
        """Stop the ticket's containers as they come up, as a spot interruption would."""
        ecs, cluster = bench.cloud.client("ecs"), "signalbox-local-rag"
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while len(self._killed) < self.kills and time.monotonic() < deadline:
            running = ecs.list_tasks(cluster=cluster, desiredStatus="RUNNING")["taskArns"]
            for arn in set(running) - self._killed:
                (task,) = ecs.describe_tasks(cluster=cluster, tasks=[arn])["tasks"]
                if task["lastStatus"] == "RUNNING" and f'"{self.ticket_id}"' in json.dumps(task["overrides"]):
                    ecs.stop_task(cluster=cluster, task=arn, reason=_KILLED)
                    self._killed.add(arn)
            time.sleep(_LOOK_SECONDS)


_MATCH = ("RunRAGPipeline", "ParseRAGOutput", "ValidateSMERecommendations")
_POSTED = ("SendSlackNotification", "WorkflowSuccess")
_MADE = ("GenerateEmbedding", "WaitForEmbedding")


class MatchedTicketDemo(_Ticket, Demo):
    """A ticket the index knows from before: it was solved and comes back."""

    machine, scenario = "sme-matching", "a reopened ticket, matched and posted"
    ticket_id = "7001"
    subject = "Replica lags behind the primary again"
    description = "The postgres replica lags minutes behind the primary since the vacuum of the large table."
    expected = ("ValidateInput", "CheckEmbeddingExists", *_MATCH, *_POSTED)
    standing = "posted"

    def prepare(self, bench: Bench) -> None:
        """Let the ticket come and be solved, once."""
        solved = {"status": "solved", "solver": "cre001", "solved_at": _moment(bench), "subject": "Replica lags"}
        _send(bench, self.ticket(bench) | solved)
        _wait(lambda: _standing(bench, self.ticket_id) == "solved", "the solved ticket was not taken in")


class NewTicketDemo(_Ticket, Demo):
    """A ticket nobody has seen: its embedding is made first."""

    machine, scenario = "sme-matching", "a new ticket, whose embedding is made"
    ticket_id = "7002"
    subject = "Pods of the ingress restart in a loop"
    description = "Kubernetes restarts the pods of the ingress controller in a loop after the node was upgraded."
    expected = ("CheckEmbeddingExists", *_MADE, *_MATCH, *_POSTED)
    standing = "posted"


class LowConfidenceDemo(_Ticket, Demo):
    """A ticket like none before: an operator chooses."""

    machine, scenario = "sme-matching", "low confidence, an operator chooses"
    ticket_id = "7003"
    subject = "The espresso machine on the third floor leaks"
    description = "Water everywhere, and no coffee since Tuesday."
    expected = (*_MATCH, "LowConfidenceAlert", "ManualEscalation", "AssignChosenSme", *_POSTED)
    standing, decides = "posted", True


class NobodyAvailableDemo(_Ticket, Demo):
    """Everybody is on leave: an operator is told until when, and chooses all the same."""

    machine, scenario = "sme-matching", "nobody available, an operator chooses"
    ticket_id = "7004"
    subject = "Invoice shows the wrong tax rate"
    description = "The invoice of March was rendered with the wrong tax rate for Portugal."
    expected = (*_MATCH, "NoSMEsFound", "ManualEscalation", "AssignChosenSme", *_POSTED)
    standing, decides, on_leave = "posted", True, True


class RetriedCrashDemo(_Ticket, Demo):
    """The first container is killed: the second does the work."""

    machine, scenario = "sme-matching", "a pipeline crash, tried again"
    ticket_id = "7005"
    subject = "Deployment is stuck, pods stay pending"
    description = "The kubernetes scheduler leaves the pods of the deployment pending since the node upgrade."
    expected = (*_MATCH, *_POSTED)
    standing, kills = "posted", 1


class FailedPipelineDemo(_Ticket, Demo):
    """Every container is killed: it fails for good, by name, with an alert."""

    machine, scenario = "sme-matching", "a pipeline that fails for good"
    ticket_id = "7006"
    subject = "Vacuum of the large table never ends"
    description = "The postgres vacuum of the large table runs for days and blocks the replica."
    expected = ("RunRAGPipeline", "ParseRAGOutput", "TellPipelineFailed", "RAGPipelineFailed")
    standing, kills = "failed", 3


def _staff(bench: Bench, *, on_leave: bool) -> None:
    """Put the experts' profiles as they are today."""
    today = datetime.fromtimestamp(bench.cloud.timeline.now(), UTC).date()
    leave = [{"first": today.isoformat(), "last": today.replace(year=today.year + 1, day=1).isoformat()}]
    for cre_id, profile in EXPERTS.items():
        bench.api("PUT", f"/smes/{cre_id}", profile | ({"leave": leave} if on_leave else {}))


def _make_history(bench: Bench) -> None:
    """Send the desk's solved tickets; those that are there already change nothing."""
    known = {str(one["id"]) for one in solved_tickets() if _standing(bench, str(one["id"])) == "solved"}
    fresh = [one for one in solved_tickets() if str(one["id"]) not in known]
    for one in fresh:
        _send(bench, one)
    for one in fresh:
        _wait(lambda one=one: _standing(bench, str(one["id"])) == "solved", "the history was not taken in")


def _standing(bench: Bench, ticket_id: str) -> str:
    try:
        return str(bench.api("GET", f"/tickets/{ticket_id}")["standing"])
    except ApiCallError:
        return "unknown"


def _send(bench: Bench, ticket: Mapping[str, Any]) -> None:
    """Call the webhook as Zendesk does."""
    stamp = _moment(bench)
    headers = {
        "X-Zendesk-Webhook-Signature-Timestamp": stamp,
        "X-Zendesk-Webhook-Signature": sign(ZENDESK_SECRET, stamp, json.dumps(ticket).encode()),
    }
    call_json("POST", f"{bench.api_url}/tickets", ticket, headers)


def _moment(bench: Bench) -> str:
    return datetime.fromtimestamp(bench.cloud.timeline.now(), UTC).isoformat(timespec="seconds")


def _runs(bench: Bench, ticket_id: str) -> set[str]:
    every = bench.cloud.engine.list_executions()
    return {one.arn for one in every if isinstance(one.input, dict) and one.input.get("ticket_id") == ticket_id}


def _states(bench: Bench, arn: str) -> list[str]:
    return [visit.state for visit in bench.cloud.engine.execution(arn).dataflow if not visit.path]


def _in_order(states: list[str], expected: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of ``expected`` that ``states`` has, in its order."""
    return tuple(dict.fromkeys(state for state in states if state in expected))


def _wait(ready: Any, otherwise: str) -> None:
    """Wait in real time.

    Raises:
        ApiCallError: it took too long.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not ready():
        if time.monotonic() > deadline:
            raise ApiCallError(otherwise)
        time.sleep(_LOOK_SECONDS)
