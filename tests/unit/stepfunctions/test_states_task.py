from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.stepfunctions import Later, TaskCall, TaskError, TaskOutcome
from localcloud.stepfunctions.failures import StateFailure
from localcloud.stepfunctions.limits import PAYLOAD_BYTES
from localcloud.stepfunctions.states.handlers import Retrier
from tests.unit.stepfunctions.machines import FUNCTION, START, World, failing, never, one, row, task, types

END = {"Type": "Pass"}
ALL = ["States.ALL"]


def caught(names: list[str], failure: dict[str, Any] | None = None) -> bool:
    """Whether a Catch on these names takes a task's failure."""
    state = failure or task()
    state = {**state, "Catch": [{"ErrorEquals": names, "Next": "End"}]}
    return World(failing("Broken")).run(row(Work=state, End=END)).status == "SUCCEEDED"


def test_a_call_tells_who_asks() -> None:
    world = World()
    execution = world.run(one(task(TimeoutSeconds=7)), {"a": 1})
    (call,) = world.services.calls
    assert (call.resource, call.arguments, call.state_name) == (FUNCTION, {"a": 1}, "Only")
    assert (call.execution_arn, call.execution_name) == (execution.arn, execution.name)
    assert (call.state_machine_arn, call.state_machine_name) == (execution.state_machine_arn, "m1")
    assert (call.attempt, call.map_index, call.task_token, call.timeout_seconds) == (0, None, None, 7)


def test_retries_wait_longer_each_time_and_are_counted() -> None:
    tries: list[tuple[int, float]] = []
    world = World()

    def answer(call: TaskCall) -> Any:
        tries.append((call.attempt, world.line.now() - START))
        if call.attempt < 3:
            raise TaskError("Busy", "try again")
        return call.attempt

    world.services._answer = answer
    retry = {"ErrorEquals": ["Busy"], "IntervalSeconds": 2, "BackoffRate": 3, "MaxDelaySeconds": 10}
    execution = world.run(one(task(Retry=[retry])))
    assert tries == [(0, 0.0), (1, 2.0), (2, 8.0), (3, 18.0)]
    assert execution.output == 3
    kept = execution.dataflow[0].tries
    assert [(one_try.attempt, one_try.error) for one_try in kept] == [(0, "Busy"), (1, "Busy"), (2, "Busy")]


def test_each_retrier_counts_for_itself() -> None:
    errors = iter(["A", "B", "A", "B", "A"])

    def answer(call: TaskCall) -> Any:
        raise TaskError(next(errors))

    retry = [{"ErrorEquals": ["A"], "MaxAttempts": 2}, {"ErrorEquals": ["B"], "MaxAttempts": 5}]
    world = World(answer)
    execution = world.run(one(task(Retry=retry)))
    assert (execution.error, len(world.services.calls)) == ("A", 5)


def test_no_attempts_means_no_retry() -> None:
    world = World(failing())
    world.run(one(task(Retry=[{"ErrorEquals": ALL, "MaxAttempts": 0}])))
    assert len(world.services.calls) == 1


@pytest.mark.parametrize(
    ("names", "taken"),
    [
        (["Broken"], True),
        (["Other"], False),
        (ALL, True),
        (["States.TaskFailed"], True),
        (["States.Timeout"], False),
    ],
)
def test_what_catch_takes(names: list[str], taken: bool) -> None:
    assert caught(names) is taken


def test_catch_hands_on_error_and_cause() -> None:
    state = task(Catch=[{"ErrorEquals": ALL, "ResultPath": "$.problem", "Next": "End"}])
    execution = World(failing("Broken", "why")).run(row(Work=state, End=END), {"id": 7})
    assert execution.output == {"id": 7, "problem": {"Error": "Broken", "Cause": "why"}}
    assert execution.dataflow[0].caught


def test_a_caught_time_out_has_an_empty_cause() -> None:
    work = task(TimeoutSeconds=1, Catch=[{"ErrorEquals": ["States.Timeout"], "Next": "End"}])
    execution = World(never).run(row(Work=work, End=END))
    assert execution.output == {"Error": "States.Timeout", "Cause": ""}
    assert "cause" not in execution.history[4]["lambdaFunctionTimedOutEventDetails"]


def test_a_time_out_is_taken_by_its_name_and_by_all_but_not_as_a_failed_task() -> None:
    slow = task(TimeoutSeconds=5)
    for names, taken in ((["States.Timeout"], True), (ALL, True), (["States.TaskFailed"], False)):
        state = {**slow, "Catch": [{"ErrorEquals": names, "Next": "End"}]}
        world = World(never)
        execution = world.run(row(Work=state, End=END))
        assert (execution.status == "SUCCEEDED") is taken
        assert world.line.now() == START + 5
    assert "LambdaFunctionTimedOut" in types(execution)
    assert (execution.error, execution.cause) == ("States.Timeout", None)


