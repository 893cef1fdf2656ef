"""Transactions and batch reads of DynamoDB, with its own retries: those that botocore leaves to the caller.

botocore retries a throttled request. It does not retry a transaction that was cancelled because another one
touched the same item, nor the keys a batch read left unprocessed.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from chalicelib.core.aws import client
from chalicelib.core.errors import TransientError

Item = dict[str, Any]
"""A DynamoDB item or request part in its typed form, ``{"phone": {"S": "+1..."}}``."""
T = TypeVar("T")

MOST_TRIES = 8
FIRST_PAUSE_SECONDS = 0.02
KEYS_A_READ = 100

FAILED_CONDITION = "ConditionalCheckFailed"
PASSING = frozenset(
    {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded", "RequestLimitExceeded"}
)


def dynamodb() -> Any:
    """Return the client; requests are built here by hand, so botocore's checks of them are left out."""
    return client("dynamodb", validate=False)


def pauses() -> Iterator[None]:
    """Yield once a try, after a random pause that doubles at most; the first comes at once."""
    for attempt in range(MOST_TRIES):
        if attempt:
            time.sleep(random.uniform(0, FIRST_PAUSE_SECONDS * 2**attempt))
        yield


def transact(build: Callable[[], list[Item]], drop: Callable[[int, Item], None]) -> bool:
    """Write one transaction, and again without the parts whose condition failed, until it holds.

    Args:
        build: returns the transaction's parts (``TransactItems``), anew for every try; empty: nothing is left.
        drop: is told the place of a part whose condition failed and its cancellation reason.

    Returns:
        False when no part was left.

    Raises:
        TransientError: others kept touching the same items for about two seconds.
    """
    for _ in pauses():
        parts = build()
        while parts:
            reasons = _write(parts)
            if reasons is None:
                return True
            failed = [place for place, reason in enumerate(reasons) if reason.get("Code") == FAILED_CONDITION]
            for place in reversed(failed):
                drop(place, reasons[place])
            if not failed:
                break
            parts = build()
        else:
            return False
    raise TransientError("DynamoDB cancelled a transaction again and again: other writers hold its items")


def _write(parts: list[Item]) -> list[Item] | None:
    """Write ``parts`` as one transaction; return None when done, else the reason of each part."""
    dynamo = dynamodb()
    try:
        dynamo.transact_write_items(TransactItems=parts)
    except dynamo.exceptions.TransactionCanceledException as error:
        reasons: list[Item] = error.response["CancellationReasons"]
        codes = {reason.get("Code", "None") for reason in reasons}
        if codes <= PASSING | {"None", FAILED_CONDITION}:
            return reasons
        raise
    return None


def batch_get(table: str, keys: Iterable[Item]) -> Iterator[Item]:
    """Yield the items of ``keys`` that exist, read consistently, in no order.

    Raises:
        TransientError: DynamoDB left keys unprocessed for about two seconds.
    """
    remaining = iter(keys)
    while chunk := list(islice(remaining, KEYS_A_READ)):
        request: Item = {table: {"Keys": chunk, "ConsistentRead": True}}
        for _ in pauses():
            answer = dynamodb().batch_get_item(RequestItems=request)
            yield from answer["Responses"].get(table, ())
            request = answer.get("UnprocessedKeys") or {}
            if not request:
                break
        else:
            raise TransientError(f"DynamoDB left reads of {table} unprocessed again and again")


def chunks(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Yield ``values`` in parts of up to ``size``."""
    for start in range(0, len(values), size):
        yield values[start : start + size]
