"""The engine on the scheduler thread and the task pool."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from localcloud.stepfunctions import Engine, RealTimeline, TaskCall
from tests.unit.stepfunctions.machines import CALLBACK, ROLE, Services, World, one, row, task, types

LIMIT_SECONDS = 30.0


@pytest.fixture
def line() -> Iterator[RealTimeline]:
    timeline = RealTimeline()
    timeline.start()
    yield timeline
    timeline.stop()


def test_a_run_has_the_history_the_virtual_clock_gives_it(line: RealTimeline) -> None:
    definition = row(
        First=task(),
        Fan={
            "Type": "Map",
            "MaxConcurrency": 1,
            "ItemProcessor": row(Work=task(), Pause={"Type": "Wait", "Seconds": 60}),
        },
        Last={"Type": "Succeed"},
    )
    virtual = World().run(definition, [1, 2, 3])
    engine = Engine(line, Services())
    machine = engine.create_state_machine("m", definition, role_arn=ROLE)
    execution = engine.start_execution(machine.arn, "[1,2,3]")
    line.run_until(lambda: "WaitStateEntered" in types(execution), LIMIT_SECONDS)
    for _ in range(3):
        line.skip(61)
    line.run_until(lambda: execution.ended, LIMIT_SECONDS)
    assert types(execution) == types(virtual)
    assert execution.output == virtual.output


def test_slow_work_of_one_execution_does_not_hold_up_the_others(line: RealTimeline) -> None:
    gate = threading.Event()

    def answer(call: TaskCall) -> Any:
        if call.arguments == "slow":
            gate.wait(LIMIT_SECONDS)
        return call.arguments

    engine = Engine(line, Services(answer))
    machine = engine.create_state_machine("m", one(task()), role_arn=ROLE)
    slow = engine.start_execution(machine.arn, '"slow"')
    quick = [engine.start_execution(machine.arn, str(number)) for number in range(20)]
    line.run_until(lambda: all(execution.ended for execution in quick), LIMIT_SECONDS)
    assert not slow.ended
    gate.set()
    line.run_until(lambda: slow.ended, LIMIT_SECONDS)
    assert [execution.output for execution in quick] == list(range(20))


def test_tokens_sent_from_many_threads_are_answered_once_each(line: RealTimeline) -> None:
    services = Services(lambda call: None)
    engine = Engine(line, services)
    ask = {"Type": "Task", "Resource": CALLBACK, "Parameters": {"t.$": "$$.Task.Token"}}
    machine = engine.create_state_machine("m", one(ask), role_arn=ROLE)
    executions = [engine.start_execution(machine.arn) for _ in range(25)]
    line.run_until(lambda: len(services.calls) == 25, LIMIT_SECONDS)
    refused: list[str] = []

    def send(token: str) -> None:
        try:
            engine.send_task_success(token, "1")
        except Exception as error:
            refused.append(type(error).__name__)

    tokens = [str(call.task_token) for call in services.calls]
    threads = [threading.Thread(target=send, args=(token,)) for token in tokens * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    line.run_until(lambda: all(execution.ended for execution in executions), LIMIT_SECONDS)
    assert refused == ["TaskTimedOut"] * 25


def test_a_time_out_leaves_the_work_alone_and_goes_on(line: RealTimeline) -> None:
    line.speed = 100.0
    engine = Engine(line, Services(lambda call: time.sleep(0.3)))
    machine = engine.create_state_machine("m", one(task(TimeoutSeconds=1)), role_arn=ROLE)
    execution = engine.start_execution(machine.arn)
    line.run_until(lambda: execution.ended, LIMIT_SECONDS)
    assert execution.error == "States.Timeout"
