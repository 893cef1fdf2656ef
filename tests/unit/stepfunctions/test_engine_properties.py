"""What holds for every machine: histories are well formed, runs end and repeat, nothing but failures comes out."""

from __future__ import annotations

import json
import re
from typing import Any

from botocore.session import Session
from botocore.validate import ParamValidator
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from localcloud.stepfunctions import Execution, TaskCall, TaskError, TaskOutcome
from localcloud.stepfunctions.validation import validate
from tests.unit.stepfunctions.definitions import VALUES, machines
from tests.unit.stepfunctions.machines import ROLE, World

SETTINGS = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
EVENT = Session().get_service_model("stepfunctions").shape_for("HistoryEvent")
OF_THIS_RUN = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}|AQCE[\w+/=]+")
"""Generated names and task tokens."""
PYTHON = re.compile(r"Traceback|NoneType|object has no attribute|not subscriptable|positional argument|unhashable")


def moody(call: TaskCall) -> Any:
    """A service that answers, is slow, fails or crashes, by what it is sent."""
    mood = (len(json.dumps(call.arguments)) + call.attempt) % 4
    if mood == 0:
        raise TaskError("Broken", "on purpose")
    if mood == 1:
        raise ValueError("crash")
    return TaskOutcome(call.arguments, seconds=mood - 2)


def run(machine: dict[str, Any], value: Any) -> list[Execution]:
    """The run and its children of a machine that always has the same names."""
    world = World(moody)
    made = world.engine.create_state_machine("m", machine, role_arn=ROLE)
    execution = world.engine.start_execution(made.arn, json.dumps(value), "run")
    world.line.run_until_idle()
    children = [child for each in world.engine.map_runs.values() for child in each.executions.values()]
    assert all(each.status != "RUNNING" for each in world.engine.map_runs.values())
    return [execution, *children]


def check_history(execution: Execution) -> None:
    """Ids without gaps, links backwards, AWS's shapes, and the status as the last word."""
    history = list(execution.history)
    assert execution.ended
    assert [event["id"] for event in history] == list(range(1, len(history) + 1))
    assert all(0 <= event["previousEventId"] < event["id"] for event in history)
    for event in history:
        report = ParamValidator().validate(event, EVENT)
        assert not report.has_errors(), report.generate_report()
    kind = {"TIMED_OUT": "TimedOut"}.get(execution.status, execution.status.capitalize())
    assert history[0]["type"] == "ExecutionStarted"
    assert history[-1]["type"] == f"Execution{kind}"
    assert PYTHON.search(str(execution.cause)) is None


def told(execution: Execution) -> str:
    """All a history tells, without what is drawn anew in each run."""
    return OF_THIS_RUN.sub("*", json.dumps(list(execution.history), default=str))


@settings(SETTINGS, max_examples=100)
@given(machines(), VALUES)
def test_executions_end_with_a_well_formed_history(machine: dict[str, Any], value: Any) -> None:
    assume(not [problem for problem in validate(machine) if problem.severity == "ERROR"])
    executions = run(machine, value)
    for execution in executions:
        check_history(execution)
    assert [told(one) for one in run(machine, value)] == [told(one) for one in executions]


@settings(SETTINGS, max_examples=60)
@given(machines(), VALUES, st.integers(1, 30))
def test_stopped_anywhere_and_redriven(machine: dict[str, Any], value: Any, events: int) -> None:
    assume(not [problem for problem in validate(machine) if problem.severity == "ERROR"])
    world = World(moody)
    made = world.engine.create_state_machine("m", machine, role_arn=ROLE)
    execution = world.engine.start_execution(made.arn, json.dumps(value))
    world.line.run_until(lambda: execution.ended or len(execution.history) >= events, 20_000)
    world.engine.stop_execution(execution.arn, "Enough", "of it")
    check_history(execution)
    world.line.run_until_idle()
    check_history(execution)
    for count in (1, 2):
        if execution.status == "SUCCEEDED":
            break
        world.engine.redrive_execution(execution.arn)
        world.line.run_until_idle()
        check_history(execution)
        assert execution.redrive_count == count
    children = [child for each in world.engine.map_runs.values() for child in each.executions.values()]
    for child in children:
        check_history(child)
