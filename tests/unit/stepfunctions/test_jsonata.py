from __future__ import annotations

from typing import Any

import pytest

from localcloud.stepfunctions.failures import QueryFailure
from localcloud.stepfunctions.jsonata import InvalidQueryError, compile_query_template, is_query, parse_query
from tests.unit.stepfunctions.machines import FUNCTION, World, failing, one, row, types

JSONATA = {"QueryLanguage": "JSONata"}


def evaluate(expression: str, value: Any = None, **variables: Any) -> Any:
    return parse_query("{% " + expression + " %}", "Output").evaluate({"states": {"input": value}, **variables})


@pytest.mark.parametrize(
    ("expression", "value", "result"),
    [
        ("$states.input.a", {"a": None}, None),
        ("$states.input.l", {"l": [1, None]}, [1, None]),
        ("{'a': null, 'b': [1..3]}", {}, {"a": None, "b": [1, 2, 3]}),
        ("$partition([1,2,3], 2.9)", {}, [[1, 2], [3]]),
        ("$range(1, 7, 2)", {}, [1, 3, 5, 7]),
        ("$range(-1.7, 2, 1)", {}, [-1, 0, 1, 2]),
        ("$range(4, 4, 1)", {}, 4),
        ("$hash('input data', 'SHA-1')", {}, "aaff4a450a104cd177d28d18d74485e8cae074b7"),
        ("$parse('{\"a\":[1]}')", {}, {"a": [1]}),
        ("$random(3) = $random(3)", {}, True),
        ("$length($uuid())", {}, 36),
    ],
)
def test_values(expression: str, value: Any, result: Any) -> None:
    assert evaluate(expression, value) == result


def test_variables_are_there_by_name_and_may_be_null() -> None:
    assert evaluate("$who & '!'", who="Ada") == "Ada!"
    assert evaluate("$nothing = null", nothing=None) is True


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("$states.input.none", "returned nothing (undefined)."),
        ("$range(1, 3)", "returned nothing (undefined)."),
        ("$range(1, 1e12, 1)", "threw an error during evaluation. Expression evaluation memory limit exceeded"),
        ("$partition([1], 0)", "returned nothing (undefined)."),
        ("1 + 'a'", "threw an error during evaluation. T2002: "),
        ("$eval('1')", "threw an error during evaluation. T1006: "),
        ("function($x){$x}", "returned an unsupported result type."),
    ],
)
def test_failures(expression: str, reason: str) -> None:
    with pytest.raises(QueryFailure) as caught:
        evaluate(expression, {})
    assert caught.value.error == "States.QueryEvaluationError"
    assert f"The JSONata expression '{expression}' specified for the field 'Output' {reason}" in str(
        caught.value.cause
    )


def test_text_that_is_no_jsonata() -> None:
    assert not is_query("{% open")
    with pytest.raises(InvalidQueryError):
        parse_query("{% $a + %}", "Output")


def test_templates_name_the_place_of_a_failure() -> None:
    template = compile_query_template({"a": {"b": [1, "{% $nope %}"]}, "c": "plain"}, "Output")
    with pytest.raises(QueryFailure) as caught:
        template({"states": {}})
    assert caught.value.location == "Output/a/b[1]"


def test_constants_are_shared_not_copied() -> None:
    value = {"big": [1, 2, 3]}
    assert compile_query_template(value, "Output")({}) is value


def test_a_task_takes_arguments_and_gives_output_and_variables() -> None:
    world = World(lambda call: {"sum": sum(call.arguments["numbers"])})
    work = {
        "Type": "Task",
        "Resource": FUNCTION,
        "Arguments": {"numbers": "{% $states.input.l %}"},
        "Assign": {"total": "{% $states.result.sum %}"},
        "Output": "{% $states.result.sum * 2 %}",
    }
    told = {"Type": "Pass", "Output": {"total": "{% $total %}", "before": "{% $states.input %}"}}
    execution = world.run({**row(Work=work, Tell=told), **JSONATA}, {"l": [1, 2]})
    assert execution.output == {"total": 3, "before": 6}


def test_choices_and_their_outputs() -> None:
    choose = {
        "Type": "Choice",
        "Choices": [
            {"Condition": "{% $states.input.n > 5 %}", "Next": "End", "Output": "big", "Assign": {"size": "b"}},
        ],
        "Default": "End",
        "Output": "small",
        "Assign": {"size": "s"},
    }
    definition = {**row(Choose=choose, End={"Type": "Pass", "Output": "{% $states.input & $size %}"}), **JSONATA}
    assert World().run(definition, {"n": 9}).output == "bigb"
    assert World().run(definition, {"n": 1}).output == "smalls"


def test_a_condition_must_be_a_boolean() -> None:
    choose = {"Type": "Choice", "Choices": [{"Condition": "{% 1 %}", "Next": "Only"}], "Default": "Only"}
    execution = World().run({**row(Choose=choose, Only={"Type": "Pass"}), **JSONATA})
    assert execution.error == "States.QueryEvaluationError"
    assert "field 'Choices[0]/Condition' returned an unexpected result type" in str(execution.cause)
    assert types(execution)[-2:] == ["EvaluationFailed", "ExecutionFailed"]


def test_catch_sees_the_error_output() -> None:
    work = {
        "Type": "Task",
        "Resource": FUNCTION,
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "End", "Output": "{% $states.errorOutput.Error %}"}],
    }
    execution = World(failing("Boom")).run({**row(Work=work, End={"Type": "Pass"}), **JSONATA})
    assert execution.output == "Boom"


def test_a_failed_expression_can_be_caught() -> None:
    work = {
        "Type": "Task",
        "Resource": FUNCTION,
        "Arguments": {"x": "{% $states.input.none %}"},
        "Catch": [{"ErrorEquals": ["States.QueryEvaluationError"], "Next": "End"}],
    }
    execution = World().run({**row(Work=work, End={"Type": "Pass"}), **JSONATA})
    assert execution.status == "SUCCEEDED"


def test_the_context_object_is_there_when_asked_for() -> None:
    state = {"Type": "Pass", "Output": "{% $states.context.State.Name %}"}
    assert World().run(one(state, **JSONATA)).output == "Only"
    whole = World().run(one({"Type": "Pass", "Output": "{% $keys($states) %}"}, **JSONATA))
    assert set(whole.output) == {"input", "context"}
