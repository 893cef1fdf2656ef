"""Says whether a price is new to a product, and whether it is a round share of a price the product had before.

Discounts are given in round percentages: a category keyed in at "30 % off" sells every product at 70 % of one of
its earlier prices, to the cent. An ordinary new price hits such a share by chance only.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

SHARES = (0.9, 0.85, 0.8, 0.75, 0.7, 2 / 3, 0.6, 0.5)
"""What is left of a price after the usual discounts."""
ROUNDING = 0.51
"""Cents a price may be off by rounding."""
COARSE = 1 / 2000
"""Of the price: where money has large figures, tills round to more than a cent."""


def is_known(price: float, known: Sequence[float]) -> bool:
    """Say whether the price is one of ``known``, which are in order of size, but for rounding."""
    reach = _reach(price)
    place = bisect_left(known, price - reach)
    return place < len(known) and known[place] <= price + reach


def is_share(price: float, share: float, known: Sequence[float]) -> bool:
    """Say whether the price is ``share`` of one of ``known``, which are in order of size, but for rounding."""
    reach = _reach(price)
    place = bisect_left(known, (price - reach) / share)
    return place < len(known) and known[place] <= (price + reach) / share


def is_deep(price: float, known: Sequence[float]) -> bool:
    """Say whether the price is less than half of each of ``known``, which are in order of size."""
    return price + _reach(price) < known[0] / 2


def _reach(price: float) -> float:
    return max(ROUNDING, COARSE * price)
