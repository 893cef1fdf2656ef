from __future__ import annotations

import json
from typing import Any

import pytest

from localcloud.stepfunctions import (
    EngineListener,
    Event,
    Execution,
    Integrations,
    TaskCall,
    TaskError,
    TaskOutcome,
)
from localcloud.stepfunctions.errors import (
    ExecutionAlreadyExists,
    ExecutionDoesNotExist,
    ExecutionNotRedrivable,
    InvalidDefinition,
    InvalidExecutionInput,
    InvalidName,
    ResourceNotFound,
    StateMachineAlreadyExists,
    StateMachineDoesNotExist,
    StateMachineTypeNotSupported,
    StepFunctionsError,
)
from localcloud.stepfunctions.limits import HISTORY_EVENTS, PAYLOAD_BYTES
from tests.unit.stepfunctions.machines import ROLE, START, World, one, row, task, types

END = {"Type": "Pass"}
WAIT = {"Type": "Wait", "Seconds": 100}


def test_the_same_machine_again_is_the_one_there_is() -> None:
    engine = World().engine
    machine = engine.create_state_machine("m", one(END), role_arn=ROLE)
    assert engine.create_state_machine("m", json.dumps(one(END)), role_arn=ROLE) is machine
    with pytest.raises(StateMachineAlreadyExists):
        engine.create_state_machine("m", one(WAIT), role_arn=ROLE)
    assert engine.list_state_machines() == [machine]
    assert machine.arn == "arn:aws:states:us-east-1:123456789012:stateMachine:m"


@pytest.mark.parametrize("name", ["", "a b", "x" * 81, "a/b", "ä"])
def test_machine_names(name: str) -> None:
    with pytest.raises(InvalidName):
        World().engine.create_state_machine(name, one(END), role_arn=ROLE)


def test_a_broken_definition_is_refused_when_it_is_made() -> None:
    engine = World().engine
    dangling: dict[str, Any] = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}
    empty: dict[str, Any] = {"States": {}}
    for broken in ("{", "[]", dangling, empty):
        with pytest.raises(InvalidDefinition):
            engine.create_state_machine("m", broken, role_arn=ROLE)
    assert engine.list_state_machines() == []


def test_an_update_is_for_executions_to_come() -> None:
    world = World()
    machine = world.engine.create_state_machine(
        "m", row(A=WAIT, B={"Type": "Pass", "Result": "old"}), role_arn=ROLE
    )
    first = world.engine.start_execution(machine.arn)
    world.engine.update_state_machine(machine.arn, one({"Type": "Pass", "Result": "new"}))
    second = world.engine.start_execution(machine.arn)
    world.engine.delete_state_machine(machine.arn)
    world.line.run_until_idle()
    assert (first.output, second.output) == ("old", "new")
    with pytest.raises(StateMachineDoesNotExist):
        world.engine.start_execution(machine.arn)


def test_a_name_is_good_for_one_run() -> None:
    world = World()
    machine = world.engine.create_state_machine("m", one(WAIT), role_arn=ROLE)
    first = world.engine.start_execution(machine.arn, '{"a":1}', "order-7")
    assert world.engine.start_execution(machine.arn, '{"a":1}', "order-7") is first
    with pytest.raises(ExecutionAlreadyExists, match=r"Execution Already Exists: 'arn:aws:states:.*:m:order-7'"):
        world.engine.start_execution(machine.arn, '{"a":2}', "order-7")
    world.line.run_until_idle()
    with pytest.raises(ExecutionAlreadyExists):
        world.engine.start_execution(machine.arn, '{"a":1}', "order-7")
    assert world.engine.list_executions(machine.arn) == [first]


def test_express_names_repeat() -> None:
    world = World()
    machine = world.engine.create_state_machine("m", one(END), role_arn=ROLE, type="EXPRESS")
    arns = {world.engine.start_execution(machine.arn, "{}", "same").arn for _ in range(3)}
    assert len(arns) == 3
    assert all(arn.startswith("arn:aws:states:us-east-1:123456789012:express:m:same:") for arn in arns)


def test_express_runs_five_minutes_and_is_neither_stopped_nor_redriven() -> None:
    world = World()
    machine = world.engine.create_state_machine(
        "m", one({"Type": "Wait", "Seconds": 9999}), role_arn=ROLE, type="EXPRESS"
    )
    execution = world.engine.start_execution(machine.arn)
    with pytest.raises(StateMachineTypeNotSupported):
        world.engine.stop_execution(execution.arn)
    world.line.run_until_idle()
    assert (execution.status, execution.stopped_at) == ("TIMED_OUT", START + 300)
    with pytest.raises(ExecutionNotRedrivable):
        world.engine.redrive_execution(execution.arn)


