"""Fields whose computed value is of the right type, yet none they can take."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.stepfunctions.machines import World, one, row, task, types

PROCESSOR = {"StartAt": "Item", "States": {"Item": {"Type": "Pass", "End": True}}}
DISTRIBUTED = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, **PROCESSOR}
INPUT = "{% $states.input.x %}"


@pytest.mark.parametrize("text", ["2026-02-30T10:00:00Z", "2026-02-03 10:00:00Z", "2026-02-03T10:00:00", "soon"])
def test_a_timestamp_that_is_none_fails_the_evaluation(text: str) -> None:
    execution = World().run(one({"Type": "Wait", "Timestamp": INPUT}, QueryLanguage="JSONata"), {"x": text})
    assert types(execution) == ["ExecutionStarted", "WaitStateEntered", "EvaluationFailed", "ExecutionFailed"]
    failed = execution.history[2]
    assert failed["previousEventId"] == 2
    assert failed["evaluationFailedEventDetails"] == {
        "error": "States.QueryEvaluationError",
        "cause": "An error occurred while executing the state 'Only' (entered at the event id #2). The Timestamp "
        f"field cannot be parsed as an ISO-8601 extended offset date-time format string: {text}",
        "location": "Timestamp",
        "state": "Only",
    }


@pytest.mark.parametrize(
    ("state", "field", "value"),
    [
        ({"Type": "Wait"}, "Seconds", -1),
        ({"Type": "Wait"}, "Seconds", 0.5),
        (task(), "TimeoutSeconds", 0),
        (task(), "TimeoutSeconds", 1.5),
        (task(TimeoutSeconds=60), "HeartbeatSeconds", -3),
        ({"Type": "Map", "Items": [], "ItemProcessor": PROCESSOR}, "MaxConcurrency", -1),
        ({"Type": "Map", "Items": [], "ItemProcessor": DISTRIBUTED}, "ToleratedFailureCount", -1),
        ({"Type": "Map", "Items": [], "ItemProcessor": DISTRIBUTED}, "ToleratedFailureCount", 0.5),
        ({"Type": "Map", "Items": [], "ItemProcessor": DISTRIBUTED}, "ToleratedFailurePercentage", 101),
    ],
)
def test_a_number_out_of_range_fails_the_evaluation(state: dict[str, Any], field: str, value: float) -> None:
    execution = World().run(one({**state, field: INPUT}, QueryLanguage="JSONata"), {"x": value})
    assert execution.error == "States.QueryEvaluationError"
    failed = next(event for event in execution.history if event["type"] == "EvaluationFailed")
    assert failed["evaluationFailedEventDetails"]["location"] == field


def test_such_a_failure_can_be_caught() -> None:
    work = task(
        QueryLanguage="JSONata",
        TimeoutSeconds=INPUT,
        Catch=[{"ErrorEquals": ["States.QueryEvaluationError"], "Next": "Rescue"}],
    )
    assert World().run(row(Work=work, Rescue={"Type": "Pass"}), {"x": 0}).status == "SUCCEEDED"


@pytest.mark.parametrize("text", ["true", "1.5"])
def test_paths_ask_for_whole_numbers(text: str) -> None:
    world = World()
    wait = one({"Type": "Wait", "SecondsPath": "$.x"})
    machine = world.engine.create_state_machine("m", wait, role_arn="")
    execution = world.engine.start_execution(machine.arn, f'{{"x": {text}}}')
    world.line.run_until_idle()
    assert execution.error == "States.Runtime"
    assert "cannot be parsed as a long value" in (execution.cause or "")
