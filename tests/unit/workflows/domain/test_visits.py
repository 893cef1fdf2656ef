"""Histories of the interpreter, folded: retries, branches, items, catches, redrives, ends of every kind."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.workflows.domain.dataflow import ABSENT, dataflow
from chalicelib.workflows.domain.visit import CAUGHT, FAILED, RUNNING, STOPPED, SUCCEEDED, Visit
from chalicelib.workflows.domain.visits import fold
from localcloud.stepfunctions import Integrations, TaskCall, VirtualTimeline
from localcloud.stepfunctions.engine import Engine
from localcloud.stepfunctions.execution import Execution
from localcloud.stepfunctions.task import JsonValue, TaskError

INVOKE = "arn:aws:states:::lambda:invoke"
Answer = Callable[[TaskCall], JsonValue]


class Scripted(Integrations):
    """Answers by a function that the test gives."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def call(self, call: TaskCall) -> JsonValue:
        return self._answer(call)


def task(**fields: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": INVOKE, "Parameters": {"FunctionName": "work"}, **fields}


def run(definition: dict[str, Any], answer: Answer = lambda call: {"done": True}) -> tuple[Execution, Engine]:
    engine = Engine(VirtualTimeline(), Scripted(answer))
    machine = engine.create_state_machine("orders", definition, role_arn="")
    execution = engine.start_execution(machine.arn, '{"amount": 7}')
    line = engine.timeline
    assert isinstance(line, VirtualTimeline)
    line.run_until_idle()
    return execution, engine


def shape(visits: list[Visit]) -> list[tuple[str, str]]:
    return [(visit.state, visit.status) for visit in visits]


def refuse(call: TaskCall) -> JsonValue:
    raise TaskError("OutOfStockError", json.dumps({"errorMessage": "none left", "requestId": "req-1"}))


ONE = {"StartAt": "Charge", "States": {"Charge": task(End=True)}}
PAUSE = {"Type": "Wait", "Seconds": 3}
BOTH_SIDES = {
    "StartAt": "Both",
    "States": {
        "Both": {
            "Type": "Parallel",
            "Branches": [
                {"StartAt": "Left", "States": {"Left": PAUSE | {"Next": "Rest"}, "Rest": task(End=True)}},
                {"StartAt": "Right", "States": {"Right": task(End=True)}},
            ],
            "End": True,
        }
    },
}  # fmt: skip


def test_a_state_is_entered_worked_and_left() -> None:
    execution, _ = run(ONE)
    (visit,) = fold(execution.history)
    assert (visit.state, visit.type, visit.status, len(visit.tries)) == ("Charge", "Task", SUCCEEDED, 1)
    flow = dataflow(visit, {event["id"]: event for event in execution.history})
    assert (flow.input, flow.arguments, flow.output) == ({"amount": 7}, {"FunctionName": "work"}, {"done": True})
    assert flow.tries[0].function == "work"


def test_retries_are_tries_of_one_visit() -> None:
    calls: list[int] = []

    def third_time_lucky(call: TaskCall) -> JsonValue:
        calls.append(1)
        return refuse(call) if len(calls) < 3 else {"done": True}

    definition = {
        "StartAt": "Charge",
        "States": {"Charge": task(End=True, Retry=[{"ErrorEquals": ["States.ALL"]}])},
    }
    execution, _ = run(definition, third_time_lucky)
    (visit,) = fold(execution.history)
    assert (visit.status, visit.error) == (SUCCEEDED, None)
    assert [one.error for one in visit.tries] == ["OutOfStockError", "OutOfStockError", None]
    flow = dataflow(visit, {event["id"]: event for event in execution.history})
    assert [one.request_id for one in flow.tries] == ["req-1", "req-1", None]


def test_a_caught_error_is_left_behind() -> None:
    caught = task(End=True, Catch=[{"ErrorEquals": ["OutOfStockError"], "Next": "Sorry"}])
    execution, _ = run({"StartAt": "Charge", "States": {"Charge": caught, "Sorry": {"Type": "Succeed"}}}, refuse)
    visits = fold(execution.history)
    assert shape(visits) == [("Charge", CAUGHT), ("Sorry", SUCCEEDED)]
    assert visits[0].error == "OutOfStockError"
    assert visits[1].came_from == visits[0].id


def test_a_failure_ends_the_run_where_it_broke() -> None:
    execution, _ = run(ONE, refuse)
    (visit,) = fold(execution.history)
    assert (visit.status, visit.error, visit.exited_at is not None) == (FAILED, "OutOfStockError", True)
    assert dataflow(visit, {event["id"]: event for event in execution.history}).output is ABSENT


def test_a_fail_state_fails() -> None:
    execution, _ = run({"StartAt": "No", "States": {"No": {"Type": "Fail", "Error": "NotToday"}}})
    (visit,) = fold(execution.history)
    assert (visit.status, visit.error) == (FAILED, "NotToday")


def test_branches_lie_inside_their_state() -> None:
    execution, _ = run(BOTH_SIDES)
    visits = fold(execution.history)
    both = visits[0]
    assert {visit.state: visit.parent for visit in visits} == {
        "Both": None,
        "Left": both.id,
        "Right": both.id,
        "Rest": both.id,
    }
    assert {visit.status for visit in visits} == {SUCCEEDED}
    assert both.exited_at == max(visit.exited_at for visit in visits if visit.exited_at)


def test_a_broken_branch_stops_the_others() -> None:
    execution, _ = run(BOTH_SIDES, refuse)
    assert shape(fold(execution.history)) == [("Both", FAILED), ("Left", STOPPED), ("Right", FAILED)]


def test_a_redriven_run_goes_on_in_the_same_visits() -> None:
    stock = [0]
    execution, engine = run(BOTH_SIDES, lambda call: {"done": True} if stock[0] else refuse(call))
    stock[0] = 1
    engine.redrive_execution(execution.arn)
    line = engine.timeline
    assert isinstance(line, VirtualTimeline)
    line.run_until_idle()
    visits = fold(execution.history)
    assert {visit.status for visit in visits} == {SUCCEEDED}
    assert sorted(visit.state for visit in visits) == ["Both", "Left", "Rest", "Right"]


def test_items_know_their_place_in_the_list() -> None:
    each = {
        "StartAt": "Each",
        "States": {
            "Each": {
                "Type": "Map",
                "ItemsPath": "$.items",
                "End": True,
                "ItemProcessor": {
                    "StartAt": "Pack",
                    "States": {"Pack": {"Type": "Pass", "Next": "Ship"}, "Ship": task(End=True)},
                },
            },
            "Make": {"Type": "Pass", "Result": {"items": [1, 2, 3]}, "Next": "Each"},
        },
    }
    execution, _ = run(each | {"StartAt": "Make"})
    visits = fold(execution.history)
    each_visit = next(visit for visit in visits if visit.state == "Each")
    packed = [visit for visit in visits if visit.state == "Pack"]
    assert [(visit.parent, visit.iteration) for visit in packed] == [(each_visit.id, index) for index in range(3)]
    assert {visit.iteration for visit in visits if visit.state == "Ship"} == {0, 1, 2}
    assert {visit.status for visit in visits} == {SUCCEEDED}


def test_what_runs_is_running_and_what_is_stopped_is_stopped() -> None:
    engine = Engine(VirtualTimeline(), Scripted(lambda call: {}))
    wait = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 60, "End": True}}}
    execution = engine.start_execution(engine.create_state_machine("orders", wait, role_arn="").arn)
    line = engine.timeline
    assert isinstance(line, VirtualTimeline)
    line.run_until(lambda: len(execution.history) > 1, 10)
    assert shape(fold(execution.history)) == [("Wait", RUNNING)]
    engine.stop_execution(execution.arn, cause="enough")
    assert shape(fold(execution.history)) == [("Wait", STOPPED)]


@pytest.mark.parametrize("cut", range(1, 17))
def test_any_beginning_of_a_history_can_be_folded(cut: int) -> None:
    """A run is looked at while it runs: nothing that is told once is untold by what follows."""
    execution, _ = run(BOTH_SIDES)
    events = list(execution.history)
    visits = fold(events[:cut])
    assert [visit.id for visit in visits] == [visit.id for visit in fold(events)][: len(visits)]
