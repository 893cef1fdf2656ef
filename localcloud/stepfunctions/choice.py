"""The conditions of a Choice state in the JSONPath language."""

from __future__ import annotations

import re
from collections.abc import Callable

from localcloud.stepfunctions.clock_text import parse_timestamp
from localcloud.stepfunctions.expressions import Expression, parse_path_expression
from localcloud.stepfunctions.failures import runtime_failure
from localcloud.stepfunctions.paths import PathNotFoundError
from localcloud.stepfunctions.scope import Scope
from localcloud.stepfunctions.task import JsonValue

Condition = Callable[[Scope], bool]
Comparison = Callable[[JsonValue, JsonValue], bool]


def compile_rule(rule: dict[str, JsonValue]) -> Condition:
    """Prepare one rule of `Choices`, which has been validated: one comparison, or one of And, Or and Not."""
    if "And" in rule:
        parts = [compile_rule(part) for part in rule["And"]]
        return lambda scope: all(part(scope) for part in parts)
    if "Or" in rule:
        parts = [compile_rule(part) for part in rule["Or"]]
        return lambda scope: any(part(scope) for part in parts)
    if "Not" in rule:
        inner = compile_rule(rule["Not"])
        return lambda scope: not inner(scope)
    operator = next(key for key in rule if key in OPERATORS)
    return _compare(parse_path_expression(rule["Variable"]), operator, rule[operator])


def _compare(variable: Expression, operator: str, operand: JsonValue) -> Condition:
    if operator == "IsPresent":
        return lambda scope: _is_present(variable, scope) is operand
    if operator in _TYPES:
        check = _TYPES[operator]
        return lambda scope: check(_read(variable, scope)) is operand
    if operator.endswith("Path"):
        other = parse_path_expression(operand)
        compare = _COMPARISONS[operator.removesuffix("Path")]
        return lambda scope: compare(_read(variable, scope), _read(other, scope))
    compare = _COMPARISONS[operator]
    return lambda scope: compare(_read(variable, scope), operand)


def _read(expression: Expression, scope: Scope) -> JsonValue:
    try:
        return expression.evaluate(scope)
    except PathNotFoundError as error:
        raise runtime_failure(
            f"Invalid path '{expression.text}': The choice state's condition path references an invalid value."
        ) from error


def _is_present(expression: Expression, scope: Scope) -> bool:
    try:
        expression.evaluate(scope)
    except PathNotFoundError:
        return False
    return True


def _is_number(value: JsonValue) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_text(value: JsonValue) -> bool:
    return isinstance(value, str)


def _same(value: JsonValue) -> JsonValue:
    return value


def _between(
    fits: Callable[[JsonValue], bool], key: Callable[[JsonValue], JsonValue], test: Comparison
) -> Comparison:
    """A comparison of two values of one type; values of another type never compare true."""
    return lambda left, right: fits(left) and fits(right) and test(key(left), key(right))


def _is_timestamp(value: JsonValue) -> bool:
    return parse_timestamp(value) is not None


def _matches(text: JsonValue, pattern: JsonValue) -> bool:
    """`*` stands for any characters, `\\*` for an asterisk, `\\\\` for a backslash."""
    if not isinstance(text, str) or not isinstance(pattern, str):
        return False
    parts = re.findall(r"\\[*\\]|\*|[^*\\]+|\\", pattern)
    regex = "".join(
        ".*" if part == "*" else re.escape(part[1:] if len(part) == 2 and part[0] == "\\" else part)
        for part in parts
    )
    return re.fullmatch(regex, text, re.DOTALL) is not None


_TESTS: dict[str, Comparison] = {
    "Equals": lambda left, right: left == right,
    "LessThan": lambda left, right: left < right,
    "GreaterThan": lambda left, right: left > right,
    "LessThanEquals": lambda left, right: left <= right,
    "GreaterThanEquals": lambda left, right: left >= right,
}
_COMPARISONS: dict[str, Comparison] = {
    **{f"String{name}": _between(_is_text, _same, test) for name, test in _TESTS.items()},
    **{f"Numeric{name}": _between(_is_number, _same, test) for name, test in _TESTS.items()},
    **{f"Timestamp{name}": _between(_is_timestamp, parse_timestamp, test) for name, test in _TESTS.items()},
    "BooleanEquals": lambda left, right: isinstance(left, bool) and left is right,
    "StringMatches": _matches,
}
_TYPES: dict[str, Callable[[JsonValue], bool]] = {
    "IsNull": lambda value: value is None,
    "IsString": _is_text,
    "IsNumeric": _is_number,
    "IsBoolean": lambda value: isinstance(value, bool),
    "IsTimestamp": _is_timestamp,
}
OPERATORS = frozenset(
    {"IsPresent", *_TYPES, *_COMPARISONS} | {f"{name}Path" for name in _COMPARISONS if name != "StringMatches"}
)
"""Every comparison a rule can name."""
