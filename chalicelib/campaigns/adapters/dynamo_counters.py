"""How a campaign's counters are kept: spread over items, so that writers seldom meet on one.

Items of the table ``campaigns``, pk = campaign id:

    counters#<00..15>         states, lines, dispositions, days, sums
    hours#<zone>#<0..3>       the counters ``hour:<zone>:...``

Each counter is an attribute of its own name; its value is the sum over the items. The hours are apart because they
are many, and an item's size is what a write to it costs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from zlib import crc32

from chalicelib.core.dynamo import Item

SHARDS = 16
HOUR_SHARDS = 4
_HOUR = "hour:"


def updates(table: str, campaign_id: str, counts: Mapping[str, int], spread_by: str) -> list[Item]:
    """Return the parts of a transaction that add ``counts``; ``spread_by`` picks the shard."""
    spread = crc32(spread_by.encode())
    items: dict[str, list[tuple[str, int]]] = {}
    for name, count in counts.items():
        if count:
            items.setdefault(_place(name, spread), []).append((name, count))
    return [_update(table, campaign_id, place, added) for place, added in items.items()]


def hour_items(counts: Mapping[str, int]) -> int:
    """Return how many parts of a transaction the counters of hours among ``counts`` take."""
    return len({name.split(":")[1] for name in counts if name.startswith(_HOUR)})


def total(items: Iterable[Item]) -> dict[str, int]:
    """Return the sums over the counter items."""
    sums: dict[str, int] = {}
    for item in items:
        for name, value in item.items():
            if "N" in value:
                sums[name] = sums.get(name, 0) + int(value["N"])
    return sums


def _place(name: str, spread: int) -> str:
    if name.startswith(_HOUR):
        return f"hours#{name.split(':')[1]}#{spread % HOUR_SHARDS}"
    return f"counters#{spread % SHARDS:02}"


def _update(table: str, campaign_id: str, place: str, added: list[tuple[str, int]]) -> Item:
    return {
        "Update": {
            "TableName": table,
            "Key": {"pk": {"S": campaign_id}, "sk": {"S": place}},
            "UpdateExpression": "ADD " + ", ".join(f"#{i} :{i}" for i in range(len(added))),
            "ExpressionAttributeNames": {f"#{i}": name for i, (name, _) in enumerate(added)},
            "ExpressionAttributeValues": {f":{i}": {"N": str(count)} for i, (_, count) in enumerate(added)},
        }
    }
