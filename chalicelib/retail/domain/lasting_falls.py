"""Follows a category's discount after its first day, when its prices are no longer new.

The prices of the days before the fall stay the measure: as long as most products of the category are still sold at
the discount's share of them, the discount lasts. A day on which none of them was sold says nothing. A store is
followed where it is the only one, for a digest has its products of all stores together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chalicelib.retail.domain.digests import UNCLASSIFIED, Digest
from chalicelib.retail.domain.expectations import median
from chalicelib.retail.domain.price_falls import Fall

MOST = 0.5
"""Of the products sold: from here on the category is still discounted."""


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
    earlier = {date: digests[date] for date in digests if date < fall.day}
    last = None
    for date in sorted(date for date in digests if date > fall.day):
        last = _on(fall, category, digests[date], earlier)
        if last.products and last.discounted < MOST * last.products:
            return None
    return last if last and last.products else None


def _on(fall: Fall, wanted: str, day: Digest, earlier: Mapping[str, Digest]) -> Lasting:
    products = discounted = 0
    short = 0.0
    for product, (category, units, _, gross, _, discount, *_, prices, _) in day.products.items():
        if category != wanted or not prices:
            continue
        known = sorted(set(_prices(product, earlier)))
        if not known:
            continue
        products += 1
        fallen = [price for price in prices if fall.has(price, known)]
        if len(fallen) >= MOST * len(prices):
            discounted += 1
            short += max(0.0, units * median(list(_prices(product, earlier))) - (gross - discount))
    return Lasting(fall, products, discounted, short)


def _prices(product: str, days: Mapping[str, Digest]) -> Iterator[float]:
    for digest in days.values():
        if product in digest.products:
            yield from digest.products[product][-2]
