"""DynamoDB's tables inside moto, made as the template makes them."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chalicelib.core import aws
from infrastructure.room_file import read_room_file

_ROOT = Path(__file__).resolve().parents[2]
_WANTED = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")


def make_tables(room: str, names: Mapping[str, str]) -> None:
    """Make tables of a room's file: logical id -> the table's name here."""
    resources = sections_of(room)["Resources"]
    for logical_id, name in names.items():
        properties: dict[str, Any] = resources[logical_id]["Properties"]
        table = {key: properties[key] for key in _WANTED if key in properties}
        aws.client("dynamodb").create_table(TableName=name, **table)


@functools.cache
def sections_of(room: str) -> Mapping[str, Mapping[str, Any]]:
    """Return the sections of a room's file, not to be changed; hundreds of tests begin with its tables."""
    return read_room_file(_ROOT / "infrastructure" / f"{room}.yaml", _ROOT).sections
