from __future__ import annotations

import json
from typing import Any

import pytest

from localcloud.stepfunctions import TaskOutcome
from tests.unit.stepfunctions.machines import ROLE, START, World, one, row, task, types

START_EXECUTION = "arn:aws:states:::states:startExecution"


def calling(world: World, suffix: str, child: dict[str, Any], **parameters: Any) -> dict[str, Any]:
    """A state that starts a child machine."""
    machine = world.engine.create_state_machine("child", child, role_arn=ROLE)
    return {
        "Type": "Task",
        "Resource": START_EXECUTION + suffix,
        "Parameters": {"StateMachineArn": machine.arn, "Input": {"n": 1}, **parameters},
    }


def test_started_and_forgotten() -> None:
    world = World()
    execution = world.start(one(calling(world, "", one({"Type": "Wait", "Seconds": 60}), Name="kid")))
    world.line.run_until(lambda: execution.ended, 1)
    assert execution.output["ExecutionArn"].endswith(":execution:child:kid")
    assert world.engine.execution(execution.output["ExecutionArn"]).status == "RUNNING"


@pytest.mark.parametrize(("suffix", "output"), [(".sync", '{"n":1}'), (".sync:2", {"n": 1})])
def test_waiting_for_the_child(suffix: str, output: Any) -> None:
    world = World()
    execution = world.run(one(calling(world, suffix, one({"Type": "Wait", "Seconds": 60}))))
    assert world.line.now() == START + 60
    assert (execution.output["Status"], execution.output["Output"]) == ("SUCCEEDED", output)
    assert types(execution)[2:6] == ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"]


def test_a_failed_child_fails_the_task() -> None:
    world = World()
    execution = world.run(one(calling(world, ".sync:2", one({"Type": "Fail", "Error": "E", "Cause": "c"}))))
    assert execution.error == "States.TaskFailed"
    cause = json.loads(str(execution.cause))
    assert (cause["Status"], cause["Error"], cause["Cause"]) == ("FAILED", "E", "c")


def test_the_child_ends_with_its_parent() -> None:
    world = World()
    execution = world.start(one(calling(world, ".sync", one({"Type": "Wait", "Seconds": 60}), Name="kid")))
    world.line.skip(1)
    world.engine.stop_execution(execution.arn)
    (child,) = world.engine.list_executions("arn:aws:states:us-east-1:123456789012:stateMachine:child")
    assert child.status == "ABORTED"


def test_a_name_used_before() -> None:
    world = World()
    start = calling(world, "", one({"Type": "Pass"}), Name="kid")
    execution = world.run(row(First={**start, "ResultPath": None}, Again=start))
    assert execution.error == "StepFunctions.ExecutionAlreadyExistsException"
    assert "Service: AWSStepFunctions; Status Code: 400" in str(execution.cause)


def test_no_such_machine() -> None:
    state = {"Type": "Task", "Resource": START_EXECUTION, "Parameters": {"StateMachineArn": "arn:none"}}
    assert World().run(one(state)).error == "StepFunctions.StateMachineDoesNotExistException"


def test_children_use_the_same_services() -> None:
    world = World(lambda call: TaskOutcome(call.arguments, seconds=5))
    execution = world.run(one(calling(world, ".sync:2", one(task()))))
    assert execution.output["Output"] == {"n": 1}
