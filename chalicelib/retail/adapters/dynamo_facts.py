"""Daily facts in DynamoDB; `dynamo_keys` has the table. Reads are eventually consistent: they cost half."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta

from chalicelib.core.dynamo import KEYS_A_READ, Item, chunks, dynamodb, pauses, read_all
from chalicelib.core.errors import TransientError
from chalicelib.retail.adapters import dynamo_keys as keys
from chalicelib.retail.adapters.dynamo_batches import query_all, side_by_side, write_all
from chalicelib.retail.adapters.fact_packing import (
    Month,
    days_of,
    numbers_of,
    pack_month,
    pack_sheet,
    unpack_columns,
    unpack_month,
)
from chalicelib.retail.domain.facts import ProductSheet, StoreDay, merged
from chalicelib.retail.ports.facts import DailyFacts, FactWriter

MonthChange = Callable[[Month], bool]
"""Changes a month in place and says whether it did."""
StoreMonth = tuple[str, int, int]
"""Store, year, month."""


class DynamoDailyFacts(DailyFacts):
    """Reads whole partitions, several side by side."""

    def __init__(self, table: str) -> None:
        self._table = table

    def store_days(self, first: date, last: date) -> Iterator[StoreDay]:
        """See `DailyFacts.store_days`; a shard of stores at a time, its months side by side."""
        wanted = _by_month(first, last)
        for shard in range(keys.SHARDS):
            partitions = [keys.days_partition(year, month, shard) for year, month in wanted]
            pages = side_by_side(lambda one: list(query_all(self._table, one)), partitions)
            stores: dict[str, list[tuple[dict[int, date], Month]]] = defaultdict(list)
            for days, items in zip(wanted.values(), pages, strict=True):
                for item in items:
                    stores[item["sk"]["S"]].append((days, unpack_month(item["days"]["B"])))
            for store_id, months in stores.items():
                for days, month in months:
                    yield from map(merged, days_of(store_id, days, month))

    def store_history(self, store_id: str, first: date, last: date) -> list[StoreDay]:
        """See `DailyFacts.store_history`: one batch read of a key a month."""
        wanted = _by_month(first, last)
        places = {_month_key(store_id, *month)["pk"]["S"]: days for month, days in wanted.items()}
        found = read_all(self._table, [_month_key(store_id, *month) for month in wanted])
        history = [
            merged(uploads)
            for item in found
            for uploads in days_of(store_id, places[item["pk"]["S"]], unpack_month(item["days"]["B"]))
        ]
        return sorted(history, key=lambda one: one.day)

    def product_sheets(self, day: date) -> Iterator[ProductSheet]:
        """See `DailyFacts.product_sheets`."""
        partitions = [keys.products_partition(day, shard) for shard in range(keys.SHARDS)]
        for items in side_by_side(lambda one: list(query_all(self._table, one)), partitions):
            for item in items:
                yield _sheet(day, item)

    def store_products(self, store_id: str, day: date) -> list[ProductSheet]:
        """See `DailyFacts.store_products`."""
        partition = keys.products_partition(day, keys.shard_of(store_id))
        return [_sheet(day, item) for item in query_all(self._table, partition, f"{store_id}#")]


class DynamoFactWriter(FactWriter):
    """Writes sheets in batches, and a store's month as one item that knows its version."""

    def __init__(self, table: str) -> None:
        self._table = table

    def put_sheets(self, sheets: Sequence[ProductSheet]) -> None:
        """See `FactWriter.put_sheets`."""
        write_all(self._table, ({"PutRequest": {"Item": _sheet_item(sheet)}} for sheet in sheets))

    def remove_sheets(self, upload_id: str, places: Iterable[tuple[str, date, int]]) -> None:
        """See `FactWriter.remove_sheets`."""
        removals = ({"DeleteRequest": {"Key": _sheet_place(upload_id, *place)}} for place in places)
        write_all(self._table, removals)

    def put_days(self, days: Sequence[StoreDay]) -> None:
        """See `FactWriter.put_days`."""
        changes: dict[StoreMonth, list[StoreDay]] = defaultdict(list)
        for day in days:
            changes[day.store_id, day.day.year, day.day.month].append(day)

        def change(place: StoreMonth) -> None:
            def put(month: Month) -> bool:
                before = pack_month(month)
                for one in changes[place]:
                    month.setdefault(one.day.day, {})[one.uploads[0]] = numbers_of(one)
                return pack_month(month) != before

            self._change(place, put, found.get(_place_of(_month_key(*place)), {}))

        for places in chunks(changes, KEYS_A_READ):
            found = {_place_of(item): item for item in read_all(self._table, [_month_key(*one) for one in places])}
            for _ in side_by_side(change, places):
                pass

    def remove_days(self, upload_id: str, places: Sequence[tuple[str, date]]) -> None:
        """See `FactWriter.remove_days`."""
        changes: dict[StoreMonth, list[int]] = defaultdict(list)
        for store_id, day in places:
            changes[store_id, day.year, day.month].append(day.day)

        def change(place: StoreMonth) -> None:
            def remove(month: Month) -> bool:
                gone = [month.get(number, {}).pop(upload_id, None) is not None for number in changes[place]]
                for number in changes[place]:
                    if number in month and not month[number]:
                        del month[number]
                return any(gone)

            self._change(place, remove)

        for _ in side_by_side(change, changes):
            pass

    def _change(self, place: StoreMonth, change: MonthChange, item: Item | None = None) -> None:
        """Change the store's month and write it when nobody else did since it was read; else read it again.

        ``item`` is what has been read already, empty where there was nothing.
        """
        key = _month_key(*place)
        for _ in pauses():
            if item is None:
                answer = dynamodb().get_item(TableName=self._table, Key=key, ConsistentRead=True)
                item = answer.get("Item", {})
            month = unpack_month(item["days"]["B"]) if item else {}
            if not change(month) or self._written(key, month, item):
                return
            item = None
        raise TransientError(f"others kept changing the days of store {place[0]} in {place[1]}-{place[2]:02d}")

    def _written(self, key: Item, month: Month, before: Item) -> bool:
        version = int(before["version"]["N"]) if before else 0
        request: Item = {
            "TableName": self._table,
            "Item": {**key, "days": {"B": pack_month(month)}, "version": {"N": str(version + 1)}},
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        if before:
            request["ConditionExpression"] = "version = :version"
            request["ExpressionAttributeValues"] = {":version": {"N": str(version)}}
        try:
            dynamodb().put_item(**request)
        except dynamodb().exceptions.ConditionalCheckFailedException:
            return False
        return True


def _by_month(first: date, last: date) -> dict[tuple[int, int], dict[int, date]]:
    """Return (year, month) -> day of the month -> date, for the days from ``first`` to ``last``."""
    wanted: dict[tuple[int, int], dict[int, date]] = {month: {} for month in keys.months(first, last)}
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        wanted[day.year, day.month][day.day] = day
    return wanted


def _month_key(store_id: str, year: int, month: int) -> Item:
    partition = keys.days_partition(year, month, keys.shard_of(store_id))
    return {"pk": {"S": partition}, "sk": {"S": store_id}}


def _place_of(item: Item) -> tuple[str, str]:
    return item["pk"]["S"], item["sk"]["S"]


def _sheet_place(upload_id: str, store_id: str, day: date, part: int) -> Item:
    partition = keys.products_partition(day, keys.shard_of(store_id))
    return {"pk": {"S": partition}, "sk": {"S": keys.sheet_key(store_id, upload_id, part)}}


def _sheet_item(sheet: ProductSheet) -> Item:
    return {
        **_sheet_place(sheet.upload_id, sheet.store_id, sheet.day, sheet.part),
        "sheet": {"B": pack_sheet(sheet)},
        "restatement": {"N": str(sheet.restatement)},
    }


def _sheet(day: date, item: Item) -> ProductSheet:
    store_id, upload_id, part = item["sk"]["S"].split("#")
    columns = unpack_columns(item["sheet"]["B"])
    return ProductSheet(store_id, day, upload_id, int(item["restatement"]["N"]), int(part), *columns)
