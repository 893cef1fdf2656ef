"""What each States.* function does, on plain JSON values."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import random
import re
import uuid
from collections.abc import Callable

from localcloud.stepfunctions.json_text import dumps, read_json
from localcloud.stepfunctions.task import JsonValue

MAX_RANGE_ITEMS = 1000
MAX_TEXT_CHARACTERS = 10_000

_HASHES = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}
_TEMPLATE_PART = re.compile(r"\\(.)|(\{\})|([^\\{]+|\{|\\)")


class IntrinsicError(Exception):
    """The function refuses its arguments; the message says why."""


class FormatTemplate(str):
    """A template written in the call, with its escapes (`\\{`) still in it."""

    __slots__ = ()


def format_text(template: JsonValue, *arguments: JsonValue) -> str:
    """`States.Format('{} of {}', 1, 2)` is "1 of 2"; texts go in bare, everything else as JSON."""
    _need(isinstance(template, str), "The first argument must be a string")
    waiting = iter(arguments)
    parts: list[str] = []
    used = 0
    for escaped, place, plain in _TEMPLATE_PART.findall(template):
        if not place:
            parts.append((escaped if escaped in "'{}\\" else "\\" + escaped) if escaped else plain)
            continue
        value = next(waiting, waiting)
        _need(value is not waiting, "Invalid number of arguments: more {} than values")
        parts.append(value if isinstance(value, str) else dumps(value))
        used += 1
    _need(used == len(arguments), "Invalid number of arguments: more values than {}")
    return "".join(parts)


def string_to_json(text: JsonValue) -> JsonValue:
    """The value a text holds; a blank text holds null."""
    _need(isinstance(text, str), "The argument must be a string")
    if not text.strip():
        return None
    try:
        return read_json(text)
    except ValueError as error:
        raise IntrinsicError(f"The argument is not valid JSON: {error}") from error


def array_partition(items: JsonValue, length: JsonValue) -> JsonValue:
    """`[1,2,3]` in chunks of 2 is `[[1,2],[3]]`."""
    _array(items)
    chunk = _rounded(length) if _is_number(length) else 0
    _need(chunk > 0, "The chunk size must be a positive integer")
    return [items[start : start + chunk] for start in range(0, len(items), chunk)]


def array_contains(items: JsonValue, wanted: JsonValue) -> bool:
    """Whether an equal value is in the array; true is not 1."""
    return any(equal(item, wanted) for item in _array(items))


def array_range(first: JsonValue, last: JsonValue, step: JsonValue) -> JsonValue:
    """Numbers from first to last, both ends included."""
    _need(all(_is_number(value) for value in (first, last, step)), "The arguments must be numbers")
    start, stop, stride = _rounded(first), _rounded(last), _rounded(step)
    _need(stride != 0, "The step must not be 0")
    too_many = f"The array would have more than {MAX_RANGE_ITEMS} items"
    _need((stop - start) // stride < MAX_RANGE_ITEMS, too_many)
    return list(range(start, stop + (1 if stride > 0 else -1), stride))


def array_get_item(items: JsonValue, index: JsonValue) -> JsonValue:
    """One item by its index, from 0."""
    _array(items)
    _need(_is_number(index), "The index must be an integer")
    _need(0 <= index < len(items), f"The index {index} is out of the array's bounds")
    return items[int(index)]


def array_unique(items: JsonValue) -> JsonValue:
    """The items without repetitions, in their first order."""
    seen: dict[str, JsonValue] = {}
    for item in _array(items):
        seen.setdefault(json.dumps(item, sort_keys=True), item)
    return list(seen.values())


def base64_encode(text: JsonValue) -> str:
    """UTF-8 text in base 64; 10,000 characters at most."""
    _need(isinstance(text, str), "The argument must be a string")
    _need(len(text) <= MAX_TEXT_CHARACTERS, f"The text is longer than {MAX_TEXT_CHARACTERS} characters")
    return base64.b64encode(text.encode()).decode()


def base64_decode(text: JsonValue) -> str:
    """The UTF-8 text in a base 64 one; 10,000 characters at most."""
    _need(isinstance(text, str), "The argument must be a string")
    _need(len(text) <= MAX_TEXT_CHARACTERS, f"The text is longer than {MAX_TEXT_CHARACTERS} characters")
    try:
        return base64.b64decode(text, validate=True).decode()
    except ValueError as error:  # not base 64, not ASCII, or bytes that are no UTF-8
        raise IntrinsicError("The argument is not valid Base64") from error


def hash_text(data: JsonValue, algorithm: JsonValue) -> str:
    """The hexadecimal digest of a text (or of a value's JSON); 10,000 characters at most."""
    _need(
        isinstance(algorithm, str) and algorithm in _HASHES, f"The algorithm must be one of {', '.join(_HASHES)}"
    )
    text = data if isinstance(data, str) else dumps(data)
    _need(len(text) <= MAX_TEXT_CHARACTERS, f"The text is longer than {MAX_TEXT_CHARACTERS} characters")
    return hashlib.new(_HASHES[algorithm], text.encode()).hexdigest()


def json_merge(first: JsonValue, second: JsonValue, deep: JsonValue) -> JsonValue:
    """One object of two, the second one's keys winning; deep merges are not supported, as on AWS."""
    _need(isinstance(first, dict) and isinstance(second, dict), "The first two arguments must be objects")
    _need(deep is False, "The third argument must be false: deep merging is not supported")
    return {**first, **second}


def math_random(start: JsonValue, end: JsonValue, seed: JsonValue = None) -> int:
    """A whole number from start (included) to end (excluded); the same seed gives the same number."""
    _need(_is_number(start) and _is_number(end), "The arguments must be numbers")
    low, high = _rounded(start), _rounded(end)
    _need(low < high, "The start must be below the end")
    _need(seed is None or _is_number(seed), "The seed must be a number")
    return (random.Random(seed) if seed is not None else random).randrange(low, high)


def math_add(first: JsonValue, second: JsonValue) -> int:
    """The sum of two whole numbers; others are rounded first, halves upwards."""
    _need(_is_number(first) and _is_number(second), "The arguments must be numbers")
    return _rounded(first) + _rounded(second)


def string_split(text: JsonValue, delimiters: JsonValue) -> JsonValue:
    """The non-empty pieces between any of the delimiter's characters."""
    _need(isinstance(text, str) and isinstance(delimiters, str), "The arguments must be strings")
    if not delimiters:
        return [text]
    return [piece for piece in re.split(f"[{re.escape(delimiters)}]", text) if piece]


def equal(left: JsonValue, right: JsonValue) -> bool:
    """Equality of JSON values: unlike Python's, true is not 1."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return bool(left == right)


def _need(condition: bool, message: str) -> None:
    if not condition:
        raise IntrinsicError(message)


def _array(value: JsonValue) -> list[JsonValue]:
    if not isinstance(value, list):
        raise IntrinsicError("The first argument must be an array")
    return value


def _is_number(value: JsonValue) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _rounded(number: float) -> int:
    return math.floor(number + 0.5) if isinstance(number, float) else number


FUNCTIONS: dict[str, Callable[..., JsonValue]] = {
    "Array": lambda *items: list(items),
    "ArrayContains": array_contains,
    "ArrayGetItem": array_get_item,
    "ArrayLength": lambda items: len(_array(items)),
    "ArrayPartition": array_partition,
    "ArrayRange": array_range,
    "ArrayUnique": array_unique,
    "Base64Decode": base64_decode,
    "Base64Encode": base64_encode,
    "Format": format_text,
    "Hash": hash_text,
    "JsonMerge": json_merge,
    "JsonToString": dumps,
    "MathAdd": math_add,
    "MathRandom": math_random,
    "StringSplit": string_split,
    "StringToJson": string_to_json,
    "UUID": lambda: str(uuid.uuid4()),
}
