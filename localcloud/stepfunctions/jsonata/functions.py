"""The functions AWS adds to JSONata: $partition, $range, $hash, $random, $uuid, $parse; $eval is taken away."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from typing import NoReturn

from localcloud.stepfunctions.intrinsics.functions import (
    IntrinsicError,
    array_partition,
    array_range,
    hash_text,
    string_to_json,
)
from localcloud.stepfunctions.task import JsonValue


def random_fraction(seed: JsonValue = None) -> float:
    """A number from 0 (included) to 1 (excluded); the same seed gives the same number."""
    return random.random() if seed is None else random.Random(seed).random()


def _no_eval(*_arguments: JsonValue) -> NoReturn:
    raise IntrinsicError("The function $eval is not supported: use $parse for JSON text")


AWS_FUNCTIONS: dict[str, Callable[..., JsonValue]] = {
    "partition": array_partition,
    "range": array_range,
    "hash": hash_text,
    "random": random_fraction,
    "uuid": lambda: str(uuid.uuid4()),
    "parse": string_to_json,
    "eval": _no_eval,
}
