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
        ("$parse('null')", {}, None),
        ("$parse('{\"a\":null}')", {}, {"a": None}),
        ("5.5 % 2", {}, 1.5),
        ("-7 % 3", {}, -1),
        ("[1/0, -1/0, 0/0, 5 % 0]", {}, [None, None, None, None]),
        ("1/0 > 5", {}, True),
        ("'a ?? b ?: c'", {}, "a ?? b ?: c"),
        ("$replace('a??b', /\\?\\?/, '-')", {}, "a-b"),
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
        ("'a' + 1", 'T2001: The left side of the "+" operator must evaluate to a number'),
        ("'a' > 1", 'T2009: The values "a" and 1 either side of operator ">" must be of the same data type'),
        ("-'a'", 'D1002: Cannot negate a non-numeric value: "a"'),
        ("1/0 + 1", "D1001: Number out of range: Infinity"),
        ("$power(2, 1024)", "D1001: Number out of range: Infinity"),
        ("$number('x')", 'D3030: Unable to cast value to a number: "x"'),
        ("$toMillis('x')", "D3110: The argument of the toMillis function must be an ISO 8601 formatted timestamp"),
        ("$sum(['a'])", 'T0412: Argument 1 of function "sum" must be an array of "numbers"'),
        ("$uuid(1)", 'T0410: Argument 1 of function "uuid" does not match function signature'),
        ("$random([])", 'T0410: Argument 1 of function "random" does not match function signature'),
        ("$hash('x', [])", "The algorithm must be one of MD5"),
        ("$length(null)", "T0410: An argument does not match the signature of its function"),
        ("$formatBase(1, 99)", "D3100: The radix of the formatBase function must be between 2 and 36"),
        ("$error('boom')", "D3137: boom"),
        ("$replace('a', '', 'b')", "Second argument of replace function cannot be an empty string"),
        ("($f := function($n){1 + $f($n)}; $f(1))", "D1011: Stack overflow."),
        ("$range(1, 1e300, 1)", "Expression evaluation memory limit exceeded"),
    ],
)
def test_failures(expression: str, reason: str) -> None:
    with pytest.raises(QueryFailure) as caught:
        evaluate(expression, {})
    assert caught.value.error == "States.QueryEvaluationError"
    beginning = f"The JSONata expression '{expression}' specified for the field 'Output' "
    assert str(caught.value.cause).startswith(beginning)
    assert reason in str(caught.value.cause)


def test_text_that_is_no_jsonata() -> None:
    assert not is_query("{% open")
    with pytest.raises(InvalidQueryError):
        parse_query("{% $a + %}", "Output")


@pytest.mark.parametrize("expression", ["$a ?? 1", "$a ?: 1", "$split('a', /,/) ?? 1"])
def test_operators_of_later_jsonata_are_refused(expression: str) -> None:
    with pytest.raises(InvalidQueryError, match="S0204: Unknown operator"):
        parse_query("{% " + expression + " %}", "Output")


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
