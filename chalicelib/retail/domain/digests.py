"""A day's products, boiled down, and how its prices compare with the usual ones.

Stores lose sales in ways that day totals hide: their noise is large (a small store's day varies by half), while a
product's price hardly varies. So each line sold (product and store) is compared with the low end of what the same
product was sold for before. One cheap product is a promotion; when most products of a store or category are below
their own usual low, it is a price file gone wrong, a till error or a discount nobody planned.
The same is done with pieces a line, which sees orders shrink where customers buy by the dozen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from chalicelib.retail.domain.facts import ProductSheet
from chalicelib.retail.domain.price_evidence import Hearing, Past
from chalicelib.retail.domain.product_memory import LEAST_OBSERVATIONS, Known

SAMPLE = 4
"""Observations of a product that a day leaves to the memory."""
BELOW = 0.9
"""A line below this share of the usual low counts as below."""
SLIP = 0.25
"""A single line below this share of the usual low counts as a slip: a wrong price by itself, often a point
in the wrong place."""
SLIP_PIECES = 5
"""Fewer pieces are gifts and coupons more often than errors."""
MOST_SLIPS = 200
MOST_STORES = 500
"""That are heard one by one where most goods have no category: each takes a look at all it sold."""
UNCLASSIFIED = "unclassified"

PRODUCT_FIGURES = ("units", "returned", "gross", "returns", "discount", "cost", "costed")


@dataclass(slots=True)
class Level:
    """How many lines of a store or category are below their usual, and what that costs."""

    lines: int = 0
    """Lines whose product is known well enough."""
    cheap: int = 0
    """Lines priced below the usual low."""
    cheap_cents: float = 0.0
    """Money short of the usual prices, over the cheap lines."""
    small: int = 0
    """Lines with fewer pieces than the usual low."""
    small_cents: float = 0.0
    """Money short of the usual pieces, over the small lines."""


@dataclass(slots=True)
class Digest:
    """One day of products."""

    stamp: str
    """What changes when the day's facts do; see `StoreBook.stamps`."""
    products: dict[str, list[Any]] = field(default_factory=dict)
    """Product -> [category, *PRODUCT_FIGURES, sampled prices, sampled pieces a line]; money in cents."""
    stores: dict[str, list[float]] = field(default_factory=dict)
    """Store -> the fields of its `Level`."""
    categories: dict[str, list[float]] = field(default_factory=dict)
    """Category -> the fields of its `Level`."""
    category_net: dict[str, int] = field(default_factory=dict)
    """Category -> net sales in cents."""
    testimony: dict[str, list[float]] = field(default_factory=dict)
    """Scope -> what its products' prices testify, see `price_evidence`; stores for goods without one."""
    ordinary: list[float] = field(default_factory=list)
    """How often prices were in each cell; see `price_outcomes`."""
    discounted: list[float] = field(default_factory=list)
    """How often they would have been, at a discount."""
    slips: list[list[Any]] = field(default_factory=list)
    """[store, product, category, cents a piece, usual cents a piece, money short in cents], the dearest first."""

    def as_json(self) -> dict[str, Any]:
        """Return the digest as it is kept."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Digest:
        """Return the digest that `as_json` made."""
        return cls(**data)


def digest(sheets: Iterable[ProductSheet], before: Known, stamp: str) -> Digest:
    """Boil a day's sheets down; ``before`` is what was known before that day."""
    made = Digest(stamp)
    usual = before.usual
    seen_prices: dict[str, list[float]] = defaultdict(list)
    seen_units: dict[str, list[int]] = defaultdict(list)
    unnamed: dict[str, list[str]] = defaultdict(list)
    categories: dict[str, Level] = {}
    stores: dict[str, Level] = {}
    slips: list[list[Any]] = []
    for sheet in sheets:
        store = stores.get(sheet.store_id)
        if store is None:
            store = stores[sheet.store_id] = Level()
        scope = f"store:{sheet.store_id}"
        for product, category, units, returned, gross, returns, discount, cost, costed in zip(
            sheet.product_ids, sheet.categories, sheet.units_sold, sheet.units_returned, sheet.gross_cents,
            sheet.returns_cents, sheet.discount_cents, sheet.cost_cents, sheet.costed_cents, strict=True,
        ):  # fmt: skip
            values = made.products.get(product)
            if values is None:
                values = made.products[product] = [category or UNCLASSIFIED, 0, 0, 0, 0, 0, 0, 0, [], []]
            elif category and category != UNCLASSIFIED:
                values[0] = category
            values[1] += units
            values[2] += returned
            values[3] += gross
            values[4] += returns
            values[5] += discount
            values[6] += cost
            values[7] += costed
            if units <= 0:
                continue
            price = (gross - discount) / units
            if price > 0:  # what was given away says nothing of prices
                seen_prices[product].append(price)
                seen_units[product].append(units)
                if not category or category == UNCLASSIFIED:
                    unnamed[product].append(scope)
            known = usual.get(product)
            if known is None or known.seen < LEAST_OBSERVATIONS:
                continue
            level = categories.get(values[0])
            if level is None:
                level = categories[values[0]] = Level()
            store.lines += 1
            level.lines += 1
            if price < known.low_price * BELOW:
                short = units * (known.price - price)
                store.cheap += 1
                store.cheap_cents += short
                level.cheap += 1
                level.cheap_cents += short
                if price < known.low_price * SLIP and units >= SLIP_PIECES:
                    slips.append([sheet.store_id, product, values[0], price, known.price, short])
            if units < known.low_units * BELOW:
                short = (known.units - units) * price
                store.small += 1
                store.small_cents += short
                level.small += 1
                level.small_cents += short
    by_store = len(stores) <= MOST_STORES and 2 * _count(unnamed) > _count(seen_prices)
    hearing = Hearing(before.weights)
    for product, prices in seen_prices.items():
        values, units_sold = made.products[product], seen_units[product]
        if known := usual.get(product):
            past, scopes = Past(known.prices, known.seen, known.price), unnamed.get(product, [])
            if by_store and len(scopes) == len(prices):
                hearing.hear_by_store(scopes, prices, units_sold, past)
            else:
                hearing.hear(f"category:{values[0]}", prices, units_sold, past)
        values[-2:] = [round(price, 2) for price in sample(prices)], sample(units_sold)
    for values in made.products.values():
        net = values[3] - values[4] - values[5]
        made.category_net[values[0]] = made.category_net.get(values[0], 0) + net
    made.testimony = {name: _rounded(one) for name, one in hearing.testimony.items()}
    made.ordinary, made.discounted = _rounded(hearing.ordinary), _rounded(hearing.discounted)
    made.stores = {name: _fields(level) for name, level in stores.items()}
    made.categories = {name: _fields(level) for name, level in categories.items()}
    slips.sort(key=lambda slip: -slip[-1])
    made.slips = slips[:MOST_SLIPS]
    return made


def sample(values: Sequence[float]) -> list[float]:
    """Return at most `SAMPLE` of ``values`` that stand for all: evenly spaced in their order of size.

    >>> sample([5, 1, 4, 2, 3, 9, 8, 7])
    [1, 3, 5, 8]
    """
    if len(values) <= SAMPLE:
        return list(values)
    ranked = sorted(values)
    return [ranked[len(ranked) * place // SAMPLE] for place in range(SAMPLE)]


def _count(lines: Mapping[str, Sequence[Any]]) -> int:
    return sum(map(len, lines.values()))


def _fields(level: Level) -> list[float]:
    return [level.lines, level.cheap, round(level.cheap_cents), level.small, round(level.small_cents)]


def _rounded(figures: Iterable[float]) -> list[float]:
    return [round(figure, 3) for figure in figures]
