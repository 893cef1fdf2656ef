"""Checks of single values: `check(value, place, scope)` notes what is wrong in the scope's findings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from localcloud.stepfunctions.validation import expressions
from localcloud.stepfunctions.validation.problem import Findings, child

Language = Literal["JSONPath", "JSONata"]
MAX_SECONDS = 99_999_999


@dataclass(frozen=True, slots=True)
class Scope:
    """How a value is to be read: where problems go, and in which query language it is written."""

    findings: Findings
    language: Language
    in_catch: bool = False
    """Inside a catcher, where $states.errorOutput is to be had."""


Check = Callable[[Any, str, Scope], None]


def is_expression(value: Any) -> bool:
    """True for a JSONata expression in its braces: "{% $states.input %}"."""
    return isinstance(value, str) and value.startswith("{%") and value.endswith("%}")


def anything(_value: Any, _place: str, _scope: Scope) -> None:
    """Every JSON value will do."""


def string(value: Any, place: str, scope: Scope) -> None:
    """A text."""
    if not isinstance(value, str):
        scope.findings.schema("The value should be a string", place)


def boolean(value: Any, place: str, scope: Scope) -> None:
    """True or false."""
    if not isinstance(value, bool) and not scope.findings.is_open(value):
        scope.findings.schema("The value should be a boolean", place)


def one_of(*allowed: str) -> Check:
    """A text out of a few."""

    def check(value: Any, place: str, scope: Scope) -> None:
        if value not in allowed and not scope.findings.is_open(value):
            scope.findings.schema(f"The value should be one of {', '.join(allowed)}", place)

    return check


def number(
    least: float | None = None, most: float | None = None, *, whole: bool = True, expression: bool = True
) -> Check:
    """A number in its range; in JSONata states also an expression, if `expression`."""

    def check(value: Any, place: str, scope: Scope) -> None:
        if scope.findings.is_open(value):
            return
        if expression and scope.language == "JSONata" and isinstance(value, str):
            jsonata(value, place, scope)
            return
        right_type = isinstance(value, int) or (not whole and isinstance(value, float))
        if not right_type or isinstance(value, bool):
            scope.findings.schema(f"The value should be {'an integer' if whole else 'a number'}", place)
        elif least is not None and value < least:
            scope.findings.schema(f"Minimum value is {least if whole else float(least)}", place)
        elif most is not None and value > most:
            scope.findings.schema(f"Maximum value is {most if whole else float(most)}", place)

    return check


def timestamp(value: Any, place: str, scope: Scope) -> None:
    """An ISO 8601 instant with its zone, "2026-11-20T09:00:00Z", or an expression in a JSONata state."""
    if scope.findings.is_open(value):
        return
    if scope.language == "JSONata" and is_expression(value):
        jsonata(value, place, scope)
    elif not isinstance(value, str) or not expressions.is_timestamp(value):
        scope.findings.schema("The value should be a timestamp such as 2026-11-20T09:00:00Z", place)


def path(value: Any, place: str, scope: Scope) -> None:
    """A JSONPath: "$.a[0]", "$$.Execution.Id" or "$variable.a"."""
    _expression(value, place, scope, expressions.path_fault)


def nullable_path(value: Any, place: str, scope: Scope) -> None:
    """A JSONPath, or null: the field's data is dropped."""
    if value is not None:
        path(value, place, scope)


def path_or_intrinsic(value: Any, place: str, scope: Scope, name: str = "", around: str = "") -> None:
    """A JSONPath or a call such as States.Format('{}', $.a).

    A fault is told of the object `around` a template's field, as AWS does, and of the field itself anywhere else.
    """
    if scope.findings.is_open(value):
        return
    if not isinstance(value, str):
        scope.findings.schema("The value should be a string", place)
    elif found := expressions.path_or_intrinsic_fault(value):
        subject = f"The value for the field '{name}'" if name else "Value"
        scope.findings.schema(f"{subject} {found}", around or place, place)