def test_slow_work_takes_its_time_on_the_virtual_clock() -> None:
    world = World(lambda call: TaskOutcome("done", ["line"], seconds=90))
    execution = world.run(one(task()))
    assert (execution.output, world.line.now()) == ("done", START + 90)
    assert execution.dataflow[0].log_lines == ["line"]
    assert (
        World(lambda call: TaskOutcome(1, seconds=90)).run(one(task(TimeoutSeconds=60))).error == "States.Timeout"
    )


def test_an_answer_after_the_time_out_is_ignored() -> None:
    later = Later()
    cancelled: list[bool] = []
    later.on_cancel(lambda: cancelled.append(True))
    world = World(lambda call: later)
    execution = world.run(one(task(TimeoutSeconds=1)))
    later.complete("too late")
    world.line.run_until_idle()
    assert (execution.status, execution.error, cancelled) == ("FAILED", "States.Timeout", [True])


def test_work_may_end_later_from_anywhere() -> None:
    later = Later()
    world = World(lambda call: later)
    execution = world.start(one(task()))
    world.line.skip(100)
    later.complete({"ok": True})
    world.line.run_until_idle()
    assert (execution.output, execution.stopped_at) == ({"ok": True}, START + 100)


def test_seconds_may_come_from_a_path_and_must_be_positive() -> None:
    world = World(never)
    assert world.run(one(task(TimeoutSecondsPath="$.t")), {"t": 3}).error == "States.Timeout"
    assert world.line.now() == START + 3
    for wrong in (0, -1, "x", 1.5):
        assert World(never).run(one(task(TimeoutSecondsPath="$.t")), {"t": wrong}).error == "States.Runtime"


def test_an_exception_of_the_integration_is_a_failed_task() -> None:
    execution = World(lambda call: 1 // 0).run(one(task()))
    assert execution.error == "States.TaskFailed"
    assert "ZeroDivisionError" in str(execution.cause)


def test_states_runtime_is_never_retried_nor_caught() -> None:
    handlers = {"Retry": [{"ErrorEquals": ALL}], "Catch": [{"ErrorEquals": ["States.Runtime"], "Next": "End"}]}
    world = World()
    execution = world.run(row(Work=task(OutputPath="$.none", **handlers), End=END))
    assert (execution.status, execution.error, len(world.services.calls)) == ("FAILED", "States.Runtime", 1)


@pytest.mark.parametrize("names", [ALL, ["States.TaskFailed"], ["States.DataLimitExceeded"]])
def test_a_task_result_above_the_limit_is_a_failed_task(names: list[str]) -> None:
    fits, too_large = "x" * (PAYLOAD_BYTES - 2), "x" * (PAYLOAD_BYTES - 1)
    state = task(Catch=[{"ErrorEquals": names, "Next": "End"}])
    assert World(lambda call: fits).run(row(Work=state, End=END)).output == fits
    execution = World(lambda call: too_large).run(row(Work=state, End=END))
    assert execution.status == "SUCCEEDED"
    assert execution.dataflow[0].error == "States.DataLimitExceeded"
    assert execution.dataflow[0].cause == (
        f"The state/task '{FUNCTION}' returned a result with a size exceeding the maximum number of bytes "
        "service limit."
    )


@pytest.mark.parametrize(
    ("names", "taken"), [(ALL, False), (["States.TaskFailed"], False), (["States.DataLimitExceeded"], True)]
)
def test_a_state_output_above_the_limit_is_caught_by_its_own_name_only(names: list[str], taken: bool) -> None:
    half = "x" * (PAYLOAD_BYTES // 2)
    state = task(ResultPath="$.result", Catch=[{"ErrorEquals": names, "Next": "End"}])
    execution = World(lambda call: half).run(row(Work=state, End=END), {"given": half})
    assert (execution.status == "SUCCEEDED") is taken
    assert execution.dataflow[0].error == "States.DataLimitExceeded"


def test_bytes_are_counted_not_characters() -> None:
    assert World(lambda call: "é" * (PAYLOAD_BYTES // 2)).run(one(task())).error == "States.DataLimitExceeded"


@given(
    st.integers(min_value=1, max_value=100),
    st.floats(min_value=1, max_value=5),
    st.none() | st.integers(min_value=1, max_value=500),
    st.integers(min_value=0, max_value=8),
)
def test_retry_delays(interval: int, rate: float, most: int | None, used: int) -> None:
    body: dict[str, Any] = {"ErrorEquals": ALL, "IntervalSeconds": interval, "BackoffRate": rate}
    if most is not None:
        body["MaxDelaySeconds"] = most
    delay = Retrier(body).delay_seconds(used, Random(0))
    expected = interval * rate**used
    assert delay == (expected if most is None else min(expected, most))
    jittered = Retrier({**body, "JitterStrategy": "FULL"}).delay_seconds(used, Random(used))
    assert 0 <= jittered <= delay


def test_a_delay_beyond_all_numbers_is_the_longest_allowed() -> None:
    body = {"ErrorEquals": ALL, "BackoffRate": 1e300, "MaxDelaySeconds": 60}
    assert Retrier(body).delay_seconds(5, Random(0)) == 60


def test_a_failure_without_a_name_is_taken_by_all() -> None:
    assert StateFailure(None).matches(("States.ALL",))
    assert not StateFailure(None).matches(("Broken",))
