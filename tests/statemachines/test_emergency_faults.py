"""A fault at every task of ``emergency-workflow``, at every try of it, and at every write and send.

Nobody acknowledges, so that everything the plan has is due; each run must end by name, with every notification
that was due sent once, or its failure told to a person. The faults are generated from the definition.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from chalicelib.fleet.errors.incidents import NotificationRefusedError
from chalicelib.fleet.service.incidents import viewing
from localcloud.stepfunctions import Execution
from localcloud.stepfunctions.faults import FaultPlace
from tests.fakes.fleet.incident_simulation import DEFINITION, ENDS, IncidentSimulation, panic
from tests.fakes.kill import KillSwitch
from tests.fakes.machine import path
from tests.statemachines.test_emergency_workflow import all_states

STATES = all_states(json.loads(DEFINITION.read_text()))
TASKS = sorted(name for name, state in STATES.items() if state["Type"] == "Task")
ALERTS = {"AlertOperations", "AlertOperationsDirectly", "AlertEscalationFailed", "AlertUnacknowledged"}

KINDS: dict[str, Callable[[FaultPlace], None]] = {
    "exception": lambda place: place.raises("Boom", "on purpose"),
    "exception after the work": lambda place: place.raises("Boom", "on purpose", after_work=True),
    "timeout": lambda place: place.times_out(),
    "timeout after the work": lambda place: place.times_out(after_work=True),
    "throttle": lambda place: place.throttles(times=1_000),
    "crash": lambda place: place.crashes(),
    "crash after the work": lambda place: place.crashes(after_work=True),
    "double answer": lambda place: place.answers_twice(),
}


@dataclass(frozen=True)
class FaultRun:
    """One run with one fault."""

    state: str
    kind: str
    attempt: int | None
    """None: at every try."""

    def __str__(self) -> str:
        return f"{self.state}: {self.kind} at {'every try' if self.attempt is None else f'try {self.attempt}'}"


def retriable(state: str) -> tuple[str, int]:
    """Return an error the state tries again, and how often."""
    retrier = next(one for one in STATES[state]["Retry"] if one.get("MaxAttempts", 3))
    error = "Boom" if retrier["ErrorEquals"] == ["States.ALL"] else retrier["ErrorEquals"][-1]
    return error, retrier["MaxAttempts"]


def fault_runs() -> Iterator[FaultRun]:
    for state in TASKS:
        attempts: list[int | None] = [*range(retriable(state)[1] + 1), None]
        for kind in KINDS:
            yield from (FaultRun(state, kind, attempt) for attempt in attempts)


def way_to(state: str, simulation: IncidentSimulation) -> None:
    """Bring about what leads to a state that is not on the way of a panic button."""
    if state in ("AlertOperations", "AlertOperationsDirectly"):
        simulation.recorder.broken = True
    if state == "AlertOperationsDirectly":
        simulation.faults.on(state="AlertOperations").raises("Boom")
    if state == "AlertEscalationFailed":
        simulation.channels.failing["slack"] = NotificationRefusedError("no such channel")


def start(state: str, simulation: IncidentSimulation) -> Execution:
    if state == "RecordDuplicate":
        simulation.report(panic())
        simulation.timeline.run_until_idle()
        return simulation.start(panic(), "by-hand")
    return simulation.report(panic(type="breakdown") if state == "NotifyOwnerOnly" else panic())


def wrong(simulation: IncidentSimulation, execution: Execution, state: str) -> list[str]:
    """Return what must not be, in words."""
    found = []
    names = path(execution)
    if names[-1] not in ENDS:
        found.append(f"it ended in {names[-1]}, {execution.status} {execution.error}")
    for notice, times in Counter(one.attributes["notificationId"] for one in simulation.channels.sent).items():
        if times > 1:
            found.append(f"{notice} was sent {times} times")
    # The last resort, taken when the notifier itself is broken, is claimed nowhere: done twice it is there twice.
    doubled = any(
        fault.act.__qualname__.startswith("FaultPlace.answers_twice") for fault, _ in simulation.faults.happened
    )
    if len(simulation.direct) > 1 + doubled:
        found.append(f"the machine itself told operations {len(simulation.direct)} times")
    (incident,) = simulation.store.incidents.values()
    faults = viewing.verification(incident)["faults"]
    found += [f"the timeline: {fault}" for fault in faults]
    found += [f"{due} is missing, and nobody was told" for due in missing(simulation, execution, state)]
    return found


def missing(simulation: IncidentSimulation, execution: Execution, state: str) -> Iterator[str]:
    """Yield the notifications that were due, were not sent, and whose failure nobody was told."""
    told = set(simulation.told())
    alerts = "\n".join(one.words.text for one in simulation.channels.sent if one.channel == "operations")
    alerts += "\n".join(str(one["Message"]) for one in simulation.direct)
    if state in ALERTS and execution.status == "FAILED":
        return  # what could not be told is in the alarm that a failed execution sets off
    high = state != "NotifyOwnerOnly"
    for channel in ("authorities", "owner") if high else ("owner",):
        if channel not in told and f"{channel} was not reached" not in alerts:
            yield channel
    if high and not simulation.recorder.recordings and "video recording was not reached" not in alerts:
        yield "the recording"
    if not high or "nobody is asked to acknowledge it" in alerts:
        return
    for number, who in enumerate(
        ("duty operator by slack", "fleet manager by operations", "fleet manager by operations")
    ):
        failed = f"escalation-failed-{number}" in told or f"{who} was not told" in alerts
        if f"escalation-{number}" not in told and not failed:
            yield f"escalation-{number}"
    if "unacknowledged" not in told and execution.error != "IncidentUnacknowledged":  # which sets off the alarm
        yield "the end of the plan"


@pytest.mark.parametrize("state", TASKS)
def test_every_fault_of_a_task_ends_well(state: str) -> None:
    found: list[str] = []
    reached = runs = 0
    for one in fault_runs():
        if one.state != state:
            continue
        simulation = IncidentSimulation()
        way_to(state, simulation)
        error, _ = retriable(state)
        for earlier in range(one.attempt or 0):
            simulation.faults.on(state=state, attempt=earlier).raises(error)
        KINDS[one.kind](simulation.faults.on(state=state, attempt=one.attempt))
        execution = start(state, simulation)
        simulation.timeline.run_until_idle()
        runs += 1
        reached += any(call.state_name == state for _, call in simulation.faults.happened)
        found += [f"{one}: {what}" for what in wrong(simulation, execution, state)]
    print(f"{state}: {runs} fault runs")
    assert found == []
    assert reached == runs


def test_the_faults_are_many() -> None:
    runs = list(fault_runs())
    print(f"{len(runs)} fault runs over {len(TASKS)} tasks, {len(kill_points())} more with a process killed")
    assert len(runs) > 600


def kill_points() -> list[str]:
    """Return the writes and sends of a run that nobody acknowledges."""
    switch = KillSwitch()
    simulation = IncidentSimulation(switch=switch)
    simulation.report(panic())
    simulation.timeline.run_until_idle()
    return switch.points


def test_a_process_killed_before_or_after_any_write_loses_and_doubles_nothing() -> None:
    points = kill_points()
    assert len(points) > 40
    found: list[str] = []
    for at, point in enumerate(points):
        simulation = IncidentSimulation(switch=KillSwitch(at))
        execution = simulation.report(panic())
        simulation.timeline.run_until_idle()
        found += [f"killed {point} ({at}): {what}" for what in wrong(simulation, execution, "")]
    assert found == []
