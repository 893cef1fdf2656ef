"""The functions AWS adds to JSONata: $partition, $range, $hash, $random, $uuid, $parse; $eval is taken away.

They round towards zero, and answer with nothing (None here, JSONata's undefined) where the intrinsic functions
of the JSONPath language of the same purpose refuse.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable

from localcloud.stepfunctions.intrinsics.functions import hash_text, string_to_json
from localcloud.stepfunctions.limits import PAYLOAD_BYTES
from localcloud.stepfunctions.task import JsonValue


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
    stride = int(step)
    numbers = range(int(first), int(last) + (1 if stride > 0 else -1), stride)
    if len(numbers) > PAYLOAD_BYTES:  # no state could hand them on
        raise ValueError("Expression evaluation memory limit exceeded")
    if len(numbers) > 1:
        return list(numbers)
    return numbers[0] if numbers else None


def text_hash(text: JsonValue = None, algorithm: JsonValue = None) -> JsonValue:
    """The hexadecimal digest of a text."""
    return None if text is None or algorithm is None else hash_text(text, algorithm)


def random_fraction(seed: JsonValue = None) -> float:
    """A number from 0 (included) to 1 (excluded); the same seed gives the same number."""
    return random.random() if seed is None else random.Random(seed).random()


def parsed(text: JsonValue = None) -> JsonValue:
    """The value a JSON text holds."""
    return None if text is None else string_to_json(text)


AWS_FUNCTIONS: dict[str, Callable[..., JsonValue]] = {
    "partition": partition,
    "range": number_range,
    "hash": text_hash,
    "random": random_fraction,
    "uuid": lambda: str(uuid.uuid4()),
    "parse": parsed,
}
