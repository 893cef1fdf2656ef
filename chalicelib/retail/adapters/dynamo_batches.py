"""Many items written or read at once: 25 and 100 a request, several requests side by side."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

from chalicelib.core.dynamo import Item, chunks, dynamodb, pauses
from chalicelib.core.errors import TransientError

T = TypeVar("T")
R = TypeVar("R")

WRITE_TRIES = 10
WRITES_A_REQUEST = 25
AT_ONCE = 8
"""Requests side by side: DynamoDB answers in milliseconds, so eight keep one core busy."""


def write_all(table: str, requests: Iterable[Item]) -> None:
    """Send ``PutRequest`` and ``DeleteRequest`` entries, 25 a request, several requests side by side.

    Raises:
        TransientError: DynamoDB left writes undone again and again.
    """
    for _ in side_by_side(lambda chunk: _write(table, chunk), chunks(requests, WRITES_A_REQUEST)):
        pass


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


def _write(table: str, requests: list[Item]) -> None:
    left: Item = {table: requests}
    for _ in pauses(WRITE_TRIES):
        answer = dynamodb().batch_write_item(RequestItems=left)
        left = answer.get("UnprocessedItems") or {}
        if not left:
            return
    raise TransientError(f"DynamoDB left writes to {table} undone again and again")
