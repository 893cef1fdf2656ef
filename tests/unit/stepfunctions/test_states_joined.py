"""Parallel and the inline Map."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.stepfunctions import TaskCall, TaskError, TaskOutcome
from tests.unit.stepfunctions.machines import START, World, failing, never, one, row, task, types

END = {"Type": "Pass"}


def each(*states: tuple[str, dict[str, Any]], **fields: Any) -> dict[str, Any]:
    """A Map whose items go through these states."""
    return {"Type": "Map", "ItemProcessor": row(**dict(states)), **fields}


def branch(name: str, state: dict[str, Any]) -> dict[str, Any]:
    """A branch of one state."""
    return row(**{name: state})


def test_results_are_in_the_order_of_the_branches_not_of_their_ends() -> None:
    waits = [
        row(**{f"W{n}": {"Type": "Wait", "Seconds": n}, f"P{n}": {"Type": "Pass", "Result": n}}) for n in (3, 1, 2)
    ]
    world = World()
    execution = world.run(one({"Type": "Parallel", "Branches": waits}))
    assert (execution.output, world.line.now()) == ([3, 1, 2], START + 3)


def test_one_failing_branch_aborts_the_others() -> None:
    branches = [
        branch("Long", {"Type": "Wait", "Seconds": 100}),
        row(Short={"Type": "Wait", "Seconds": 5}, Boom={"Type": "Fail", "Error": "Boom", "Cause": "now"}),
    ]
    world = World()
    execution = world.run(one({"Type": "Parallel", "Branches": branches}))
    assert (execution.error, execution.cause, world.line.now()) == ("Boom", "now", START + 5)
    events = list(execution.history)
    failure = next(event["id"] for event in events if event["type"] == "FailStateEntered")
    told = [(event["type"], event["previousEventId"]) for event in events[failure:]]
    assert told == [
        ("WaitStateAborted", failure),
        ("ParallelStateFailed", failure),
        ("ExecutionFailed", failure + 2),
    ]


def test_a_failed_parallel_is_caught_with_the_branch_s_error() -> None:
    state = {
        "Type": "Parallel",
        "Branches": [branch("Boom", {"Type": "Fail", "Error": "Boom"})],
        "Catch": [{"ErrorEquals": ["Boom"], "ResultPath": "$.problem", "Next": "End"}],
    }
    assert World().run(row(Fan=state, End=END), {"a": 1}).output == {
        "a": 1,
        "problem": {"Error": "Boom", "Cause": ""},
    }


def test_a_broken_branch_breaks_the_machine() -> None:
    state = {
        "Type": "Parallel",
        "Branches": [branch("Broken", {"Type": "Pass", "InputPath": "$.none"})],
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "End"}],
    }
    assert World().run(row(Fan=state, End=END)).error == "States.Runtime"


def test_a_map_without_items_goes_on_at_once() -> None:
    execution = World().run(one(each(("Item", END))), [])
    assert execution.output == []
    assert types(execution)[2:5] == ["MapStateStarted", "MapStateSucceeded", "MapStateExited"]


def test_item_selector_sees_item_index_and_input() -> None:
    selector = {"item.$": "$$.Map.Item.Value", "index.$": "$$.Map.Item.Index", "rate.$": "$.rate"}
    state = each(("Item", END), ItemsPath="$.items", ItemSelector=selector)
    execution = World().run(one(state), {"items": ["a", "b"], "rate": 3})
    assert execution.output == [{"item": "a", "index": 0, "rate": 3}, {"item": "b", "index": 1, "rate": 3}]


def test_calls_know_their_item() -> None:
    world = World(lambda call: call.map_index)
    assert world.run(one(each(("Work", task()))), ["a", "b", "c"]).output == [0, 1, 2]


@pytest.mark.parametrize(("concurrency", "seconds"), [(1, 70), (2, 40), (7, 10), (0, 10)])
def test_max_concurrency_bounds_what_runs_at_once(concurrency: int, seconds: int) -> None:
    world = World(lambda call: TaskOutcome(call.arguments, seconds=10))
    execution = world.run(one(each(("Work", task()), MaxConcurrency=concurrency)), list(range(7)))
    assert (execution.output, world.line.now()) == (list(range(7)), START + seconds)


def test_an_inline_map_runs_forty_items_at_once_at_most() -> None:
    world = World(lambda call: TaskOutcome(None, seconds=10))
    world.run(one(each(("Work", task()))), list(range(41)))
    assert world.line.now() == START + 20


@pytest.mark.parametrize(
    ("value", "cause"),
    [
        ("many", 'The MaxConcurrencyPath field refers to value "many" which is not a valid integer: $.n'),
        ({}, 'The MaxConcurrencyPath field refers to value "{}" which is not a valid integer: $.n'),
        (-1, "Expected non-negative integer for MaxConcurrency, got '-1' instead."),
    ],
)
def test_concurrency_that_is_no_number(value: Any, cause: str) -> None:
    state = each(("Item", END), ItemsPath="$.items", MaxConcurrencyPath="$.n")
    execution = World().run(one(state), {"items": [1], "n": value})
    assert execution.error == "States.Runtime"
    assert str(execution.cause).endswith(cause)


def test_the_first_failing_item_aborts_the_others_and_the_rest_never_starts() -> None:
    def answer(call: TaskCall) -> Any:
        if call.arguments == "bad":
            raise TaskError("Bad")
        return TaskOutcome(None, seconds=100)

    world = World(answer)
    execution = world.run(one(each(("Work", task()), MaxConcurrency=2)), ["good", "bad", "never"])
    assert (execution.error, len(world.services.calls), world.line.now()) == ("Bad", 2, START)
    assert types(execution)[-6:] == [
        "MapIterationAborted",
        "TaskStateAborted",
        "MapIterationFailed",
        "TaskStateAborted",
        "MapStateFailed",
        "ExecutionFailed",
    ]


def test_items_that_time_out_together_are_all_told_before_the_map_fails() -> None:
    execution = World(never).run(one(each(("Work", task(TimeoutSeconds=5)))), [1, 2, 3])
    assert types(execution).count("LambdaFunctionTimedOut") == 3
    assert types(execution).count("MapIterationAborted") == 2


def test_a_retried_map_runs_all_items_again() -> None:
    failures = iter([True, False, False, False])

    def answer(call: TaskCall) -> Any:
        if next(failures):
            raise TaskError("Flaky")
        return call.arguments

    world = World(answer)
    state = each(("Work", task()), MaxConcurrency=1, Retry=[{"ErrorEquals": ["Flaky"]}])
    assert world.run(one(state), ["a", "b"]).output == ["a", "b"]
    assert [call.arguments for call in world.services.calls] == ["a", "a", "b"]


def test_maps_in_maps() -> None:
    inner = each(("Work", task()))
    world = World(lambda call: call.arguments * 2)
    assert world.run(one(each(("Row", inner))), [[1, 2], [3]]).output == [[2, 4], [6]]
    assert world.run(one(each(("Row", inner))), [[]]).output == [[]]


def test_what_is_no_array() -> None:
    execution = World().run(one(each(("Item", END), ItemsPath="$.x")), {"x": 1})
    assert execution.error == "States.Runtime"
    assert str(execution.cause).endswith('Reference path "$.x" must point to array.')


def test_a_selector_that_breaks_for_a_later_item_fails_the_map() -> None:
    state = each(("Item", END), MaxConcurrency=1, ItemSelector={"n.$": "$$.Map.Item.Value.n"})
    execution = World().run(one(state), [{"n": 1}, {}])
    assert execution.error == "States.Runtime"


def test_items_leave_their_path_in_the_data_flow() -> None:
    execution = World().run(one(each(("Item", END))), ["a", "b"])
    assert [visit.path for visit in execution.dataflow] == [(), ("Only[0]",), ("Only[1]",)]


def test_deep_nesting_and_long_rows_of_maps_cost_no_stack() -> None:
    states = {f"M{number}": each((f"I{number}", END)) for number in range(1500)}
    assert World().run(row(**states), [1, 2]).output == [1, 2]


@given(st.lists(st.integers(min_value=0, max_value=50), max_size=25), st.integers(min_value=0, max_value=6))
def test_results_keep_the_order_of_the_items(delays: list[int], concurrency: int) -> None:
    world = World(lambda call: TaskOutcome(call.arguments, seconds=call.arguments["delay"]))
    items = [{"number": number, "delay": delay} for number, delay in enumerate(delays)]
    execution = world.run(one(each(("Work", task()), MaxConcurrency=concurrency)), items)
    assert json.dumps(execution.output) == json.dumps(items)


def test_failing_items_outlive_nothing() -> None:
    world = World(failing())
    world.run(one(each(("Work", task()))), list(range(5)))
    assert world.line.skip_to_next_timer() is None
