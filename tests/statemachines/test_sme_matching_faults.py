"""Everything that can go wrong at every task and try of ``sme-matching``, generated from its definition.

Whatever happens: the execution ends in a state of its own, what was recommended is kept and can be told again, and
nothing is said or counted twice.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.tickets.service import telling
from localcloud.stepfunctions import Execution
from localcloud.stepfunctions.faults import FaultPlace, Faults
from tests.fakes.machine import path
from tests.fakes.tickets.simulation import DEFINITION, HOUR, KEY, MatchSimulation, engine_result

STATES: dict[str, dict[str, Any]] = json.loads(DEFINITION.read_text())["States"]
ENDS = {name for name, state in STATES.items() if state["Type"] in ("Succeed", "Fail")}
NEW = {"ticket_id": "12345", "bucket": "tickets", "key": KEY, "embedding_exists": False}
WAYS: dict[str, Any] = {
    "named": engine_result(0.92, 0.88, 0.85),
    "low": engine_result(0.5, 0.4),
    "nobody": engine_result(heldUntil="2026-06-02T07:00:00Z"),
    "held": engine_result(heldUntil="2026-06-02T07:00:00Z"),
}
"""What the engine answers, for each way through the machine."""
Commit = Callable[[FaultPlace], None]
FAULTS: dict[str, Commit] = {
    "fails": lambda place: place.raises("Boom"),
    "fails after its work": lambda place: place.raises("Boom", after_work=True),
    "times out": lambda place: place.times_out(),
    "times out after its work": lambda place: place.times_out(after_work=True),
    "crashes": lambda place: place.crashes(),
    "crashes after its work": lambda place: place.crashes(after_work=True),
    "is throttled": lambda place: place.throttles(times=1),
    "answers twice": lambda place: place.answers_twice(),
}


def tries(state: dict[str, Any]) -> int:
    """The first try and one for each retry of the state's own retrier."""
    return 1 + max(
        (int(rule["MaxAttempts"]) for rule in state["Retry"] if "States.ALL" in rule["ErrorEquals"]), default=0
    )


def tasks(way: str) -> list[str]:
    """The tasks an execution of that way goes through."""
    simulation, execution = run(way, Faults())
    assert simulation.container_starts == (2 if way == "held" else 1)
    return [name for name in dict.fromkeys(path(execution)) if STATES[name]["Type"] == "Task"]


CASES = [
    (way, name, fault, attempt)
    for way in WAYS
    for name in (
        [*("ValidateInput", "GenerateEmbedding", "WaitForEmbedding", "RunRAGPipeline", "ParseRAGOutput")]
        if way == "named"
        else []
    )
    + {
        "named": ["SendSlackNotification"],
        "low": ["LowConfidenceAlert", "ManualEscalation", "AssignChosenSme", "SendSlackNotification"],
        "nobody": ["NoSMEsFound", "ManualEscalation", "AssignChosenSme", "SendSlackNotification"],
        "held": ["TakeUpHeldTicket"],
    }[way]
    for fault in FAULTS
    for attempt in [*range(tries(STATES[name])), None]
    # Whoever was asked answers by the token: a time out after that is none.
    if (name, fault) != ("ManualEscalation", "times out after its work")
]


def run(way: str, faults: Faults) -> tuple[MatchSimulation, Execution]:
    simulation = MatchSimulation(faults=faults)
    simulation.engine_answers = WAYS[way]
    if way == "held":
        simulation.operator = lambda _request: None
        simulation.timeline.call_at(
            simulation.timeline.now() + HOUR, lambda: setattr(simulation, "engine_answers", WAYS["named"])
        )
    return simulation, simulation.run(NEW)


def test_the_cases_are_all_the_tasks() -> None:
    covered = {name for _, name, _, _ in CASES}
    assert covered == {name for way in WAYS for name in tasks(way)}
    told = {name for name in STATES if name.startswith("Tell")}
    assert {name for name, state in STATES.items() if state["Type"] == "Task"} == covered | told


@pytest.mark.parametrize(
    ("way", "state", "fault", "attempt"),
    CASES,
    ids=[f"{way}: {name} {fault}, try {'any' if n is None else n}" for way, name, fault, n in CASES],
)
def test_whatever_goes_wrong(way: str, state: str, fault: str, attempt: int | None) -> None:
    faults = Faults()
    if attempt:
        # The tries before fail as well, or this one is never made.
        for earlier in range(attempt):
            faults.on(state=state, attempt=earlier).raises("Earlier")
    FAULTS[fault](faults.on(state=state, attempt=attempt))
    simulation, execution = run(way, faults)
    assert_named_end(simulation, execution)
    assert_said_once(simulation, execution)
    assert_counted_once(simulation)
    assert_told_again_without_matching(simulation)


_ON_THE_WAY = {"TellEscalationTimedOut": "CheckHeld"}


@pytest.mark.parametrize("tell", sorted(name for name in STATES if name.startswith("Tell")))
def test_an_alert_that_fails_hides_no_failure(tell: str) -> None:
    before = next(
        name
        for name, state in STATES.items()
        if any(rule["Next"] in (tell, _ON_THE_WAY.get(tell)) for rule in state.get("Catch", []))
    )
    faults = Faults()
    if tell == "TellEscalationTimedOut":
        faults.on(state=before).times_out()
    else:
        faults.on(state=before).raises("Boom")
    faults.on(state=tell).throttles(times=99)
    simulation, execution = run("low", faults)
    assert path(execution)[-2:] == [tell, STATES[tell]["Next"]]
    assert execution.status == "FAILED"
    assert simulation.alerts == []


def assert_named_end(simulation: MatchSimulation, execution: Execution) -> None:
    end = path(execution)[-1]
    assert end in ENDS
    assert execution.status == ("SUCCEEDED" if STATES[end]["Type"] == "Succeed" else "FAILED")
    if execution.status == "FAILED":
        assert execution.error == end
        assert [event for event, _ in simulation.alerts] == [end]
    if "12345" in simulation.store.records:
        assert simulation.store.records["12345"].standing == (
            "failed" if execution.status == "FAILED" else "posted"
        )


def assert_said_once(simulation: MatchSimulation, execution: Execution) -> None:
    keys = [message.key for _, message in simulation.slack.messages]
    assert len(keys) == len(set(keys))
    assert all(keys)
    if path(execution)[-1] == "WorkflowSuccess":
        assert len(simulation.slack.said("recommendation/")) == 1


def assert_counted_once(simulation: MatchSimulation) -> None:
    held = sum(profile.open_assignments for profile in simulation.smes.all())
    assert held == (1 if simulation.store.assignments else 0)
    assert len(simulation.store.labels("12345")) == held
    assert len(simulation.questions) <= 1


def assert_told_again_without_matching(simulation: MatchSimulation) -> None:
    if not simulation.store.recommendations:
        return
    starts = simulation.container_starts
    posted = telling.post_again("12345", simulation._tell_ports, simulation.clock)
    assert posted["channel"] == "C0SUPPORT"
    assert len(simulation.slack.said("recommendation/")) == 1
    assert simulation.container_starts == starts
