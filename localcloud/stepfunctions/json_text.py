"""JSON values as the compact text AWS writes into histories, and their size."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable

import msgspec

from localcloud.stepfunctions.limits import PAYLOAD_BYTES
from localcloud.stepfunctions.task import JsonValue

_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?", re.ASCII)
_encoder = msgspec.json.Encoder()


def dumps(value: JsonValue) -> str:
    """`{"a":[1,2]}`: no blanks, keys in order, non-ASCII as it is."""
    try:
        return _encoder.encode(value).decode()
    except (TypeError, UnicodeError, msgspec.MsgspecError):  # lone surrogates, list subclasses
        return json.dumps(value, separators=(",", ":"))


def size(value: JsonValue) -> int:
    """Bytes of the compact text in UTF-8.

    >>> size({"a": "é"})
    10
    """
    try:
        return len(_encoder.encode(value))
    except (TypeError, UnicodeError, msgspec.MsgspecError):
        return len(json.dumps(value, separators=(",", ":")).encode())


def read_payload(text: str, refusal: Callable[[str], Exception]) -> JsonValue:
    """The value in a text a caller sent. Raises what `refusal` makes of the reason: no JSON, or too large."""
    if len(text.encode()) > PAYLOAD_BYTES:
        raise refusal(f"size exceeds {PAYLOAD_BYTES} bytes")
    try:
        return read_json(text)
    except ValueError as error:
        raise refusal(str(error)) from error


def read_json(text: str) -> JsonValue:
    """The value in a JSON text. Raises ValueError; also for NaN, for what no double holds, for endless nesting."""
    try:
        return json.loads(text, parse_constant=_no_number, parse_float=_finite)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def _no_number(name: str) -> JsonValue:
    """Refuse NaN and Infinity, which Python's parser lets through."""
    raise ValueError(f"{name} is no JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"{digits} is out of range")
    return number


def shown(value: JsonValue) -> str:
    """A text bare, anything else as JSON: how AWS shows a value inside a sentence."""
    return value if isinstance(value, str) else dumps(value)


def number_in(value: JsonValue) -> JsonValue:
    """The number a text holds, "2" or "0.5": fields with a path take it for one. Anything else as it is.

    >>> number_in("2"), number_in("two")
    (2, 'two')
    """
    if not isinstance(value, str) or _NUMBER.fullmatch(value) is None:
        return value
    return json.loads(value)


def is_whole(value: JsonValue) -> bool:
    """Whether a value is a whole number; 2.0 is one, true is none.

    >>> is_whole(2.0), is_whole(2.5), is_whole(True)
    (True, False, False)
    """
    return type(value) is int or (isinstance(value, float) and value.is_integer())
