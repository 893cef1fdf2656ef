"""What holds for every machine: histories are well formed, executions end, and nothing but failures comes out."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from localcloud.stepfunctions import TaskCall, TaskError, TaskOutcome
from tests.unit.stepfunctions.machines import World, task

VALUES = st.sampled_from(
    [
        None,
        True,
        -1,
        1.5,
        1e300,
        "",
        "zoë",
        "2026-01-01T00:00:00Z",
        [],
        [1, [2]],
        {"a": {"b": [1, {"c": 2}]}, "n": 3},
    ]
)
PATHS = st.sampled_from(
    [
        "$",
        "$.a",
        "$.n",
        "$.a.b[0]",
        "$.a.b[9]",
        "$[*]",
        "$..c",
        "$.a.b[?(@.c==2)]",
        "$$",
        "$$.Map.Item.Value",
        "$v",
    ]
)
COMPUTED = PATHS | st.sampled_from(
    ["States.Array($, 1)", "States.MathAdd($.n, 1)", "States.Base64Decode($)", "States.ArrayGetItem($[*], $.n)"]
)
QUERIES = st.sampled_from(
    [
        "input",
        "input.a.b[0]",
        "input.n + 1",
        "input.n > 2",
        "context.Map.Item.Value",
        "result",
        "errorOutput.Error",
    ]
).map(lambda path: "{% $states." + path + " %}") | st.sampled_from(
    ["{% $v %}", "{% [] %}", "{% null %}", "{% -1 %}", "{% $nope() %}", "{% function($x){$x} %}"]
)
JSONPATH_FIELDS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "Pass": {"InputPath": PATHS, "Parameters": st.fixed_dictionaries({"x.$": COMPUTED}), "OutputPath": PATHS},
    "Task": {"Parameters": st.fixed_dictionaries({"x.$": COMPUTED}), "TimeoutSecondsPath": PATHS},
    "Wait": {"SecondsPath": PATHS},
    "Parallel": {"Assign": st.fixed_dictionaries({"v.$": COMPUTED}), "ResultPath": st.sampled_from(["$.r", None])},
    "Map": {
        "ItemsPath": PATHS,
        "MaxConcurrencyPath": PATHS,
        "ItemSelector": st.fixed_dictionaries({"x.$": COMPUTED}),
    },
}
JSONATA_FIELDS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "Pass": {"Output": QUERIES, "Assign": st.fixed_dictionaries({"v": QUERIES})},
    "Task": {"Arguments": QUERIES, "TimeoutSeconds": QUERIES, "Output": QUERIES},
    "Wait": {"Timestamp": QUERIES},
    "Parallel": {"Arguments": QUERIES, "Output": QUERIES},
    "Map": {"Items": QUERIES, "MaxConcurrency": QUERIES, "ItemSelector": QUERIES},
}
NEEDED = {"Wait": {"SecondsPath", "Timestamp"}}
RETRY = [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 1}]
DISTRIBUTED = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}


@st.composite
def programs(
    draw: st.DrawFn, fields: dict[str, dict[str, st.SearchStrategy[Any]]], depth: int = 2, name: str = "S"
) -> dict[str, Any]:
    """One to three states in a row, with others inside them `depth` levels deep."""
    kinds = list(fields) if depth else ["Pass", "Task", "Wait"]
    states: list[dict[str, Any]] = []
    for number, kind in enumerate(draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=3))):
        state: dict[str, Any] = task() if kind == "Task" else {"Type": kind}
        for field, values in fields[kind].items():
            if field in NEEDED.get(kind, ()) or draw(st.booleans()):
                state[field] = draw(values)
        if kind in ("Task", "Parallel", "Map") and draw(st.booleans()):
            state["Retry"] = RETRY
        if kind == "Parallel":
            inner = [f"{name}{number}{letter}" for letter in draw(st.sampled_from(["a", "ab"]))]
            state["Branches"] = [draw(programs(fields, depth - 1, branch)) for branch in inner]
        if kind == "Map":
            state["ItemProcessor"] = draw(programs(fields, depth - 1, f"{name}{number}i"))
            if draw(st.booleans()):
                state["ItemProcessor"]["ProcessorConfig"] = DISTRIBUTED
        states.append(state)
    names = [f"{name}{number}" for number in range(len(states))]
    onward: list[dict[str, Any]] = [*({"Next": following} for following in names[1:]), {"End": True}]
    return {"StartAt": names[0], "States": {n: {**s, **o} for n, s, o in zip(names, states, onward, strict=True)}}


MACHINES = programs(JSONPATH_FIELDS) | programs(JSONATA_FIELDS).map(
    lambda program: {**program, "QueryLanguage": "JSONata"}
)


def moody(call: TaskCall) -> Any:
    """A service that answers, is slow, fails or crashes, by what it is sent."""
    mood = (len(str(call.arguments)) + call.attempt) % 4
    if mood == 0:
        raise TaskError("Broken", "on purpose")
    if mood == 1:
        raise ValueError("crash")
    return TaskOutcome(call.arguments, seconds=mood - 2)


@settings(max_examples=150, deadline=None)
@given(MACHINES, VALUES)
def test_executions_end_with_a_well_formed_history(machine: dict[str, Any], value: Any) -> None:
    world = World(moody)
    world.run(machine, value)
    children = [child for run in world.engine.map_runs.values() for child in run.executions.values()]
    for execution in [*world.engine.list_executions(), *children]:
        history = list(execution.history)
        assert execution.ended
        assert [event["id"] for event in history] == list(range(1, len(history) + 1))
        assert all(0 <= event["previousEventId"] < event["id"] for event in history)
        ends = [event["type"] for event in history if event["type"].startswith("Execution")]
        assert ends == ["ExecutionStarted", f"Execution{execution.status.capitalize()}"]
        assert history[-1]["type"] == ends[-1]
