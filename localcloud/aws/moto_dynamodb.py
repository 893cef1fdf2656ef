"""What makes moto's DynamoDB fast enough for runs of thousands of calls.

Before a transaction moto copies every table it touches, item by item, to be able to take it back: 0.1 s with
500 items, and minutes over a run. Here the copy shares the items that the transaction does not name.

To read one partition moto sorts the whole table. Here it is shown that partition alone.

In an answer moto asks for each of the ten fields of every attribute's value whether it is there, under each of
its spellings: 40 % of all the time. Here a plain value is written as it is.
"""

from __future__ import annotations

import contextvars
import copy
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class _Transaction:
    """What one transaction writes, and the copies moto has asked for: it asks once an item."""

    keys: dict[str, list[dict[str, Any]]]
    """Table name -> keys, or whole items."""
    copies: dict[str, Any] = field(default_factory=dict)


_current: contextvars.ContextVar[_Transaction | None] = contextvars.ContextVar("transaction", default=None)


def transact_write_items(original: Callable[[Any, list[dict[str, Any]]], None]) -> Callable[..., None]:
    """Wrap the backend's method of this name: it knows what will be written while it runs."""

    def wrapped(backend: Any, transact_items: list[dict[str, Any]]) -> None:
        keys: dict[str, list[dict[str, Any]]] = {}
        for item in transact_items:
            for operation in item.values():
                key = operation.get("Key") or operation.get("Item") or {}
                keys.setdefault(operation.get("TableName", ""), []).append(key)
        token = _current.set(_Transaction(keys))
        try:
            original(backend, transact_items)
        finally:
            _current.reset(token)

    return wrapped


def copy_table(table: Any, memo: dict[int, Any]) -> Any:
    """Stand in for moto's `Table.__deepcopy__`: inside a transaction copy what it writes, elsewhere everything."""
    transaction = _current.get()
    if transaction is None:
        twin = copy.copy(table)
        memo[id(table)] = twin
        vars(twin).update({name: copy.deepcopy(value, memo) for name, value in vars(table).items()})
        return twin
    if table.name not in transaction.copies:
        transaction.copies[table.name] = _copy_written(table, transaction.keys.get(table.name, []))
    return transaction.copies[table.name]


def _copy_written(table: Any, keys: list[dict[str, Any]]) -> Any:
    twin = copy.copy(table)
    twin.items = defaultdict(dict, table.items)
    for key in keys:
        _copy_item(table, twin, key)
    return twin


def _copy_item(table: Any, twin: Any, key: dict[str, Any]) -> None:
    from moto.dynamodb.models.dynamo_type import DynamoType

    if table.hash_key_attr not in key:
        return
    hash_key = DynamoType(key[table.hash_key_attr])
    if hash_key not in twin.items:
        return
    if table.range_key_attr is None:
        twin.items[hash_key] = copy.deepcopy(twin.items[hash_key])
    elif table.range_key_attr in key:
        range_key = DynamoType(key[table.range_key_attr])
        if twin.items[hash_key] is table.items[hash_key]:
            twin.items[hash_key] = dict(table.items[hash_key])
        if range_key in twin.items[hash_key]:
            twin.items[hash_key][range_key] = copy.deepcopy(twin.items[hash_key][range_key])


def query(original: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap the table's method of this name: without an index it looks at the one partition."""

    def wrapped(table: Any, hash_key: Any, *more: Any, **named: Any) -> Any:
        index_name = named.get("index_name") or (more[6] if len(more) > 6 else None)
        if index_name is not None or hash_key is None:
            return original(table, hash_key, *more, **named)
        partition = copy.copy(table)
        partition.items = {hash_key: table.items[hash_key]} if hash_key in table.items else {}
        return original(partition, hash_key, *more, **named)

    return wrapped


def serialize_structure(original: Callable[..., None]) -> Callable[..., None]:
    """Wrap the JSON serializer's method for structures."""

    def wrapped(serializer: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
        if key and shape.name == "AttributeValue" and _is_plain(value):
            serializer._default_serialize(serialized, dict(value), shape, key)
        else:
            original(serializer, serialized, value, shape, key)

    return wrapped


def _is_plain(value: Any) -> bool:
    """Return whether an attribute's value is {"S": text}, {"N": text}, {"BOOL": ...} or {"NULL": ...}."""
    if not isinstance(value, dict) or len(value) != 1:
        return False
    ((kind, content),) = value.items()
    return (kind in ("S", "N") and type(content) is str) or (kind in ("BOOL", "NULL") and type(content) is bool)
