"""Faults happen where they are put, as often as they should, and in time."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.stepfunctions.errors import TaskTimedOut
from localcloud.stepfunctions.faults import Faults, FaultyIntegrations
from localcloud.stepfunctions.task import Integrations, Later, TaskCall, TaskError, TaskOutcome
from tests.unit.stepfunctions.calls import FUNCTION_ARN, task_call

CHARGE = task_call(FUNCTION_ARN + "charge", state_name="Charge")


class CountingWork(Integrations):
    """Answers "done" and counts its calls."""

    def __init__(self) -> None:
        self.calls = 0

    def call(self, call: TaskCall) -> Any:
        self.calls += 1
        return "done"


class Answers:
    """Takes each token once, as the engine does."""

    def __init__(self) -> None:
        self.answered: dict[str, str] = {}

    def send_task_success(self, token: str, output_json: str) -> None:
        if token in self.answered:
            raise TaskTimedOut
        self.answered[token] = output_json


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
def work() -> CountingWork:
    return CountingWork()


@pytest.fixture
def faulty(faults: Faults, work: CountingWork) -> FaultyIntegrations:
    return FaultyIntegrations(work, faults)


def test_a_fault_of_at_most_once_takes_the_first_call_of_any_execution(
    faults: Faults, faulty: FaultyIntegrations
) -> None:
    faults.on(state="Charge", at_most=1).raises("Own.Error")
    assert error_of(faulty, CHARGE) == "Own.Error"
    assert faulty.call(CHARGE) == "done"
    assert faulty.call(task_call(FUNCTION_ARN + "charge", state_name="Charge", execution_name="other")) == "done"


def error_of(faulty: FaultyIntegrations, call: TaskCall) -> str:
    with pytest.raises(TaskError) as caught:
        faulty.call(call)
    return caught.value.error


def test_without_faults_the_work_is_done(faulty: FaultyIntegrations, work: CountingWork) -> None:
    assert faulty.call(CHARGE) == "done"
    assert work.calls == 1


@pytest.mark.parametrize(
    ("place", "happens"),
    [
        ({}, True),
        ({"state": "Charge"}, True),
        ({"state": "Other"}, False),
        ({"machine": "machine"}, True),
        ({"machine": "other"}, False),
        ({"attempt": 0}, True),
        ({"attempt": 1}, False),
        ({"map_index": 0}, False),
    ],
)
def test_a_fault_lies_where_it_is_put(
    faults: Faults, faulty: FaultyIntegrations, place: dict[str, Any], happens: bool
) -> None:
    faults.on(**place).returns("fault")
    assert faulty.call(CHARGE) == ("fault" if happens else "done")


def test_a_machines_name_means_its_distributed_maps_too(faults: Faults, faulty: FaultyIntegrations) -> None:
    faults.on(machine="campaign").returns("fault")
    assert faulty.call(task_call("lambda:invoke", state_machine_name="campaign/label")) == "fault"
    assert faulty.call(task_call("lambda:invoke", state_machine_name="campaign-two")) == "done"


def test_an_error_is_raised_instead_of_the_work(
    faults: Faults, faulty: FaultyIntegrations, work: CountingWork
) -> None:
    faults.on().raises("PaymentDeclinedError", "no funds")
    assert error_of(faulty, CHARGE) == "PaymentDeclinedError"
    assert work.calls == 0


def test_an_answer_can_be_lost_after_the_work(
    faults: Faults, faulty: FaultyIntegrations, work: CountingWork
) -> None:
    faults.on(attempt=0).crashes(after_work=True)
    assert error_of(faulty, CHARGE) == "Runtime.ExitError"
    assert work.calls == 1


@pytest.mark.parametrize(
    ("resource", "name"),
    [
        (FUNCTION_ARN + "charge", "Lambda.TooManyRequestsException"),
        ("lambda:invoke", "Lambda.TooManyRequestsException"),
        ("dynamodb:putItem", "DynamoDB.ProvisionedThroughputExceededException"),
    ],
)
def test_calls_are_throttled_as_often_as_said(
    faults: Faults, faulty: FaultyIntegrations, resource: str, name: str
) -> None:
    faults.on().throttles(2)
    call = task_call(resource)
    assert [error_of(faulty, call), error_of(faulty, call), faulty.call(call)] == [name, name, "done"]


def test_times_are_counted_for_each_execution_and_item(faults: Faults, faulty: FaultyIntegrations) -> None:
    faults.on().throttles(1)
    for call in (
        CHARGE,
        task_call("lambda:invoke", execution_arn="other"),
        task_call("lambda:invoke", map_index=1),
    ):
        assert error_of(faulty, call) == "Lambda.TooManyRequestsException"
        assert faulty.call(call) == "done"


def test_a_task_that_times_out_never_answers(faults: Faults, faulty: FaultyIntegrations) -> None:
    faults.on().times_out()
    assert isinstance(faulty.call(task_call("lambda:invoke", timeout_seconds=3)), Later)
    assert error_of(faulty, task_call("lambda:invoke")) == "States.Timeout"


def test_slow_work_takes_time_on_the_timeline(faults: Faults, faulty: FaultyIntegrations) -> None:
    faults.on().takes(seconds=90)
    outcome = faulty.call(CHARGE)
    assert isinstance(outcome, TaskOutcome)
    assert (outcome.value, outcome.seconds) == ("done", 90)


class LaterWork(Integrations):
    """Answers when the test says so."""

    def __init__(self) -> None:
        self.later = Later()

    def call(self, call: TaskCall) -> Later:
        return self.later


def test_slow_work_that_ends_later_ends_later_still(faults: Faults) -> None:
    inner = LaterWork()
    faults.on().takes(seconds=5)
    slow = FaultyIntegrations(inner, faults).call(CHARGE)
    assert isinstance(slow, Later)
    ends: list[Any] = []
    slow.watch(ends.append)
    inner.later.complete(TaskOutcome("done", ["line"], 2.0))
    assert ends == [TaskOutcome("done", ["line"], 7.0)]


def test_work_may_be_done_twice(faults: Faults, faulty: FaultyIntegrations, work: CountingWork) -> None:
    faults.on().answers_twice()
    assert faulty.call(CHARGE) == "done"
    assert work.calls == 2


def test_a_task_with_a_token_is_answered_in_its_workers_place(faults: Faults, work: CountingWork) -> None:
    answers = Answers()
    faulty = FaultyIntegrations(work, faults, lambda: answers)
    faults.on().returns({"approved": True})
    call = task_call("sqs:sendMessage.waitForTaskToken", task_token="token")
    assert [faulty.call(call), faulty.call(call)] == [{}, {}]
    assert (answers.answered, work.calls) == ({"token": '{"approved":true}'}, 0)


def test_what_happened_is_told(faults: Faults, faulty: FaultyIntegrations) -> None:
    faults.on(state="Charge").returns(1)
    faulty.call(CHARGE)
    assert [call for _fault, call in faults.happened] == [CHARGE]
    faults.clear()
    assert faulty.call(CHARGE) == "done"
