"""The books: what stores and products sold day by day, in columns, so that a morning of 10,000 stores is quick.

`StoreBook` has a row a store; `Digest` boils one day's product sheets down to what later mornings need: totals by
product, a few prices and line sizes of each, and how far each store and category was from its usual prices.
Money is whole cents, days are business days.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from typing import Any

from chalicelib.retail.domain.facts import StoreDay
from chalicelib.retail.domain.findings import FOLLOWED_DAYS

HISTORY_DAYS = 60
"""Days before the one reported that are looked at: eight weeks, and the month's beginning in any case."""

FIGURES = ("net", "units", "tickets", "gross", "returns", "discount", "cost", "costed")
"""The columns of a `StoreBook`."""
KEPT = ("net", "returns")
"""Those with a value of every day; the others have the day reported alone."""

Column = list[int | None]


@dataclass(slots=True)
class StoreBook:
    """Every store's last days, in columns."""

    days: list[str]
    """ISO dates without a gap, the day reported last."""
    stores: dict[str, dict[str, Column]]
    """Store -> figure -> a value a day (see `KEPT`), the day reported last; None without facts or tickets."""
    late: dict[str, list[str]] = field(default_factory=dict)
    """Day -> the stores whose facts of it came or changed after the noon that followed, by the company's zone."""
    damaged: list[str] = field(default_factory=list)
    """Stores whose file of the day reported was damaged."""
    uploads: list[str] = field(default_factory=list)
    """Ids of the uploads behind the day reported."""
    refused: dict[str, int] = field(default_factory=dict)
    """File -> its rows that were not taken in, of those uploads."""
    stamps: dict[str, str] = field(default_factory=dict)
    """Day -> what changes when its facts do."""

    @property
    def day(self) -> date:
        """The day reported."""
        return date.fromisoformat(self.days[-1])

    def days_in_a_row(self, holds: Callable[[int], bool]) -> int:
        """Return for how many days something has held until the last, for which it does; at most `FOLLOWED_DAYS`.

        Args:
            holds: whether it did on the day of this place in `days`; not asked of days that nobody sent.
        """
        days, last = 1, len(self.days) - 1
        for back in range(1, FOLLOWED_DAYS):
            if self.days[last - back] in self.stamps:
                if not holds(last - back):
                    break
                days = back + 1
        return days

    def reported(self) -> list[str]:
        """Return the stores with facts of the day reported."""
        return [store for store, columns in self.stores.items() if columns["net"][-1] is not None]

    def total(self, figure: str) -> list[int]:
        """Return the company's sum of a figure, a value a day as far as it is kept."""
        sums = [0] * (len(self.days) if figure in KEPT else 1)
        for columns in self.stores.values():
            for place, value in enumerate(columns[figure]):
                if value:
                    sums[place] += value
        return sums

    def as_json(self) -> dict[str, Any]:
        """Return the book as it travels between functions."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> StoreBook:
        """Return the book that `as_json` made."""
        return cls(**data)


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
    book = StoreBook(days, {})
    places = {date.fromisoformat(day): place for place, day in enumerate(days)}
    late_from = [noon_after[day] for day in days]
    counted, newest, turnover = ([0] * len(days) for _ in range(3))
    empty: Column = [None] * len(days)
    uploads: set[str] = set()
    store = ""
    net_column: Column = []
    returns_column: Column = []
    for fact in facts:
        place = places.get(fact[1])
        if place is None:
            continue
        if fact[0] != store:  # a store's days come together
            store = fact[0]
            columns = book.stores.get(store)
            if columns is None:
                columns = {name: empty.copy() if name in KEPT else [None] for name in FIGURES}
                book.stores[store] = columns
            net_column, returns_column = columns["net"], columns["returns"]
        returns, arrived = fact.returns_cents, fact.arrived_seconds
        net = fact.gross_cents - returns - fact.discount_cents
        net_column[place] = net
        returns_column[place] = returns
        counted[place] += 1
        turnover[place] += net
        if arrived > newest[place]:
            newest[place] = arrived
        if arrived > late_from[place]:
            book.late.setdefault(days[place], []).append(store)
        if place == len(days) - 1:
            _report(book, fact)
            uploads.update(fact.uploads)
    book.uploads = sorted(uploads)
    book.stamps = {
        day: f"{count}-{latest}-{net}"
        for day, count, latest, net in zip(days, counted, newest, turnover, strict=True)
        if count
    }
    book.damaged.sort()
    for stores in book.late.values():
        stores.sort()
    return book


def _report(book: StoreBook, fact: StoreDay) -> None:
    """Put what only the day reported is asked for."""
    columns = book.stores[fact.store_id]
    columns["units"] = [fact.units_sold]
    columns["tickets"] = [fact.tickets]
    columns["gross"] = [fact.gross_cents]
    columns["discount"] = [fact.discount_cents]
    columns["cost"] = [fact.cost_cents]
    columns["costed"] = [fact.costed_cents]
    if not fact.complete:
        book.damaged.append(fact.store_id)
