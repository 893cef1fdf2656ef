"""Payload templates of the JSONPath language: objects in which keys ending in `.$` are computed."""

from __future__ import annotations

from collections.abc import Callable

from localcloud.stepfunctions.expressions import Expression
from localcloud.stepfunctions.failures import StateFailure, runtime_failure
from localcloud.stepfunctions.intrinsics import parse_expression
from localcloud.stepfunctions.paths import PathNotFoundError
from localcloud.stepfunctions.scope import Scope
from localcloud.stepfunctions.task import JsonValue

Template = Callable[[Scope], JsonValue]


def compile_template(value: JsonValue) -> Template:
    """Prepare a template. What has nothing to compute is shared by all results, never copied.

    Raises InvalidPathError. The compiled template raises StateFailure.
    """
    if not _has_expression(value):
        return lambda scope: value
    if isinstance(value, list):
        members = [compile_template(member) for member in value]
        return lambda scope: [member(scope) for member in members]
    fields = [_compile_field(key, member) for key, member in value.items()]
    return lambda scope: {key: field(scope) for key, field in fields}


def read_field(expression: Expression, field: str, scope: Scope) -> JsonValue:
    """Evaluate one field's expression; a path that leads nowhere fails the way AWS words it."""
    try:
        return expression.evaluate(scope)
    except PathNotFoundError as error:
        raise _not_found(expression, field, scope) from error


def _not_found(expression: Expression, field: str, scope: Scope) -> StateFailure:
    return runtime_failure(
        f"The JSONPath '{expression.text}' specified for the field '{field}' could not be found in the input "
        f"'{expression.subject(scope)}'"
    )


def _compile_field(key: str, value: JsonValue) -> tuple[str, Template]:
    if not key.endswith(".$"):
        return key, compile_template(value)
    expression = parse_expression(value)

    def read(scope: Scope) -> JsonValue:
        try:
            return expression.evaluate(scope)
        except PathNotFoundError as error:
            if error.past_end:  # AWS fills a template with null here, and fails everywhere else
                return None
            raise _not_found(expression, key, scope) from error

    return key[:-2], read


def _has_expression(value: JsonValue) -> bool:
    if isinstance(value, dict):
        return any(
            (key.endswith(".$") and isinstance(member, str)) or _has_expression(member)
            for key, member in value.items()
        )
    return isinstance(value, list) and any(map(_has_expression, value))
