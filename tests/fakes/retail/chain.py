"""A chain of stores with sales that repeat by weekday, a little noise, and whatever a test plants.

chain = Chain(stores=5)
chain.fill(facts, LAST)              61 days that end with LAST
chain.sell(facts, "S02", LAST, factor=0.2)
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

from chalicelib.retail.domain.books import HISTORY_DAYS
from chalicelib.retail.domain.facts import ProductSheet, StoreDay
from tests.fakes.retail.reports import FakeDailyFacts

LAST = date(2025, 1, 15)
"""A Wednesday."""
MORNING = int(datetime(2025, 1, 16, 4, tzinfo=UTC).timestamp())


class Chain:
    """Sales as a rule."""

    def __init__(self, stores: int = 5, products: int = 20) -> None:
        self.stores = [f"S{n:02}" for n in range(1, stores + 1)]
        self.products = [(f"P{n:03}", f"C{n % 4}", 100 + 37 * n) for n in range(products)]

    def fill(self, facts: FakeDailyFacts, last: date, days: int = HISTORY_DAYS + 1) -> None:
        """Let every store sell as usual on ``days`` days."""
        for back in range(days):
            for store in self.stores:
                self.sell(facts, store, last - timedelta(days=back))

    def sell(
        self,
        facts: FakeDailyFacts,
        store: str,
        day: date,
        *,
        factor: float = 1.0,
        price: float = 1.0,
        returned: int = 0,
        arrived: int | None = None,
        complete: bool = True,
    ) -> None:
        """Put one store's day.

        Args:
            facts: where it goes.
            store: its id.
            day: its day.
            factor: times the usual pieces.
            price: times the usual price of every product.
            returned: pieces of the first product that were taken back.
            arrived: seconds since 1970 when the file came; four hours after midnight when not said.
            complete: False for a damaged file.
        """
        chance = random.Random(f"{store} {day}")
        busy = (1.0, 0.9, 0.95, 1.05, 1.3, 1.6, 1.2)[day.weekday()] * (1 + self.stores.index(store) / 10)
        lines = [
            (product, category, max(1, round(12 * busy * factor * chance.uniform(0.9, 1.1))), round(cents * price))
            for product, category, cents in self.products
        ]
        units = [line[2] for line in lines]
        gross = [line[2] * line[3] for line in lines]
        back = [returned] + [0] * (len(lines) - 1)
        refunds = [returned * lines[0][3]] + [0] * (len(lines) - 1)
        nothing = [0] * len(lines)
        if arrived is None:
            arrived = MORNING - 86400 * (LAST - day).days
        facts.put(
            StoreDay(
                store, day, sum(units), returned, sum(gross), sum(refunds), 0, sum(gross) // 2, sum(gross),
                sum(units) // 3, len(lines), complete, 1, arrived, ("upload",),
            ),
            ProductSheet(
                store, day, "upload", 1, 0, [line[0] for line in lines], [line[1] for line in lines], units, back,
                gross, refunds, nothing, [cents // 2 for cents in gross], gross,
            ),
        )  # fmt: skip