@pytest.mark.parametrize(
    "text", ["", "{", "nope", "NaN", "[-Infinity]", "[" * 100_000, '"' + "x" * (PAYLOAD_BYTES - 1) + '"']
)
def test_inputs_that_are_refused(text: str) -> None:
    engine = World().engine
    machine = engine.create_state_machine("m", one(END), role_arn=ROLE)
    with pytest.raises(InvalidExecutionInput):
        engine.start_execution(machine.arn, text)
    engine.start_execution(machine.arn, '"' + "x" * (PAYLOAD_BYTES - 2) + '"')


def test_unknown_things() -> None:
    engine = World().engine
    with pytest.raises(ExecutionDoesNotExist):
        engine.execution("arn:nope")
    with pytest.raises(ResourceNotFound):
        engine.map_run("arn:nope")
    with pytest.raises(InvalidName):
        engine.start_execution(engine.create_state_machine("m", one(END), role_arn=ROLE).arn, "{}", "a b")
    assert StepFunctionsError("x").code == "StepFunctionsError"


def test_stopping() -> None:
    world = World()
    execution = world.start(one(WAIT))
    world.line.skip(10)
    world.engine.stop_execution(execution.arn, "Enough", "of it")
    assert (execution.status, execution.error, execution.cause) == ("ABORTED", "Enough", "of it")
    assert execution.history[-1]["executionAbortedEventDetails"] == {"error": "Enough", "cause": "of it"}
    assert execution.history[-1]["previousEventId"] == 0
    stopped_at = execution.stopped_at
    world.line.run_until_idle()
    world.engine.stop_execution(execution.arn, "Again")
    assert (execution.error, execution.stopped_at) == ("Enough", stopped_at)
    assert types(execution)[-1] == "ExecutionAborted"


def test_stopping_before_the_first_state() -> None:
    world = World()
    execution = world.start(one(END))
    world.engine.stop_execution(execution.arn)
    world.line.run_until_idle()
    assert types(execution) == ["ExecutionStarted", "ExecutionAborted"]


def test_the_machine_s_own_time_out() -> None:
    world = World()
    execution = world.run(one(WAIT, TimeoutSeconds=60))
    assert (execution.status, execution.error, execution.stopped_at) == ("TIMED_OUT", None, START + 60)
    assert execution.history[-1]["executionTimedOutEventDetails"] == {"error": "States.Timeout"}


