"""Faults in running machines: what Retry, Catch and time-outs make of them, in virtual and in real time."""

from __future__ import annotations

import json
from typing import Any

import pytest

from localcloud.stepfunctions import (
    Engine,
    Execution,
    Integrations,
    RealTimeline,
    TaskCall,
    Timeline,
    VirtualTimeline,
)
from localcloud.stepfunctions.faults import Faults, FaultyIntegrations

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:charge"
RETRY = {
    "ErrorEquals": ["Lambda.TooManyRequestsException"],
    "IntervalSeconds": 2,
    "MaxAttempts": 6,
    "BackoffRate": 2,
}
CHARGE = {
    "Type": "Task",
    "Resource": FUNCTION,
    "TimeoutSeconds": 30,
    "Retry": [RETRY],
    "Catch": [{"ErrorEquals": ["States.Timeout"], "Next": "Late"}],
    "Next": "Done",
}
MACHINE = {
    "StartAt": "Charge",
    "States": {"Charge": CHARGE, "Done": {"Type": "Succeed"}, "Late": {"Type": "Fail", "Error": "TooLate"}},
}
APPROVE = {
    "StartAt": "Ask",
    "States": {
        "Ask": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "End": True}
    },
}


class Charges(Integrations):
    """Charges, and counts it."""

    def __init__(self) -> None:
        self.charges = 0

    def call(self, call: TaskCall) -> Any:
        self.charges += 1
        return "charged"


class Lab:
    """An engine whose integrations fail as `faults` says."""

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self.faults = Faults()
        self.work = Charges()
        self.engine = Engine(
            timeline,
            self.work,
            faults=lambda inner: FaultyIntegrations(inner, self.faults, lambda: self.engine),
        )

    def run(self, definition: Any = MACHINE, value: Any = None, limit_seconds: float = 100_000) -> Execution:
        machine = self.engine.create_state_machine("m", definition, role_arn="")
        execution = self.engine.start_execution(machine.arn, json.dumps(value))
        self.timeline.run_until(lambda: execution.ended, limit_seconds)
        return execution


@pytest.fixture
def lab() -> Lab:
    return Lab(VirtualTimeline())


def seconds_of(execution: Execution) -> float:
    assert execution.stopped_at is not None
    return execution.stopped_at - execution.started_at


def test_throttling_is_retried_with_growing_pauses(lab: Lab) -> None:
    lab.faults.on(state="Charge").throttles(3)
    execution = lab.run()
    assert (execution.status, seconds_of(execution), lab.work.charges) == ("SUCCEEDED", 2 + 4 + 8, 1)


def test_a_task_that_never_answers_is_caught_after_its_time(lab: Lab) -> None:
    lab.faults.on(state="Charge").times_out()
    execution = lab.run()
    assert (execution.status, execution.error, seconds_of(execution)) == ("FAILED", "TooLate", 30)


def test_slow_work_runs_into_the_same_time_out(lab: Lab) -> None:
    lab.faults.on(state="Charge").takes(seconds=31)
    assert lab.run().error == "TooLate"
    lab.faults.clear()
    lab.faults.on(state="Charge").takes(seconds=29)
    assert lab.run().status == "SUCCEEDED"


def test_a_crash_after_the_work_is_seen_as_a_crash(lab: Lab) -> None:
    lab.faults.on(state="Charge", attempt=0).crashes(after_work=True)
    execution = lab.run()
    assert (execution.error, lab.work.charges) == ("Runtime.ExitError", 1)


def test_a_worker_with_a_token_is_stood_in_for(lab: Lab) -> None:
    lab.faults.on(state="Ask").returns({"approved": True})
    assert lab.run(APPROVE).output == {"approved": True}


def test_an_answer_counts_though_the_call_that_gave_the_token_never_returns(lab: Lab) -> None:
    ask = APPROVE["States"]["Ask"] | {"TimeoutSeconds": 60}  # type: ignore[index]
    lab.faults.on(state="Ask").times_out(after_work=True)

    def answer() -> None:
        (_, call) = lab.faults.happened[0]
        assert call.task_token is not None
        lab.engine.send_task_success(call.task_token, '"yes"')

    lab.timeline.call_after(1, answer)
    execution = lab.run({"StartAt": "Ask", "States": {"Ask": ask}})
    assert (execution.output, seconds_of(execution)) == ("yes", 60)


def test_one_item_of_many_fails(lab: Lab) -> None:
    charge = {name: value for name, value in CHARGE.items() if name not in ("Catch", "Next")} | {"End": True}
    each = {"Type": "Map", "ItemProcessor": {"StartAt": "Charge", "States": {"Charge": charge}}, "End": True}
    lab.faults.on(state="Charge", map_index=1).throttles(1)
    execution = lab.run({"StartAt": "Each", "States": {"Each": each}}, [1, 2, 3])
    assert (execution.output, seconds_of(execution)) == (["charged"] * 3, 2)


def test_faults_happen_in_real_time_too() -> None:
    patient = {name: value for name, value in CHARGE.items() if name not in ("TimeoutSeconds", "Catch")}
    machine = {"StartAt": "Charge", "States": {"Charge": patient, "Done": {"Type": "Succeed"}}}
    timeline = RealTimeline(speed=100.0)
    timeline.start()
    try:
        lab = Lab(timeline)
        lab.faults.on(state="Charge").throttles(2)
        execution = lab.run(machine, limit_seconds=60)
    finally:
        timeline.stop()
    assert (execution.status, lab.work.charges) == ("SUCCEEDED", 1)
