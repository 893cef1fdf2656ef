"""The functions AWS adds to JSONata: $partition, $range, $hash, $random, $uuid, $parse; $eval is taken away.

They round towards zero, and answer with nothing (None here, JSONata's undefined) where the intrinsic functions
of the JSONPath language of the same purpose refuse.
"""

from __future__ import annotations

import functools
import inspect
import random
import uuid
from collections.abc import Callable

import jsonata
from jsonata.jexception import JException

from localcloud.stepfunctions.intrinsics.functions import IntrinsicError, hash_text, string_to_json
from localcloud.stepfunctions.jsonata.reasons import FunctionError
from localcloud.stepfunctions.limits import PAYLOAD_BYTES
from localcloud.stepfunctions.task import JsonValue

Function = Callable[..., JsonValue]


def partition(items: JsonValue = None, length: JsonValue = None) -> JsonValue:
    """`[1,2,3]` in chunks of 2 is `[[1,2],[3]]`."""
    chunk = int(length) if isinstance(length, (int, float)) else 0
    if not isinstance(items, list) or not items or chunk <= 0:
        return None
    return [items[start : start + chunk] for start in range(0, len(items), chunk)]


def number_range(first: JsonValue = None, last: JsonValue = None, step: JsonValue = None) -> JsonValue:
    """Numbers from first to last, both ends included; a single one comes bare, as sequences do in JSONata."""
    if not all(isinstance(value, (int, float)) for value in (first, last, step)) or int(step) == 0:
        return None
    start, stop, stride = int(first), int(last), int(step)
    if (stop - start) // stride >= PAYLOAD_BYTES:  # no state could hand them on
        raise FunctionError("Expression evaluation memory limit exceeded")
    numbers = range(start, stop + (1 if stride > 0 else -1), stride)
    if len(numbers) > 1:
        return list(numbers)
    return numbers[0] if numbers else None


def text_hash(text: JsonValue = None, algorithm: JsonValue = None) -> JsonValue:
    """The hexadecimal digest of a text."""
    return None if text is None or algorithm is None else hash_text(text, algorithm)


def random_fraction(seed: JsonValue = None) -> float:
    """A number from 0 (included) to 1 (excluded); the same seed gives the same number."""
    if seed is None:
        return random.random()
    if not isinstance(seed, (int, float)):
        raise FunctionError(_unfit(1, "random"))
    return random.Random(seed).random()


def parsed(text: JsonValue = None) -> JsonValue:
    """The value a JSON text holds; nothing for a blank one, JSONata's null for `null`."""
    value = None if text is None else string_to_json(text)
    return jsonata.Utils.NULL_VALUE if value is None and text is not None and text.strip() else value


def _uuid() -> str:
    return str(uuid.uuid4())


def _unfit(argument: int, name: str) -> str:
    template: str = JException.error_codes["T0410"].replace("Object", "function")
    return "T0410: " + template.replace("{{index}}", str(argument)).replace("{{token}}", f'"{name}"')


def _guarded(name: str, function: Function) -> Function:
    """The function, refusing superfluous arguments as JSONata's own do."""
    most = len(inspect.signature(function).parameters)

    @functools.wraps(function)
    def call(*arguments: JsonValue) -> JsonValue:
        if len(arguments) > most:
            raise FunctionError(_unfit(most + 1, name))
        try:
            return function(*arguments)
        except IntrinsicError as error:
            raise FunctionError(str(error)) from error

    return call


_FUNCTIONS: dict[str, Function] = {
    "partition": partition,
    "range": number_range,
    "hash": text_hash,
    "random": random_fraction,
    "uuid": _uuid,
    "parse": parsed,
}
AWS_FUNCTIONS = {name: _guarded(name, function) for name, function in _FUNCTIONS.items()}
"""By their names without the dollar sign."""
