"""JSON in which any text `{% ... %}` is computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from localcloud.stepfunctions.jsonata.query import is_query, parse_query
from localcloud.stepfunctions.task import JsonValue

QueryTemplate = Callable[[Mapping[str, JsonValue]], JsonValue]
"""bindings -> value"""


def compile_query_template(value: JsonValue, location: str) -> QueryTemplate:
    """Prepare a value; constants are shared by all results. Raises InvalidQueryError."""
    if is_query(value):
        return parse_query(value, location).evaluate
    if isinstance(value, dict) and _has_query(value):
        fields = [(key, compile_query_template(member, f"{location}/{key}")) for key, member in value.items()]
        return lambda bindings: {key: field(bindings) for key, field in fields}
    if isinstance(value, list) and _has_query(value):
        items = [compile_query_template(item, f"{location}[{index}]") for index, item in enumerate(value)]
        return lambda bindings: [item(bindings) for item in items]
    return lambda bindings: value


def _has_query(value: JsonValue) -> bool:
    if isinstance(value, dict):
        return any(map(_has_query, value.values()))
    return any(map(_has_query, value)) if isinstance(value, list) else is_query(value)
