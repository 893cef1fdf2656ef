"""What DynamoDB leaves to its callers: pauses between tries, keys too long, and what a batch read left undone.

botocore retries a throttled request. It does not retry a transaction that was cancelled because another one
touched the same item, nor what a batch left unprocessed.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from chalicelib.core.aws import client
from chalicelib.core.errors import TransientError

Item = dict[str, Any]
"""An item or a part of a request in DynamoDB's typed form, ``{"phone": {"S": "+1..."}}``."""
T = TypeVar("T")

MOST_TRIES = 8
FIRST_PAUSE_SECONDS = 0.02
LONGEST_KEY = 2_048
"""Bytes of a partition key; a longer one is an error of DynamoDB's, not an item that is missing."""
KEYS_A_READ = 100
"""What DynamoDB takes in one batch read."""


def dynamodb() -> Any:
    """Return the client; requests are built here by hand, so botocore's checks of them are left out."""
    return client("dynamodb", validate=False)


def can_be_key(text: str) -> bool:
    """Say whether an item can have this partition key: anybody may ask for anything."""
    return 0 < len(text.encode("utf-8", "replace")) <= LONGEST_KEY


def pauses(tries: int = MOST_TRIES) -> Iterator[None]:
    """Yield once a try, after a random pause that doubles at most; the first comes at once.

    Eight tries take about two and a half seconds, ten about ten.
    """
    for attempt in range(tries):
        if attempt:
            time.sleep(random.uniform(0, FIRST_PAUSE_SECONDS * 2**attempt))
        yield


def read_all(table: str, keys: Iterable[Item]) -> Iterator[Item]:
    """Yield the items of ``keys`` that exist, read consistently, in no order.

    Raises:
        TransientError: DynamoDB left keys unprocessed in every try.
    """
    for chunk in chunks(keys, KEYS_A_READ):
        request: Item = {table: {"Keys": chunk, "ConsistentRead": True}}
        for _ in pauses():
            answer = dynamodb().batch_get_item(RequestItems=request)
            yield from answer["Responses"].get(table, ())
            request = answer.get("UnprocessedKeys") or {}
            if not request:
                break
        else:
            raise TransientError(f"DynamoDB left reads of {table} unprocessed again and again")


def chunks(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield ``values`` in lists of up to ``size``."""
    remaining = iter(values)
    while chunk := list(islice(remaining, size)):
        yield chunk
