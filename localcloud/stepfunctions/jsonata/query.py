"""One JSONata expression, parsed once and evaluated in many visits."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

import jsonata

from localcloud.stepfunctions.failures import QueryFailure
from localcloud.stepfunctions.jsonata.evaluator import Evaluator
from localcloud.stepfunctions.jsonata.functions import AWS_FUNCTIONS
from localcloud.stepfunctions.jsonata.reasons import reason_of
from localcloud.stepfunctions.task import JsonValue

_NULL = jsonata.Utils.NULL_VALUE
_CODE = re.compile(r"[DSTU]\d{4}: ")


class InvalidQueryError(ValueError):
    """The text between `{%` and `%}` is no JSONata; `reason` says why without JSONata's code."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(f"{reason} in the JSONata expression '{text}'")
        self.reason = _CODE.sub("", reason)


def is_query(value: JsonValue) -> bool:
    """Whether a field's value is an expression.

    >>> is_query("{% $states.input %}"), is_query("plain")
    (True, False)
    """
    return isinstance(value, str) and value.startswith("{%") and value.endswith("%}")


class Query:
    """A compiled expression; `location` is the field it stands in, e.g. "Output/result"."""

    __slots__ = ("_compiled", "location", "text")

    def __init__(self, text: str, location: str) -> None:
        self.text = text
        self.location = location
        try:
            self._compiled = Evaluator(text)
        except Exception as error:
            raise InvalidQueryError(reason_of(error), text) from error
        self._compiled.set_output_convert_nulls(False)
        for name, function in AWS_FUNCTIONS.items():
            self._compiled.register_lambda(name, function)
        self._compiled.assign("eval", None)  # calling it fails with T1006, as on AWS

    @property
    def tree(self) -> Any:
        """The library's syntax tree."""
        return self._compiled.ast

    def evaluate(self, bindings: Mapping[str, JsonValue]) -> JsonValue:
        """The value. Raises QueryFailure where there is none, and where evaluation fails.

        `bindings` has `states` and the variables.
        """
        # The library finds the running expression by thread; this one may have been compiled in another.
        jsonata.Jsonata.CURRENT.jsonata = self._compiled
        try:
            result = self._compiled.evaluate(
                None, {name: _NULL if value is None else value for name, value in bindings.items()}
            )
        except Exception as error:
            raise self._threw(error) from error
        if result is None:
            raise self._failure("returned nothing (undefined).")
        try:
            return _plain(result)
        except TypeError as error:
            raise self._failure("returned an unsupported result type.") from error

    def unexpected(self, expected: str, value: JsonValue, shown: str) -> QueryFailure:
        """The failure for a result of the wrong type."""
        return self._failure(
            f"returned an unexpected result type. Expected '{expected}', but was '{type_name(value)}' "
            f"for value: {shown}"
        )

    def _threw(self, error: Exception) -> QueryFailure:
        return self._failure(f"threw an error during evaluation. {reason_of(error)}")

    def _failure(self, what: str) -> QueryFailure:
        return QueryFailure(
            f"The JSONata expression '{self.text}' specified for the field '{self.location}' {what}", self.location
        )


def parse_query(value: str, location: str) -> Query:
    """The query inside `{% %}`. Raises InvalidQueryError."""
    return Query(value[2:-2].strip(), location)


def type_name(value: JsonValue) -> str:
    """JSON's name for the type of a value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def _plain(value: Any) -> JsonValue:
    """The library's value as plain JSON; what is plain already is shared. Raises TypeError for functions."""
    if value is _NULL or value is None:
        return None
    kind = type(value)
    if kind in (str, int, bool):
        return value
    if kind is float:
        return value if math.isfinite(value) else None  # as JavaScript writes Infinity and NaN into JSON
    if isinstance(value, dict):
        members = {key: _plain(member) for key, member in value.items()}
        return value if kind is dict and all(members[key] is value[key] for key in members) else members
    if isinstance(value, list):
        items = [_plain(item) for item in value]
        same = kind is list and all(new is old for new, old in zip(items, value, strict=True))
        return value if same else items
    raise TypeError("a function is no JSON value")
