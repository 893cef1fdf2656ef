from __future__ import annotations

from typing import Any

import pytest

from tests.unit.stepfunctions.machines import World, one, row, task

PERSON = {"name": "Ada", "age": 36}


def output(state: dict[str, Any], value: Any = None) -> Any:
    execution = World().run(one(state), value)
    assert execution.status == "SUCCEEDED", execution.cause
    return execution.output


@pytest.mark.parametrize(
    ("fields", "result"),
    [
        ({}, PERSON),
        ({"InputPath": "$.age"}, 36),
        ({"InputPath": None}, {}),
        ({"OutputPath": "$.name"}, "Ada"),
        ({"OutputPath": None}, {}),
        ({"Result": 7}, 7),
        ({"Result": 7, "ResultPath": "$.lucky"}, {**PERSON, "lucky": 7}),
        ({"Result": 7, "ResultPath": None}, PERSON),
        ({"InputPath": "$.age", "ResultPath": "$.copy"}, {**PERSON, "copy": 36}),
        ({"Parameters": {"who.$": "$.name", "in": {"x": 1}}}, {"who": "Ada", "in": {"x": 1}}),
        ({"Parameters": {"l": [{"n.$": "$.age"}, "$.age"]}}, {"l": [{"n": 36}, "$.age"]}),
        ({"Parameters": {"run.$": "$$.State.Name"}}, {"run": "Only"}),
        ({"Parameters": {"far.$": "$.l[5]"}, "InputPath": "$$.Execution.Input"}, None),
    ],
)
def test_the_way_through_a_pass(fields: dict[str, Any], result: Any) -> None:
    if result is None:  # an index past the end fills a template with null
        assert output({"Type": "Pass", **fields}, {"l": [1]}) == {"far": None}
    else:
        assert output({"Type": "Pass", **fields}, PERSON) == result


def test_the_way_through_a_task() -> None:
    world = World(lambda call: {"greeting": f"Hi {call.arguments['who']}", "noise": 1})
    state = task(
        Parameters={"who.$": "$.name"},
        ResultSelector={"said.$": "$.greeting"},
        ResultPath="$.talk",
        OutputPath="$.talk.said",
        Assign={"last.$": "$.said"},
    )
    execution = world.run(row(Greet=state, Tell={"Type": "Pass", "Parameters": {"v.$": "$last"}}), PERSON)
    assert execution.output == {"v": "Hi Ada"}
    visit = execution.dataflow[0]
    assert visit.input == visit.after_input_path == PERSON
    assert visit.arguments == {"who": "Ada"}
    assert visit.raw_result == {"greeting": "Hi Ada", "noise": 1}
    assert visit.after_selector == {"said": "Hi Ada"}
    assert visit.after_result_path == {**PERSON, "talk": {"said": "Hi Ada"}}
    assert visit.output == "Hi Ada"
    assert visit.assigned == {"last": "Hi Ada"}


@pytest.mark.parametrize(
    ("fields", "cause"),
    [
        ({"InputPath": "$.none"}, "Invalid path '$.none' : No results for path: $['none']"),
        ({"OutputPath": "$.none.x"}, "Invalid path '$.none.x' : Missing property in path $['none']"),
        (
            {"Parameters": {"a.$": "$.none"}},
            "The JSONPath '$.none' specified for the field 'a.$' could not be found in the input '{\"n\":1}'",
        ),
    ],
)
def test_paths_that_lead_nowhere(fields: dict[str, Any], cause: str) -> None:
    execution = World().run(one({"Type": "Pass", **fields}), {"n": 1})
    assert execution.error == "States.Runtime"
    assert (
        execution.cause
        == f"An error occurred while executing the state 'Only' (entered at the event id #2). {cause}"
    )


def test_a_result_path_with_something_in_its_way_can_be_caught() -> None:
    state = task(ResultPath="$.n.x", Catch=[{"ErrorEquals": ["States.ResultPathMatchFailure"], "Next": "End"}])
    assert World().run(row(Work=state, End={"Type": "Pass"}), {"n": 1}).status == "SUCCEEDED"


def test_what_is_not_changed_is_shared_not_copied() -> None:
    execution = World().run(
        row(A={"Type": "Pass"}, B={"Type": "Pass", "Result": 1, "ResultPath": "$.n"}), {"deep": {"x": 1}}
    )
    first, second = execution.dataflow
    assert first.input is first.output is second.input
    assert second.output["deep"] is first.input["deep"]


def test_variables_reach_into_branches_but_not_out_of_them() -> None:
    branches = [
        {"StartAt": name, "States": {name: {"Type": "Pass", "Assign": {"inner.$": "$x"}, "End": True}}}
        for name in "AB"
    ]
    definition = row(
        Set={"Type": "Pass", "Assign": {"x": 1}},
        Fan={"Type": "Parallel", "Branches": branches},
        Tell={
            "Type": "Choice",
            "Choices": [{"Variable": "$inner", "IsPresent": True, "Next": "Out"}],
            "Default": "In",
        },
        Out={"Type": "Fail"},
        In={"Type": "Pass", "Parameters": {"x.$": "$x"}},
    )
    definition["States"]["Fan"]["Next"] = "Tell"
    execution = World().run(definition)
    assert execution.output == {"x": 1}
    assert [visit.assigned for visit in execution.dataflow if visit.state in "AB"] == [{"inner": 1}] * 2


def test_variables_have_limits() -> None:
    doubled = {"Type": "Pass", "Assign": {"a.$": "States.Array($, $)"}}
    assert World().run(one(doubled), "y" * 140_000).error == "States.DataLimitExceeded"
    assert World().run(one(doubled), "y" * 130_000).status == "SUCCEEDED"
    grown = {f"S{number}": {"Type": "Pass", "Assign": {f"v{number}.$": "$"}} for number in range(43)}
    execution = World().run(row(**grown), "y" * 250_000)
    assert execution.error == "States.DataLimitExceeded"
    assert "'S41'" in str(execution.cause)


@pytest.mark.parametrize(
    ("text", "status"),
    [("1", "SUCCEEDED"), ("0", "SUCCEEDED"), ("1.0", "SUCCEEDED"), ("1.5", "FAILED"), ("", "FAILED")],
)
def test_a_path_may_lead_to_a_number_in_a_text(text: str, status: str) -> None:
    processor = {"StartAt": "Item", "States": {"Item": {"Type": "Pass", "End": True}}}
    state = {"Type": "Map", "ItemsPath": "$.l", "MaxConcurrencyPath": "$.n", "ItemProcessor": processor}
    assert World().run(one(state), {"l": [1, 2], "n": text}).status == status