def test_no_choice_matched() -> None:
    choose = {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsPresent": True, "Next": "End"}]}
    execution = World().run(row(Choose=choose, End=END))
    assert execution.error == "States.Runtime"
    assert "Failed to transition out of the state. The state does not point to a next state." in str(
        execution.cause
    )


def test_the_history_holds_as_many_events_as_aws_allows() -> None:
    loop = {
        "StartAt": "A",
        "States": {
            "A": {"Type": "Pass", "Next": "B"},
            "B": {
                "Type": "Choice",
                "Choices": [{"Variable": "$.stop", "IsPresent": True, "Next": "C"}],
                "Default": "A",
            },
            "C": {"Type": "Succeed"},
        },
    }
    execution = World().run(loop)
    assert len(execution.history) == HISTORY_EVENTS
    assert execution.error == "States.Runtime"
    assert execution.cause == "The execution reached the maximum number of history events (25000)."
    assert types(execution)[-1] == "ExecutionFailed"


def test_waits() -> None:
    world = World()
    assert world.run(one({"Type": "Wait", "Timestamp": "2023-11-14T22:13:30.5Z"})).stopped_at == START + 10.5
    assert world.run(one({"Type": "Wait", "SecondsPath": "$.n"}), {"n": -1}).error == "States.Runtime"
    assert world.run(one({"Type": "Wait", "SecondsPath": "$.n"}), {"n": 0}).status == "SUCCEEDED"
    assert (
        world.run(one({"Type": "Wait", "TimestampPath": "$.t"}), {"t": "2026-13-01T00:00:00Z"}).status == "FAILED"
    )


@pytest.mark.parametrize(
    ("state", "error", "cause"),
    [
        ({"Error": "E", "Cause": "c"}, "E", "c"),
        ({}, None, None),
        ({"ErrorPath": "$.e", "CausePath": "States.Format('{}!', $.c)"}, "FromInput", "why!"),
    ],
)
def test_fail(state: dict[str, Any], error: str | None, cause: str | None) -> None:
    execution = World().run(one({"Type": "Fail", **state}), {"e": "FromInput", "c": "why"})
    assert (execution.status, execution.error, execution.cause) == ("FAILED", error, cause)


def test_redrive_goes_on_from_the_failed_state() -> None:
    broken = [True]

    def answer(call: TaskCall) -> Any:
        if call.state_name == "Second" and broken:
            raise TaskError("Down")
        return call.state_name

    world = World(answer)
    retry = [{"ErrorEquals": ["Down"], "MaxAttempts": 1}]
    execution = world.run(row(First=task(), Second=task(Retry=retry)))
    assert (execution.status, len(world.services.calls)) == ("FAILED", 3)
    broken.clear()
    world.engine.redrive_execution(execution.arn)
    world.line.run_until_idle()
    assert (execution.status, execution.output, execution.redrive_count) == ("SUCCEEDED", "Second", 1)
    assert [call.state_name for call in world.services.calls] == ["First", "Second", "Second", "Second"]
    assert [call.attempt for call in world.services.calls] == [0, 0, 1, 0]
    told = types(execution)
    assert told.count("TaskStateEntered") == 2
    assert told[told.index("ExecutionRedriven") + 1] == "LambdaFunctionScheduled"


def test_redrive_runs_unsuccessful_branches_only() -> None:
    broken = [True]

    def answer(call: TaskCall) -> Any:
        if call.state_name == "B" and broken:
            raise TaskError("Down")
        return TaskOutcome(call.state_name, seconds=0 if call.state_name != "C" else 50)

    world = World(answer)
    branches = [row(A=task()), row(B=task()), row(C=task())]
    execution = world.run(one({"Type": "Parallel", "Branches": branches}))
    assert execution.status == "FAILED"
    broken.clear()
    world.engine.redrive_execution(execution.arn)
    world.line.run_until_idle()
    assert execution.output == ["A", "B", "C"]
    assert sorted(call.state_name for call in world.services.calls) == ["A", "B", "B", "C", "C"]


def test_redrive_after_a_stop_and_within_a_map() -> None:
    world = World(lambda call: TaskOutcome(call.arguments, seconds=10))
    state = {"Type": "Map", "MaxConcurrency": 1, "ItemProcessor": row(Work=task())}
    execution = world.start(one(state), [1, 2, 3])
    world.line.skip(15)
    world.engine.stop_execution(execution.arn)
    world.engine.redrive_execution(execution.arn)
    world.line.run_until_idle()
    assert (execution.status, execution.output) == ("SUCCEEDED", [1, 2, 3])
    assert [call.arguments for call in world.services.calls] == [1, 2, 2, 3]


def test_what_cannot_be_redriven() -> None:
    world = World()
    done, running = world.run(one(END)), world.start(one(WAIT))
    for execution in (done, running):
        with pytest.raises(
            ExecutionNotRedrivable, match=f"Execution is {execution.status} and cannot be redriven"
        ):
            world.engine.redrive_execution(execution.arn)
    failed = world.run(one({"Type": "Fail"}))
    world.line.skip(15 * 86_400)
    with pytest.raises(ExecutionNotRedrivable, match="redrivable period"):
        world.engine.redrive_execution(failed.arn)


class Watcher(EngineListener):
    """Notes what it is told."""

    def __init__(self) -> None:
        self.statuses: list[str] = []
        self.events: list[str] = []

    def on_status(self, execution: Execution) -> None:
        self.statuses.append(execution.status)

    def on_event(self, execution: Execution, event: Event) -> None:
        self.events.append(event.render()["type"])


def test_the_listener_hears_of_every_status_and_event() -> None:
    watcher = Watcher()
    world = World(listener=watcher)
    execution = world.run(one({"Type": "Fail", "Error": "E"}))
    world.engine.redrive_execution(execution.arn)
    world.line.run_until_idle()
    assert watcher.statuses == ["RUNNING", "FAILED", "RUNNING", "FAILED"]
    assert watcher.events == types(execution)


def test_faults_stand_between_the_engine_and_all_its_calls() -> None:
    class Broken(Integrations):
        def call(self, call: TaskCall) -> Any:
            raise TaskError("Injected", call.resource)

    world = World(faults=lambda others: Broken())
    start = {
        "Type": "Task",
        "Resource": "arn:aws:states:::states:startExecution",
        "Parameters": {"StateMachineArn": "x"},
    }
    assert (world.run(one(task())).error, world.run(one(start)).error) == ("Injected", "Injected")


def test_histories_are_read_by_the_page() -> None:
    execution = World().run(row(A=END, B=END))
    assert [event["id"] for event in execution.history.page(2, 2)] == [3, 4]
    assert [event["id"] for event in execution.history.page(0, 2, reverse=True)] == [6, 5]
    assert execution.history[0]["executionStartedEventDetails"]["input"] == "{}"