def result_path(value: Any, place: str, scope: Scope) -> None:
    """A reference path: it names exactly one place, so no wildcards, filters, slices or "..". Null drops."""
    if value is not None:
        _expression(value, place, scope, expressions.reference_path_fault)


def jsonata(value: Any, place: str, scope: Scope) -> None:
    """A text that must be one JSONata expression in braces."""
    if scope.findings.is_open(value):
        return
    if not is_expression(value):
        scope.findings.schema("The value should be a JSONata expression: {% ... %}", place)
    else:
        _query(value, place, scope)


def jsonata_or_string(value: Any, place: str, scope: Scope) -> None:
    """A text, which in a JSONata state may be an expression."""
    string(value, place, scope)
    if isinstance(value, str) and scope.language == "JSONata":
        template(value, place, scope)


def template(value: Any, place: str, scope: Scope) -> None:
    """A payload template: JSON with "name.$" fields (JSONPath) or with {% %} strings (JSONata), at any depth."""
    if isinstance(value, dict):
        for key, item in value.items():
            here = child(place, key)
            if scope.language == "JSONPath" and key.endswith(".$"):
                path_or_intrinsic(item, here, scope, key, place)
            else:
                template(item, here, scope)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            template(item, child(place, index), scope)
    elif isinstance(value, str):
        _text_in_template(value, place, scope)


def object_template(value: Any, place: str, scope: Scope) -> None:
    """A payload template that must be an object; in JSONata an expression will do as well."""
    if not isinstance(value, dict) and not (scope.language == "JSONata" and is_expression(value)):
        scope.findings.schema("The value should be an object", place)
    else:
        template(value, place, scope)


def array_or_expression(value: Any, place: str, scope: Scope) -> None:
    """Items of a JSONata Map: an array or object of constants and expressions, or one expression."""
    if isinstance(value, str):
        jsonata(value, place, scope)
    elif isinstance(value, (list, dict)):
        template(value, place, scope)
    else:
        scope.findings.schema("The value should be an array or a JSONata expression", place)


def assignment(value: Any, place: str, scope: Scope) -> None:
    """Assign: variables by name. Names start with a letter, have at most 80 characters, and are not `states`."""
    if not isinstance(value, dict):
        scope.findings.schema("The value should be an object", place)
        return
    for key in value:
        name = key.removesuffix(".$") if scope.language == "JSONPath" else key
        if not name.isidentifier() or name.startswith("_") or len(name) > 80 or name == "states":
            scope.findings.schema(f"'{name}' is not a variable's name", child(place, key))
    template(value, place, scope)


def fixed_result(value: Any, place: str, scope: Scope) -> None:
    """Result of a Pass state: passed on as it stands, so a path in it does nothing."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key.endswith(".$"):
                scope.findings.warning(
                    "PASS_RESULT_IS_STATIC", "Result is static: use Parameters for paths", child(place, key)
                )
            fixed_result(item, child(place, key), scope)


def _text_in_template(value: str, place: str, scope: Scope) -> None:
    if scope.findings.is_open(value):
        return
    if scope.language == "JSONPath":
        if value.startswith(("$.", "$$.", "States.")) and expressions.path_or_intrinsic_fault(value) is None:
            scope.findings.warning(
                "NO_DOLLAR", f"'{value}' is passed on as text: the field's name does not end in .$", place
            )
    elif is_expression(value):
        _query(value, place, scope)
    elif value.startswith("{%") or value.endswith("%}"):
        scope.findings.schema("A JSONata expression starts with {% and ends with %}", place)


def _query(text: str, place: str, scope: Scope) -> None:
    for code, message in expressions.jsonata_faults(text, in_catch=scope.in_catch):
        scope.findings.error(code, message, place)


def _expression(value: Any, place: str, scope: Scope, fault: Callable[[str], str | None]) -> None:
    if scope.findings.is_open(value):
        return
    if not isinstance(value, str):
        scope.findings.schema("The value should be a string", place)
        return
    if found := fault(value):
        scope.findings.schema(found, place)
