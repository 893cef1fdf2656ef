"""Sales of 25 stores over 60 days, for demonstrations and tests: made up, seeded, events planted in the last days.

Every day brings one file of all stores, as arrays, JSON lines or gzip in turn. In the last three days:

    third from last    one store is closed and sends nothing
    second from last   one store sells a product at a tenth of its price; another's sales come a day late, in a
                       file of their own; nine rows are malformed
    last               a holiday: every store sells half; in one store somebody refunds the same goods 40 times
"""

from __future__ import annotations

import gzip
import json
import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

PRODUCTS = 20
LINES_A_PRODUCT = 2
CATEGORIES = ("dairy", "bakery", "produce", "household", "drinks")
_WEEK = (0.9, 0.9, 0.95, 1.0, 1.2, 1.35, 0.7)
"""How a day of the week sells, Monday first."""
_HOLIDAY = 0.5
_REFUNDS = 40
_MALFORMED: tuple[str, ...] = (
    '{"store": "store-001", "date": "%(day)s", "product": "sku-001", "quantity": 1',
    '{"store": "store-001", "date": "%(day)s", "product": "sku-001", "quantity": 0, "unit_price": 1.5}',
    '{"store": "store-001", "date": "%(day)s", "product": "sku-001", "quantity": 1, "unit_price": NaN}',
    '{"store": "store-001", "date": "%(day)s", "product": "sku-001", "quantity": "two", "unit_price": 1.5}',
    '{"store": "store-001", "date": "31.12.2024", "product": "sku-001", "quantity": 1, "unit_price": 1.5}',
    '{"store": "store-001", "date": "%(day)s", "quantity": 1, "unit_price": 1.5}',
    '{"store": "store-001", "date": "%(day)s", "product": "sku-001", "quantity": 1e300, "unit_price": 1.5}',
    '{"store": "store-001", "date": "%(day)s", "product": "sku-001", "quantity": 1, "unit_price": 1, "date": ""}',
    "store-001;sku-001;1;1.50",
)

Kind = Literal["closed store", "price error", "late file", "malformed rows", "holiday", "returns fraud"]


@dataclass(frozen=True, slots=True)
class SalesFile:
    """One file as it is uploaded."""

    key: str
    content: bytes
    arrives: date
    """The morning it comes, usually of the day after."""


@dataclass(frozen=True, slots=True)
class PlantedEvent:
    """Something a morning report should name."""

    kind: Kind
    day: date
    store_id: str | None = None
    product_id: str | None = None


@dataclass(frozen=True, slots=True)
class StoreSales:
    """All files and what is in them."""

    files: tuple[SalesFile, ...]
    """In the order they arrive."""
    planted: tuple[PlantedEvent, ...]
    rows: int
    malformed: int

    def event(self, kind: Kind) -> PlantedEvent:
        """Return the planted event of this kind."""
        return next(one for one in self.planted if one.kind == kind)


def store_sales(last: date, *, days: int = 60, stores: int = 25, seed: int = 1) -> StoreSales:
    """Return the files of ``days`` business days up to ``last``; at least 20 stores and three days."""
    draw = random.Random(seed)
    planted = _planted(last)
    sizes = {f"store-{number:03d}": draw.uniform(0.6, 1.6) for number in range(1, stores + 1)}
    files: list[SalesFile] = []
    rows = 0
    for number in range(days):
        day = last - timedelta(days=days - 1 - number)
        late = [one.store_id for one in planted if one.kind == "late file" and one.day == day]
        on_time, later = _day(day, sizes, planted, late, draw)
        extra = list(_MALFORMED) if any(one.kind == "malformed rows" and one.day == day for one in planted) else []
        rows += len(on_time) + len(later) + len(extra)
        files.append(_file(day, 1, on_time, [line.replace("%(day)s", day.isoformat()) for line in extra], number))
        if later:
            files.append(_file(day, 2, later, [], number))
    files.sort(key=lambda one: (one.arrives, one.key))
    return StoreSales(tuple(files), planted, rows, len(_MALFORMED))


def _planted(last: date) -> tuple[PlantedEvent, ...]:
    before, first = last - timedelta(days=1), last - timedelta(days=2)
    return (
        PlantedEvent("closed store", first, "store-007"),
        PlantedEvent("price error", before, "store-012", "sku-005"),
        PlantedEvent("late file", before, "store-004"),
        PlantedEvent("malformed rows", before),
        PlantedEvent("holiday", last),
        PlantedEvent("returns fraud", last, "store-019", "sku-011"),
    )


def _day(
    day: date,
    sizes: dict[str, float],
    planted: tuple[PlantedEvent, ...],
    late: list[str | None],
    draw: random.Random,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the day's rows, those that come in time and those that come late."""
    today = [one for one in planted if one.day == day]
    holiday = any(one.kind == "holiday" for one in today)
    on_time: list[dict[str, Any]] = []
    later: list[dict[str, Any]] = []
    for store_id, size in sizes.items():
        if any(one.kind == "closed store" and one.store_id == store_id for one in today):
            continue
        level = size * _WEEK[day.weekday()] * (_HOLIDAY if holiday else 1.0) * draw.gauss(1, 0.03)
        rows = _store_rows(store_id, day, level, draw)
        for event in today:
            if event.store_id == store_id:
                _happen(event, rows)
        (later if store_id in late else on_time).extend(rows)
    return on_time, later


def _store_rows(store_id: str, day: date, level: float, draw: random.Random) -> list[dict[str, Any]]:
    rows = []
    for number in range(PRODUCTS * LINES_A_PRODUCT):
        product = number % PRODUCTS
        price_cents = 99 + 175 * product
        returned = draw.random() < 0.03
        pieces = -1 if returned else max(1, round(draw.gauss(30, 4) * level))
        rows.append(
            {
                "store": store_id,
                "date": day.isoformat(),
                "product": f"sku-{product + 1:03d}",
                "category": CATEGORIES[product % len(CATEGORIES)],
                "quantity": pieces,
                "unit_price": price_cents / 100,
                "unit_cost": round(price_cents * 0.7) / 100,
                "transaction": f"{store_id}-{number:05d}",
                "row_id": f"{number:06d}",
            }
        )
    return rows


def _happen(event: PlantedEvent, rows: list[dict[str, Any]]) -> None:
    """Let the event happen to a store's rows of the day."""
    mine = [row for row in rows if row["product"] == event.product_id]
    if event.kind == "price error":
        for row in mine:
            row["unit_price"] = round(row["unit_price"] / 10, 2)
    elif event.kind == "returns fraud":
        refund = mine[0] | {"quantity": -3}
        for number in range(_REFUNDS):
            rows.append(refund | {"transaction": f"refund-{number}", "row_id": f"refund-{number}"})


def _file(day: date, part: int, rows: list[dict[str, Any]], extra: list[str], number: int) -> SalesFile:
    """Return the rows as a file: an array, lines, or gzipped lines, in turn; one with malformed rows has lines."""
    arrives = day + timedelta(days=part)
    stem = f"uploads/{arrives:%Y%m%d}_040000_sales-{day:%Y%m%d}-{part}"
    lines = "".join(f"{line}\n" for line in [*map(json.dumps, rows), *extra])
    if number % 3 == 0 and not extra:
        return SalesFile(f"{stem}.json", json.dumps(rows).encode(), arrives)
    if number % 3 == 1 or extra:
        return SalesFile(f"{stem}.jsonl", lines.encode(), arrives)
    return SalesFile(f"{stem}.jsonl.gz", gzip.compress(lines.encode(), 6, mtime=0), arrives)
