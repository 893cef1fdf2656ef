"""Map Runs while they run."""

from __future__ import annotations

import json
from typing import Any

import pytest

from localcloud.stepfunctions import Engine, TaskCall, TaskError, TaskOutcome, VirtualTimeline
from localcloud.stepfunctions.api import StepFunctionsApi
from localcloud.stepfunctions.errors import StepFunctionsError
from tests.unit.stepfunctions.machines import ROLE, Services, one, row, task

STANDARD = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}


class Running:
    """A distributed Map over four items, one at a time, a minute each; "bad" items fail."""

    def __init__(self, items: list[str]) -> None:
        self.line = VirtualTimeline(0.0)
        self.api = StepFunctionsApi(Engine(self.line, Services(slow)))
        each = {"Type": "Map", "MaxConcurrency": 1, "ItemProcessor": {**row(Item=task()), **STANDARD}}
        machine = self.api.call(
            "CreateStateMachine", {"name": "m", "definition": json.dumps(one(each)), "roleArn": ROLE}
        )
        started = self.api.call(
            "StartExecution", {"stateMachineArn": machine["stateMachineArn"], "input": json.dumps(items)}
        )
        self.execution = started["executionArn"]
        self.line.run_until(lambda: bool(self.list_runs()), 10.0)
        self.run = self.list_runs()[0]["mapRunArn"]

    def list_runs(self) -> list[dict[str, Any]]:
        runs: list[dict[str, Any]] = self.api.call("ListMapRuns", {"executionArn": self.execution})["mapRuns"]
        return runs

    def describe(self) -> dict[str, Any]:
        return self.api.call("DescribeMapRun", {"mapRunArn": self.run})

    def update(self, **fields: Any) -> None:
        assert self.api.call("UpdateMapRun", {"mapRunArn": self.run, **fields}) == {}


def slow(call: TaskCall) -> TaskOutcome:
    """Takes a minute."""
    if call.arguments == "bad":
        raise TaskError("Bad", "item")
    return TaskOutcome(call.arguments, seconds=60.0)


def test_more_children_run_at_once_after_an_update() -> None:
    running = Running(["a", "b", "c", "d"])
    assert running.describe()["executionCounts"]["running"] == 1
    running.update(maxConcurrency=3)
    counts = running.describe()["executionCounts"]
    assert (counts["running"], counts["pending"]) == (3, 1)
    running.update(maxConcurrency=0)
    assert running.describe()["executionCounts"]["running"] == 4
    running.line.run_until_idle()
    assert running.describe()["status"] == "SUCCEEDED"


def test_more_failures_are_tolerated_after_an_update() -> None:
    running = Running(["a", "bad", "b"])
    running.update(toleratedFailureCount=1, toleratedFailurePercentage=50.0)
    running.line.run_until_idle()
    described = running.describe()
    assert (described["status"], described["toleratedFailureCount"]) == ("SUCCEEDED", 1)
    assert described["executionCounts"]["failed"] == 1


def test_a_run_that_has_ended_is_not_updated() -> None:
    running = Running(["a"])
    running.line.run_until_idle()
    with pytest.raises(StepFunctionsError) as caught:
        running.update(maxConcurrency=2)
    assert caught.value.code == "ValidationException"
