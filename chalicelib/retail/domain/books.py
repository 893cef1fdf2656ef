"""The books: what stores and products sold day by day, in columns, so that a morning of 10,000 stores is quick.

`StoreBook` has a row a store; `Digest` boils one day's product sheets down to what later mornings need: totals by
product, a few prices and line sizes of each, and how far each store and category was from its usual prices.
Money is whole cents, days are business days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

from chalicelib.retail.domain.facts import StoreDay

HISTORY_DAYS = 60
"""Days before the one reported that are looked at: eight weeks, and the month's beginning in any case."""

FIGURES = ("net", "units", "tickets", "gross", "returns", "discount", "cost", "costed")
"""The columns of a `StoreBook`."""

Column = list[int | None]


@dataclass(slots=True)
class StoreBook:
    """Every store's last days. A column has one value a day, None where no facts came."""

    days: list[str]
    """ISO dates without a gap, the day reported last."""
    stores: dict[str, dict[str, Column]]
    """Store -> figure -> a value a day; a store without a ticket count has no ``tickets``."""
    late: dict[str, list[str]] = field(default_factory=dict)
    """Day -> the stores whose facts of it came or changed after the following noon, UTC."""
    damaged: list[str] = field(default_factory=list)
    """Stores whose file of the day reported was damaged."""
    stamps: dict[str, str] = field(default_factory=dict)
    """Day -> what changes when its facts do."""

    @property
    def day(self) -> date:
        """The day reported."""
        return date.fromisoformat(self.days[-1])

    def reported(self) -> list[str]:
        """Return the stores with facts of the day reported."""
        return [store for store, columns in self.stores.items() if columns["net"][-1] is not None]

    def total(self, figure: str) -> list[int]:
        """Return the company's sum of a figure, a value a day."""
        sums = [0] * len(self.days)
        for columns in self.stores.values():
            for place, value in enumerate(columns.get(figure, ())):
                if value:
                    sums[place] += value
        return sums

    def as_json(self) -> dict[str, Any]:
        """Return the book as it travels between functions."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> StoreBook:
        """Return the book that `as_json` made."""
        return cls(data["days"], data["stores"], data["late"], data["damaged"], data["stamps"])


def days_until(last: date, count: int) -> list[str]:
    """Return ``count`` ISO dates that end with ``last``."""
    return [(last - timedelta(days=back)).isoformat() for back in range(count - 1, -1, -1)]


def write_book(facts: Iterable[StoreDay], last: date, noon_after: Mapping[str, int]) -> StoreBook:
    """Return the book of ``facts`` that ends with ``last``.

    Args:
        facts: the store-days from ``last`` minus `HISTORY_DAYS` to ``last``; one entry a store and day.
        last: the day reported.
        noon_after: day -> seconds since 1970 from when its facts are late.
    """
    days = days_until(last, HISTORY_DAYS + 1)
    place_of = {day: place for place, day in enumerate(days)}
    book = StoreBook(days, {})
    counted = dict.fromkeys(days, 0)
    newest = dict.fromkeys(days, 0)
    turnover = dict.fromkeys(days, 0)
    iso: dict[date, str] = {date.fromisoformat(day): day for day in days}
    empty: Column = [None] * len(days)
    for fact in facts:
        day = iso.get(fact.day)
        if day is None:
            continue
        columns = book.stores.get(fact.store_id)
        if columns is None:
            columns = book.stores[fact.store_id] = {name: empty.copy() for name in FIGURES}
        place = place_of[day]
        net = fact.gross_cents - fact.returns_cents - fact.discount_cents
        columns["net"][place] = net
        columns["units"][place] = fact.units_sold
        columns["tickets"][place] = fact.tickets
        columns["gross"][place] = fact.gross_cents
        columns["returns"][place] = fact.returns_cents
        columns["discount"][place] = fact.discount_cents
        columns["cost"][place] = fact.cost_cents
        columns["costed"][place] = fact.costed_cents
        counted[day] += 1
        turnover[day] += net
        newest[day] = max(newest[day], fact.arrived_seconds)
        if fact.arrived_seconds > noon_after[day]:
            book.late.setdefault(day, []).append(fact.store_id)
        if day == days[-1] and not fact.complete:
            book.damaged.append(fact.store_id)
    book.stamps = {day: f"{counted[day]}-{newest[day]}-{turnover[day]}" for day in days if counted[day]}
    book.damaged.sort()
    for stores in book.late.values():
        stores.sort()
    return book
