from __future__ import annotations

from typing import Any

import pytest

from localcloud.stepfunctions import Execution, TaskCall, TaskOutcome
from localcloud.stepfunctions.errors import InvalidOutput, InvalidToken, TaskTimedOut
from localcloud.stepfunctions.limits import PAYLOAD_BYTES
from tests.unit.stepfunctions.machines import CALLBACK, START, World, failing, one, row, types

END = {"Type": "Pass"}


def asking(**fields: Any) -> dict[str, Any]:
    """A state that waits for somebody to send its token."""
    return {"Type": "Task", "Resource": CALLBACK, "Parameters": {"token.$": "$$.Task.Token"}, **fields}


def ask(world: World, **fields: Any) -> tuple[Execution, str]:
    """Start it and let it wait; the execution and the token."""
    execution = world.start(one(asking(**fields)))
    world.line.skip(1)
    token = world.services.calls[-1].task_token
    assert token is not None
    return execution, token


def test_a_task_waits_until_its_token_is_sent() -> None:
    world = World(lambda call: {"MessageId": "1"})
    execution, token = ask(world)
    assert world.services.calls[0].arguments == {"token": token}
    assert len(token) > 500
    world.line.skip(3600)
    world.engine.send_task_success(token, '{"approved":true}')
    world.line.run_until_idle()
    assert (execution.output, execution.stopped_at) == ({"approved": True}, START + 3601)
    assert types(execution)[2:6] == ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"]


def test_an_answer_is_refused_the_second_time() -> None:
    world = World()
    _execution, token = ask(world)
    world.engine.send_task_success(token, "1")
    refusal = "Task Timed Out: 'Provided task does not exist anymore'"
    with pytest.raises(TaskTimedOut, match=refusal):
        world.engine.send_task_success(token, "2")
    with pytest.raises(TaskTimedOut, match=refusal):
        world.engine.send_task_failure(token, "E")
    with pytest.raises(TaskTimedOut, match=refusal):
        world.engine.send_task_heartbeat(token)


def test_a_failure_by_token() -> None:
    world = World()
    execution, token = ask(world)
    world.engine.send_task_failure(token, "Rejected", "not this time")
    world.line.run_until_idle()
    assert (execution.error, execution.cause) == ("Rejected", "not this time")


def test_a_timed_out_token_is_closed_and_the_next_try_has_another() -> None:
    world = World()
    execution, token = ask(world, TimeoutSeconds=60, Retry=[{"ErrorEquals": ["States.Timeout"], "MaxAttempts": 1}])
    world.line.skip(100)
    with pytest.raises(TaskTimedOut):
        world.engine.send_task_success(token, "1")
    second = world.services.calls[-1].task_token
    assert second not in (None, token)
    world.engine.send_task_success(str(second), '"in time"')
    world.line.run_until_idle()
    assert execution.output == "in time"


@pytest.mark.parametrize("names", [["States.HeartbeatTimeout"], ["States.Timeout"], ["States.ALL"]])
def test_missed_heartbeats(names: list[str]) -> None:
    world = World()
    state = asking(HeartbeatSeconds=10, TimeoutSeconds=1000, Catch=[{"ErrorEquals": names, "Next": "End"}])
    execution = world.start(row(Ask=state, End=END))
    world.line.skip(8)
    world.engine.send_task_heartbeat(str(world.services.calls[0].task_token))
    world.line.skip(8)
    assert not execution.ended
    world.line.run_until_idle()
    assert execution.stopped_at == START + 18
    timed_out = next(event for event in execution.history if event["type"] == "TaskTimedOut")
    assert timed_out["taskTimedOutEventDetails"]["error"] == "States.Timeout"


def test_whoever_gets_the_token_may_answer_before_the_call_returns() -> None:
    world = World()

    def answer(call: TaskCall) -> str:
        world.engine.send_task_success(str(call.task_token), '"quick"')
        return "sent"

    world.services._answer = answer
    execution = world.run(one(asking()))
    assert execution.output == "quick"
    assert types(execution)[4:6] == ["TaskSubmitted", "TaskSucceeded"]


def test_an_answer_while_the_call_is_slow_counts_when_the_time_is_over() -> None:
    world = World(lambda call: TaskOutcome("sent", seconds=5.0))
    execution, token = ask(world, TimeoutSeconds=3)
    world.engine.send_task_success(token, '"quick"')
    world.line.run_until_idle()
    assert (execution.output, execution.stopped_at) == ("quick", START + 3)


def test_a_call_that_fails_does_not_wait() -> None:
    world = World(failing("SQS.QueueDoesNotExistException"))
    execution = world.run(one(asking()))
    assert execution.error == "SQS.QueueDoesNotExistException"
    with pytest.raises(TaskTimedOut):
        world.engine.send_task_success(str(world.services.calls[0].task_token), "1")


def test_stopping_closes_the_token() -> None:
    world = World()
    execution, token = ask(world)
    world.engine.stop_execution(execution.arn)
    with pytest.raises(TaskTimedOut):
        world.engine.send_task_success(token, "1")


def test_what_never_was_a_token() -> None:
    world = World()
    for send in (world.engine.send_task_heartbeat, world.engine.send_task_failure):
        with pytest.raises(InvalidToken, match="Invalid Token: 'Invalid token'"):
            send("AQCEAAAA")


@pytest.mark.parametrize("output", ["{", "", '"' + "x" * PAYLOAD_BYTES + '"'])
def test_outputs_that_are_no_json_or_too_large(output: str) -> None:
    world = World()
    _execution, token = ask(world)
    with pytest.raises(InvalidOutput):
        world.engine.send_task_success(token, output)
    world.engine.send_task_success(token, "1")


def test_a_day_of_waiting_costs_two_steps_of_the_virtual_clock() -> None:
    world = World()
    execution = world.run(one(asking(TimeoutSeconds=86_400)))
    assert (execution.error, world.line.now()) == ("States.Timeout", START + 86_400)
