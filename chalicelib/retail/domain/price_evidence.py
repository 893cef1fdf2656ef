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

SHORT, PRODUCTS, NEW, DEEP, FOR_SHARE = range(5)
"""Where testimony has: the money its new prices are short of the usual, in cents; products, and those at new and
at deep prices (parts of one where its stores differ); from `FOR_SHARE` on, what they testify for each of `SHARES`,
added up."""
Testimony = list[float]
MOST_PRICES = 50
"""Of a product on one day; of more, every so many lines stand for all, as goods by weight have a price a store."""
PRIOR = 0.5
"""Added to each cell: what was never seen is not impossible."""
NO_WEIGHTS = (0.0,) * CELLS


class Past(NamedTuple):
    """What is known of a product before a day."""

    prices: Sequence[float]
    """The different ones of its last sales, in order of size, at least one."""
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
            prices: cents a piece, a line each; none of them 0.
            units: pieces, a line each.
            past: of the product.
        """
        judged = self._count(prices, past)
        if not judged:
            return
        into = self.testimony.setdefault(scope, _silence())
        into[PRODUCTS] += 1
        for price, (weight, cells) in judged.items():
            for place, cell in enumerate(cells, FOR_SHARE):
                into[place] += weight * self._weights[cell]
            if not is_known(price, past.prices):
                into[NEW] += weight
                into[DEEP] += weight * is_deep(price, past.prices)
        short: dict[float, float] = {}
        for price, pieces in zip(prices, units, strict=True):
            if price not in short:
                short[price] = _short(price, past)
            into[SHORT] += short[price] * pieces

    def hear_by_store(
        self, scopes: Sequence[str], prices: Sequence[float], units: Sequence[float], past: Past
    ) -> None:
        """Add one product's day to the stores that sold it; as `hear`, with a store a line."""
        judged = self._count(prices, past)
        lines = Counter(scopes)
        said: dict[float, tuple[bool, bool, float, list[float]]] = {}
        for scope, price, pieces in zip(scopes, prices, units, strict=True):
            if price not in said:
                is_new = not is_known(price, past.prices)
                deep = is_new and is_deep(price, past.prices)
                cells = judged[price][1] if price in judged else cells_of(price, past.prices, past.seen)
                said[price] = is_new, deep, _short(price, past), [self._weights[cell] for cell in cells]
            is_new, deep, short, for_shares = said[price]
            into = self.testimony.setdefault(scope, _silence())
            weight = 1 / lines[scope]
            into[PRODUCTS] += weight
            into[NEW] += weight * is_new
            into[DEEP] += weight * deep
            into[SHORT] += short * pieces
            for place, one in enumerate(for_shares, FOR_SHARE):
                into[place] += weight * one

    def _count(self, prices: Sequence[float], past: Past) -> dict[float, tuple[float, list[int]]]:
        """Count the product's cells.

        Returns:
            Its prices, or those standing for them -> their share of the lines, and their cells.
        """
        lines = Counter(prices)
        if len(lines) > MOST_PRICES:
            lines = Counter(sorted(prices)[:: len(prices) // MOST_PRICES])
        judged = {}
        for price, count in lines.items():
            weight, cells = count / lines.total(), list(cells_of(price, past.prices, past.seen))
            judged[price] = weight, cells
            for cell in cells:
                self.ordinary[cell] += weight
            for cell in discounted_cells_of(price, past.prices, past.seen):
                self.discounted[cell] += weight
        return judged


def weigh(days: Iterable[tuple[Sequence[float], Sequence[float]]]) -> Sequence[float]:
    """Return what a product in each cell testifies for a discount: the logarithm of a ratio of likelihoods.

    Args:
        days: `Hearing.ordinary` and `Hearing.discounted` of each.
    """
    ordinary, discounted = [PRIOR] * CELLS, [PRIOR] * CELLS
    for one, other in days:
        ordinary = [count + more for count, more in zip(ordinary, one, strict=True)]
        discounted = [count + more for count, more in zip(discounted, other, strict=True)]
    of_all = math.log(sum(ordinary) / sum(discounted))
    return [math.log(much / often) + of_all for much, often in zip(discounted, ordinary, strict=True)]


def _short(price: float, past: Past) -> float:
    """Return the cents that a piece at a new price is short of the usual one."""
    return 0.0 if is_known(price, past.prices) else max(0.0, past.usual - price)


def _silence() -> Testimony:
    return [0.0] * (FOR_SHARE + len(SHARES))
