"""Follows a category's discount after its first day, when its prices are no longer new.

The prices of the days before the fall stay the measure: as long as most products of the category are still sold at
the discount's share of them, the discount lasts. A day on which none of them was sold says nothing. A store is
followed where it is the only one, for a digest has its products of all stores together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.retail.domain.digests import UNCLASSIFIED, Digest
from chalicelib.retail.domain.expectations import median
from chalicelib.retail.domain.price_falls import Fall
from chalicelib.retail.domain.product_memory import last_of

MOST = 0.5
"""Of the products sold: from here on the category is still discounted."""
DAYS = 2
"""Of the days that sold any, so many are looked at together: one odd product is no end, though no line."""


@dataclass(frozen=True, slots=True)
class Lasting:
    """A discount that is not over."""

    fall: Fall
    products: int
    """Sold today, and known from before the fall."""
    discounted: int
    """Of them, at the discount's share of an earlier price."""
    short_cents: float
    """Money short of the earlier usual prices, today."""


def lasting(fall: Fall, digests: Mapping[str, Digest]) -> Lasting | None:
    """Return ``fall`` as it is on the last of ``digests``' days, None when it is over.

    Args:
        fall: what began on one of the days before.
        digests: ISO date -> its products, the days before the fall among them.
    """
    kind, _, name = fall.scope.partition(":")
    if kind == "store" and any(len(digest.stores) > 1 for digest in digests.values()):
        return None
    category = name if kind == "category" else UNCLASSIFIED
    earlier = _Earlier([digests[day] for day in sorted(digests) if day < fall.day])
    sold: list[tuple[int, int]] = []
    last = None
    for day in sorted(day for day in digests if day >= fall.day):
        last = _on(fall, category, digests[day], earlier)
        if last.products:
            sold.append((last.products, last.discounted))
            products, discounted = (sum(counts) for counts in zip(*sold[-DAYS:], strict=True))
            if discounted < MOST * products:
                return None
    return last if last and last.products and last.discounted >= MOST * last.products else None


class _Earlier:
    """The prices before a fall, as they were known then."""

    def __init__(self, digests: Sequence[Digest]) -> None:
        self._digests = digests
        self._known: dict[str, tuple[list[float], float]] = {}

    def of(self, product: str) -> tuple[list[float], float]:
        """Return a product's different prices in order of size, none if it was unknown, and the usual one."""
        if product not in self._known:
            days = [digest.products[product][-2] for digest in self._digests if product in digest.products]
            prices = last_of(days)
            self._known[product] = sorted(set(prices)), median(prices) if prices else 0.0
        return self._known[product]


def _on(fall: Fall, wanted: str, day: Digest, earlier: _Earlier) -> Lasting:
    products = discounted = 0
    short = 0.0
    for product, (category, units, _, gross, _, discount, *_, prices, _) in day.products.items():
        if category != wanted or not prices:
            continue
        known, usual = earlier.of(product)
        if not known:
            continue
        products += 1
        if sum(fall.has(price, known) for price in prices) >= MOST * len(prices):
            discounted += 1
            short += max(0.0, units * usual - (gross - discount))
    return Lasting(fall, products, discounted, short)
