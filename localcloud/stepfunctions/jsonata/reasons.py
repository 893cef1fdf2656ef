"""Why an expression failed, in the words of JSONata's reference implementation.

The library is a translation: its table of messages says "Object" where the original says "function", and
arithmetic that goes wrong inside it comes out as an error of Python, which no Cause should ever hold.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from jsonata.jexception import JException

_PLACE = re.compile(r"\{\{\{?\w+\}?\}\}")
_UNKNOWN_ARGUMENT = "T0410: An argument does not match the signature of its function"
_BY_TYPE: dict[type[Exception], str] = {
    ZeroDivisionError: "D1001: Number out of range: Infinity",
    OverflowError: "D1001: Number out of range: Infinity",
    RecursionError: "D1011: Stack overflow. Check for non-terminating recursive function. "
    "Consider rewriting as tail-recursive",
}
_NO_NUMBER = re.compile(r"could not convert string to float: '(.*)'", re.DOTALL)
_NO_TIMESTAMP = re.compile(r"Invalid isoformat string: '(.*)'", re.DOTALL)


_TYPES = {"a": "arrays", "b": "booleans", "f": "functions", "n": "numbers", "o": "objects", "s": "strings"}


class FunctionError(Exception):
    """A function of AWS's own refuses its arguments; the message says why."""


def reason_of(error: Exception) -> str:
    """`T2001: The left side of the "+" operator must evaluate to a number`, for whatever the library raised."""
    if isinstance(error, FunctionError):
        return str(error)
    if isinstance(error, JException):
        return _of_library(error)
    for kind, reason in _BY_TYPE.items():
        if isinstance(error, kind):
            return reason
    if isinstance(error, ValueError):
        if found := _NO_NUMBER.fullmatch(str(error)):
            return f"D3030: Unable to cast value to a number: {_shown(found[1])}"
        if found := _NO_TIMESTAMP.fullmatch(str(error)):
            wanted = "D3110: The argument of the toMillis function must be an ISO 8601 formatted timestamp."
            return f"{wanted} Given {_shown(found[1])}"
    return _UNKNOWN_ARGUMENT


def _of_library(error: JException) -> str:
    template = JException.error_codes.get(error.error)
    if template is None:  # the library gives some reasons in the code's place
        return str(error.error)
    values = [value for value in (error.current, error.expected, error.extra) if value is not None]
    if error.error == "D1002":  # the operator comes before the value
        values = values[1:]
    if template.startswith("{{{"):
        return f"{error.error}: {error.current}"
    places = len(_PLACE.findall(template))
    if places > len(values):
        return _UNKNOWN_ARGUMENT if error.error == "T0410" else f"{error.error}: {_without_value(template)}"
    if error.error == "T0412":
        values[2] = _TYPES.get(values[2], values[2])
    waiting = iter(values)
    told = _PLACE.sub(lambda _place: _shown(next(waiting)), template)
    return f"{error.error}: {told.replace('Object', 'function')}"


def _without_value(template: str) -> str:
    """The sentence up to where the value would stand, which the library did not give."""
    return template[: next(_PLACE.finditer(template)).start()].rstrip(" :.").replace("Object", "function")


def _shown(value: Any) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return "Infinity" if value > 0 else "-Infinity"
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except (TypeError, ValueError):  # the library's null, functions
        return str(value)
