"""Weighs whether a category's prices fell together: every product sold is a witness, and some tell more.

A category that sells a few lines a day has no usual total to speak of, but its products have usual prices. What a
product's price is against its earlier ones puts it into a cell (`price_outcomes`). How often ordinary days bring a
cell is counted, and how often they would have, had the same prices been discounted. The logarithm of the ratio is
what a product in that cell testifies for the discount (Neyman and Pearson 1933). Both counts are learnt from the
company's own days. Where a company knows no categories, each store's goods are judged as a category's are.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from chalicelib.retail.domain.price_outcomes import CELLS, cells_of, discounted_cells_of
from chalicelib.retail.domain.price_shares import SHARES, is_deep, is_known

SHORT, LINES, NEW_LINES, DEEP_LINES, PRODUCTS, FOR_SHARE = range(6)
"""Where testimony has: the money its new prices are short of the usual, in cents; lines; lines at new
prices, and at deep ones; products; from `FOR_SHARE` on, what they testify for each of `SHARES`, added up."""
Testimony = list[float]
MOST_PRICES = 50
"""Of a product on one day, up to twice as many: goods by weight have one a store, and some of them say it all."""
PRIOR = 0.5
"""Added to each cell: what was never seen is not impossible."""
NO_WEIGHTS = (0.0,) * CELLS


class Past(NamedTuple):
    """What is known of a product before a day."""

    prices: Sequence[float]
    """The different ones it was sold for, in order of size, at least one."""
    seen: int
    """How many observations they come from."""
    usual: float
    """Its usual price."""


class Hearing:
    """A day's witnesses, heard product by product."""

    def __init__(self, weights: Sequence[float]) -> None:
        """Begin; ``weights`` has what a product in each cell testifies, see `weigh`."""
        self.testimony: dict[str, Testimony] = {}
        """``category:NAME`` or ``store:ID`` -> what its products say."""
        self.ordinary = [0.0] * CELLS
        """How often the day brought each cell: once a product and share."""
        self.discounted = [0.0] * CELLS
        """How often it would have, had each price been discounted to each share."""
        self._weights = weights

    def hear(self, scope: str, prices: Sequence[float], units: Sequence[float], past: Past) -> None:
        """Add one product's day to its category.

        Args:
            scope: the category, as `testimony` has it.
            prices: cents a piece, a line each; what was free says nothing.
            units: pieces, a line each.
            past: of the product.
        """
        judged = self._count(prices, past)
        if not judged:
            return
        into = self.testimony.setdefault(scope, _silence())
        into[PRODUCTS] += 1
        for price, weight in judged.items():
            for place, one in enumerate(self._for_shares(price, past), FOR_SHARE):
                into[place] += weight * one
        new: dict[float, bool] = {}
        for price, pieces in zip(prices, units, strict=True):
            if price > 0:
                if price not in new:
                    new[price] = not is_known(price, past.prices)
                _add_line(into, price, pieces, past, is_new=new[price])

    def hear_by_store(
        self, scopes: Sequence[str], prices: Sequence[float], units: Sequence[float], past: Past
    ) -> None:
        """Add one product's day to the stores that sold it; as `hear`, with a store a line."""
        self._count(prices, past)
        said: dict[float, tuple[bool, list[float]]] = {}
        for scope, price, pieces in zip(scopes, prices, units, strict=True):
            if price <= 0:
                continue
            if price not in said:
                said[price] = not is_known(price, past.prices), self._for_shares(price, past)
            is_new, for_shares = said[price]
            into = self.testimony.setdefault(scope, _silence())
            into[PRODUCTS] += 1
            _add_line(into, price, pieces, past, is_new=is_new)
            for place, one in enumerate(for_shares, FOR_SHARE):
                into[place] += one

    def _for_shares(self, price: float, past: Past) -> list[float]:
        return [self._weights[cell] for cell in cells_of(price, past.prices, past.seen)]

    def _count(self, prices: Sequence[float], past: Past) -> dict[float, float]:
        """Count the product's cells; return the prices that stand for it, with their shares of its lines."""
        lines = Counter(price for price in prices if price > 0)
        judged = sorted(lines)[:: max(1, len(lines) // MOST_PRICES)]
        whole = sum(lines[price] for price in judged)
        weights = {price: lines[price] / whole for price in judged}
        for price, weight in weights.items():
            for cell in cells_of(price, past.prices, past.seen):
                self.ordinary[cell] += weight
            for cell in discounted_cells_of(price, past.prices, past.seen):
                self.discounted[cell] += weight
        return weights


def weigh(days: Iterable[tuple[Sequence[float], Sequence[float]]]) -> Sequence[float]:
    """Return what a product in each cell testifies for a discount: the logarithm of a ratio of likelihoods.

    Args:
        days: `Hearing.ordinary` and `Hearing.discounted` of each.
    """
    ordinary, discounted = [PRIOR] * CELLS, [PRIOR] * CELLS
    for one, other in days:
        ordinary = [count + more for count, more in zip(ordinary, one, strict=True)]
        discounted = [count + more for count, more in zip(discounted, other, strict=True)]
    both = math.log(sum(ordinary) / sum(discounted))
    return [math.log(much / often) + both for much, often in zip(discounted, ordinary, strict=True)]


def _add_line(into: Testimony, price: float, pieces: float, past: Past, *, is_new: bool) -> None:
    into[LINES] += 1
    if is_new:
        into[NEW_LINES] += 1
        into[DEEP_LINES] += is_deep(price, past.prices)
        into[SHORT] += max(0.0, past.usual - price) * pieces


def _silence() -> Testimony:
    return [0.0] * (FOR_SHARE + len(SHARES))
