"""Sales of whole store days added up to facts; a line sent twice is found here and counted once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from chalicelib.retail.domain.facts import ProductSheet, StoreDay
from chalicelib.retail.domain.sales import Sale

PRODUCTS_A_SHEET = 15_000
"""Keeps a sheet far below DynamoDB's 400 KB an item."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What all facts of one upload have in common."""

    upload_id: str
    restatement: int
    complete: bool
    arrived_seconds: int


@dataclass(slots=True)
class _Day:
    """One store and day while it is added up."""

    products: dict[str, list[Any]] = field(default_factory=dict)
    """Product -> category, then the numbers in `ProductSheet`'s order."""
    tickets: set[str] = field(default_factory=set)
    nameless: bool = False
    """A line sold named no transaction: tickets cannot be counted."""
    positions: dict[str, int] = field(default_factory=dict)
    """Row id -> where it stood first."""
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Repeated:
    """A line whose row id came before, in the same store and day."""

    sale: Sale
    first_position: int


def add_up(sales: Iterable[Sale], stamp: Stamp) -> tuple[list[StoreDay], list[ProductSheet], list[Repeated]]:
    """Return the facts of ``sales``, which are all there are of their stores and days, and the repeated lines."""
    days: dict[tuple[str, str], _Day] = {}
    repeated: list[Repeated] = []
    for sale in sales:
        _, store_id, text, product_id, category, quantity, amount, discount, cost, ticket, row_id = sale
        day = days.get((store_id, text))
        if day is None:
            day = days[store_id, text] = _Day()
        if row_id is not None:
            if row_id in day.positions:
                repeated.append(Repeated(sale, day.positions[row_id]))
                continue
            day.positions[row_id] = sale.position
        day.rows += 1
        product = day.products.get(product_id)
        if product is None:
            product = day.products[product_id] = [category, 0, 0, 0, 0, 0, 0, 0]
        elif category is not None:
            product[0] = category
        if quantity > 0:
            product[1] += quantity
            product[3] += amount
            if ticket is None:
                day.nameless = True
            else:
                day.tickets.add(ticket)
        else:
            product[2] -= quantity
            product[4] -= amount
            discount = -discount
        product[5] += discount
        if cost is not None:
            product[6] += cost
            product[7] += amount - discount
    places = [((store_id, date.fromisoformat(text)), day) for (store_id, text), day in days.items()]
    store_days = [_store_day(place, day, stamp) for place, day in places]
    sheets = [sheet for place, day in places for sheet in _sheets(place, day.products, stamp)]
    return store_days, sheets, repeated


def _store_day(place: tuple[str, date], day: _Day, stamp: Stamp) -> StoreDay:
    sums = (sum(column) for column in list(zip(*day.products.values(), strict=True))[1:])
    tickets = None if day.nameless else len(day.tickets)
    shared = (stamp.complete, stamp.restatement, stamp.arrived_seconds, (stamp.upload_id,))
    return StoreDay._make((*place, *sums, tickets, day.rows, *shared))


def _sheets(place: tuple[str, date], products: dict[str, list[Any]], stamp: Stamp) -> Iterator[ProductSheet]:
    ids: Sequence[str] = sorted(products)
    for part, start in enumerate(range(0, len(ids), PRODUCTS_A_SHEET)):
        some = ids[start : start + PRODUCTS_A_SHEET]
        columns = [list(column) for column in zip(*(products[one] for one in some), strict=True)]
        yield ProductSheet(*place, stamp.upload_id, stamp.restatement, part, list(some), *columns)
