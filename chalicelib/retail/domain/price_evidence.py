"""Weighs whether a category's prices fell together: every product sold is a witness, and some tell more.

A category that sells a few lines a day has no usual total to speak of, but its products have usual prices. What a
product's price is against its earlier ones puts it into a cell (`price_outcomes`). How often ordinary days bring a
cell is counted, and how often they would have, had the same prices been discounted. The logarithm of the ratio is
what a product in that cell testifies for the discount (Neyman and Pearson 1933). Both counts are learnt from the
company's own days.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from chalicelib.retail.domain.price_outcomes import CELLS, cells_of, discounted_cells_of
from chalicelib.retail.domain.price_shares import SHARES, is_deep, is_known

SHORT, LINES, NEW_LINES, DEEP_LINES, PRODUCTS, FOR_SHARE = range(6)
"""Where a category's testimony has: the money its new prices are short of the usual, in cents; lines; lines at new
prices, and at deep ones; products; from `FOR_SHARE` on, what they testify for each of `SHARES`, added up."""
Testimony = list[float]
PRIOR = 0.5
"""Added to each cell: what was never seen is not impossible."""
NO_WEIGHTS = (0.0,) * CELLS


class Hearing:
    """A day's witnesses, heard product by product."""

    def __init__(self, weights: Sequence[float]) -> None:
        """Begin; ``weights`` has what a product in each cell testifies, see `weigh`."""
        self.testimony: dict[str, Testimony] = {}
        """Category -> what its products say."""
        self.ordinary = [0.0] * CELLS
        """How often the day brought each cell: once a product and share."""
        self.discounted = [0.0] * CELLS
        """How often it would have, had each price been discounted to each share."""
        self._weights = weights

    def hear(
        self,
        category: str,
        prices: Sequence[float],
        units: Sequence[float],
        known: Sequence[float],
        seen: int,
        usual: float,
    ) -> None:
        """Add one product's day.

        Args:
            category: the product's.
            prices: cents a piece, a line each; what was free says nothing.
            units: pieces, a line each.
            known: the different prices it was sold for before, in order of size, at least one.
            seen: how many observations they come from.
            usual: its usual price.
        """
        lines = Counter(price for price in prices if price > 0)
        if not lines:
            return
        into = self.testimony.setdefault(category, [0.0] * (FOR_SHARE + len(SHARES)))
        into[PRODUCTS] += 1
        into[LINES] += lines.total()
        for price, count in lines.items():
            weight = count / lines.total()
            for place, cell in enumerate(cells_of(price, known, seen)):
                into[FOR_SHARE + place] += weight * self._weights[cell]
                self.ordinary[cell] += weight
            for cell in discounted_cells_of(price, known, seen):
                self.discounted[cell] += weight
            if not is_known(price, known):
                into[NEW_LINES] += count
                pieces = sum(some for some, one in zip(units, prices, strict=True) if one == price)
                into[DEEP_LINES] += count * is_deep(price, known)
                into[SHORT] += max(0.0, usual - price) * pieces


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
