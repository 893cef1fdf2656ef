"""Scenario -> path of ``upload-processor``, the real service on the virtual clock; faults from its definition."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.retail.domain.uploads import upload_id_of
from tests.fakes.machine import path
from tests.fakes.retail.sale_rows import json_lines, row
from tests.fakes.retail.upload_desk import NOW
from tests.fakes.retail.upload_simulation import DEFINITION, UploadSimulation

KEY = "uploads/20250122_143022_data.json"
INPUT = {"detail": {"bucket": {"name": "signalbox-retail"}, "object": {"key": KEY}}}
WHOLE = ["LogInput", "ProcessUpload"]
STATES: dict[str, Any] = json.loads(DEFINITION.read_text())["States"]
RETRIERS: list[dict[str, Any]] = STATES["ProcessUpload"]["Retry"]

Arrange = Callable[[UploadSimulation], object]


def put(content: str, **more: Any) -> Arrange:
    return lambda simulation: simulation.desk.put(KEY, content, **more)


def right(simulation: UploadSimulation) -> None:
    simulation.desk.put(KEY, json_lines(row(0), row(1), "broken"))


def fails(error: str, times: int, *, after_work: bool = False) -> Arrange:
    def arrange(simulation: UploadSimulation) -> None:
        right(simulation)
        simulation.faults.on(state="ProcessUpload").raises(error, "told to", times=times, after_work=after_work)

    return arrange


def dies(times: int) -> Arrange:
    return fails("Runtime.ExitError", times, after_work=True)


def other_version_at_work(simulation: UploadSimulation) -> None:
    other = simulation.desk.put(KEY, json_lines(row(0, quantity=9)), at=NOW - timedelta(minutes=1))
    simulation.desk.records.claim(upload_id_of(KEY), other, other.arrived_at.isoformat(), NOW)
    right(simulation)


def times_out(simulation: UploadSimulation) -> None:
    right(simulation)
    simulation.faults.on(state="ProcessUpload").times_out(times=1)


@dataclass(frozen=True)
class Scenario:
    name: str
    arrange: Arrange
    error: str | None = None
    tries: int = 1
    run_input: Any = None
    path: tuple[str, ...] = tuple(WHOLE)


SCENARIOS = [
    Scenario("rows kept and quarantined", right),
    Scenario("no right row is not tried again", put("broken\n"), "UploadRejectedError"),
    Scenario("an empty file", put(""), "UploadRejectedError"),
    Scenario("no such file", lambda simulation: None, "UploadNotFoundError"),
    Scenario("input without a key", right, "States.Runtime", 0, {"detail": {}}, ("LogInput",)),
    Scenario("another version is waited for", other_version_at_work, tries=17),
    Scenario("a function that never answers", times_out),
    *(
        Scenario(f"{retrier['ErrorEquals'][0]} is tried {retrier['MaxAttempts']} times more", fails(error, most))
        for retrier in RETRIERS
        for most in [retrier["MaxAttempts"]]
        for error in [retrier["ErrorEquals"][0].replace("States.ALL", "Boom")]
    ),
    *(
        Scenario(f"{error} too often", fails(error, retrier["MaxAttempts"] + 1), error, 0)
        for retrier in RETRIERS
        for error in [one.replace("States.ALL", "Boom") for one in retrier["ErrorEquals"]]
    ),
    *(
        Scenario(f"dead after the work, {times} times", dies(times), tries=times + 1)
        for times in (1, 3)
    ),
]  # fmt: skip


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.name)
def test_the_path(scenario: Scenario) -> None:
    simulation = UploadSimulation()
    scenario.arrange(simulation)
    execution = simulation.run(INPUT if scenario.run_input is None else scenario.run_input)
    assert path(execution) == list(scenario.path)
    assert (execution.status, execution.error) == ("FAILED" if scenario.error else "SUCCEEDED", scenario.error)
    assert simulation.tries == scenario.tries
    if scenario.error is None:
        assert execution.output["rows"] == {"in": 3, "kept": 2, "quarantined": 1}
        assert sum(day.rows for day in simulation.desk.facts.days.values()) == 2


def test_two_transitions() -> None:
    assert list(STATES) == WHOLE


def test_the_input_is_put_down_in_the_history() -> None:
    simulation = UploadSimulation()
    right(simulation)
    execution = simulation.run(INPUT)
    details = [event.render().get("stateEnteredEventDetails", {}) for event in execution.history.events]
    (entered,) = [one for one in details if one.get("name") == "ProcessUpload"]
    logging = json.loads(entered["input"])["logging"]
    assert (logging["bucket"], logging["key"]) == ("signalbox-retail", KEY)


def test_a_process_that_dies_at_each_step_is_mended_by_the_retry() -> None:
    expected = UploadSimulation()
    right(expected)
    expected.run(INPUT)
    for step in range(1, expected.desk.fuse.steps + 1):
        simulation = UploadSimulation()
        right(simulation)
        simulation.desk.fuse.at = step
        assert simulation.run(INPUT).output == json.loads(json.dumps(expected.engine.list_executions()[0].output))
        assert simulation.desk.facts.days == expected.desk.facts.days
