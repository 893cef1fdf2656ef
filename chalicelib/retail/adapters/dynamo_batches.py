"""What DynamoDB leaves to its callers: pauses between tries, and what a batch left undone."""

from __future__ import annotations

import random
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any, TypeVar

from chalicelib.core.aws import client
from chalicelib.core.errors import TransientError

Item = dict[str, Any]
"""An item or a part of a request in DynamoDB's typed form."""
T = TypeVar("T")
R = TypeVar("R")

MOST_TRIES = 10
FIRST_PAUSE_SECONDS = 0.02
WRITES_A_REQUEST = 25
KEYS_A_READ = 100
AT_ONCE = 8
"""Requests side by side: DynamoDB answers in milliseconds, so eight keep one core busy."""


def dynamodb() -> Any:
    """Return the client; requests are built here by hand, so botocore's checks of them are left out."""
    return client("dynamodb", validate=False)


def pauses() -> Iterator[None]:
    """Yield once a try, after a random pause that doubles at most; the first comes at once. About ten seconds."""
    for attempt in range(MOST_TRIES):
        if attempt:
            time.sleep(random.uniform(0, FIRST_PAUSE_SECONDS * 2**attempt))
        yield


def write_all(table: str, requests: Iterable[Item]) -> None:
    """Send ``PutRequest`` and ``DeleteRequest`` entries, 25 a request, several requests side by side.

    Raises:
        TransientError: DynamoDB left writes undone again and again.
    """
    for _ in side_by_side(lambda chunk: _write(table, chunk), chunks(requests, WRITES_A_REQUEST)):
        pass


def read_all(table: str, keys: Iterable[Item]) -> Iterator[Item]:
    """Yield the items of ``keys`` that exist, read consistently, in no order.

    Raises:
        TransientError: DynamoDB left keys unread again and again.
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
            raise TransientError(f"DynamoDB left reads of {table} undone again and again")


def query_all(table: str, partition: str, begins_with: str = "", *, consistent: bool = False) -> Iterator[Item]:
    """Yield the items of a partition whose sort key begins so, page by page."""
    request: Item = {
        "TableName": table,
        "KeyConditionExpression": "pk = :pk" + (" AND begins_with(sk, :sk)" if begins_with else ""),
        "ExpressionAttributeValues": {":pk": {"S": partition}}
        | ({":sk": {"S": begins_with}} if begins_with else {}),
        "ConsistentRead": consistent,
    }
    while True:
        answer = dynamodb().query(**request)
        yield from answer["Items"]
        if "LastEvaluatedKey" not in answer:
            return
        request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def side_by_side(work: Callable[[T], R], parts: Iterable[T]) -> Iterator[R]:
    """Do ``work`` for each part, `AT_ONCE` at a time, and yield what it returns, in order.

    A lone part is done without a thread. No more parts are held than are being worked on.
    """
    remaining = iter(parts)
    first = list(islice(remaining, 2))
    if len(first) < 2:
        yield from map(work, first)
        return
    with ThreadPoolExecutor(AT_ONCE) as pool:
        running = deque(pool.submit(work, part) for part in first)
        while running:
            if len(running) < AT_ONCE:
                running.extend(pool.submit(work, part) for part in islice(remaining, AT_ONCE - len(running)))
            yield running.popleft().result()


def chunks(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield ``values`` in lists of up to ``size``."""
    remaining = iter(values)
    while chunk := list(islice(remaining, size)):
        yield chunk


def _write(table: str, requests: list[Item]) -> None:
    left: Item = {table: requests}
    for _ in pauses():
        answer = dynamodb().batch_write_item(RequestItems=left)
        left = answer.get("UnprocessedItems") or {}
        if not left:
            return
    raise TransientError(f"DynamoDB left writes to {table} undone again and again")
