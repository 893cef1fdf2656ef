"""What is known of products before a day: the prices and line sizes of their last sales."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from chalicelib.retail.domain.books import HISTORY_DAYS
from chalicelib.retail.domain.price_evidence import NO_WEIGHTS, weigh

if TYPE_CHECKING:
    from chalicelib.retail.domain.digests import Digest

MEMORY = 30
"""Observations of a product that make its usual prices."""
LEAST_OBSERVATIONS = 3
"""Fewer say nothing about a product by itself; with others of its category they do."""
LOW = 0.1
"""The quantile that counts as a product's usual low."""


@dataclass(frozen=True, slots=True)
class Usual:
    """What a product is usually sold for and by how many, in cents a piece and pieces a line."""

    low_price: float
    price: float
    low_units: float
    units: float
    prices: tuple[float, ...] = ()
    """The different ones, in order of size."""
    seen: int = LEAST_OBSERVATIONS
    """How many observations all this comes from."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known before a day."""

    usual: Mapping[str, Usual] = field(default_factory=dict)
    """Of each product seen before."""
    weights: Sequence[float] = NO_WEIGHTS
    """What prices testify; see `price_evidence`."""


class _Seen(NamedTuple):
    """A product's day."""

    day: int
    prices: Sequence[float]
    units: Sequence[float]


class Memory:
    """What is known of products before a day; learns one digest after the other, the oldest first.

    What is `HISTORY_DAYS` older than the last day learnt is forgotten: a morning reads no more days than that.
    """

    def __init__(self) -> None:
        self._seen: dict[str, deque[_Seen]] = defaultdict(deque)
        """Of each product the last days that have `MEMORY` observations together."""
        self._days: deque[tuple[int, Digest]] = deque()
        self._usual: dict[str, Usual] = {}
        self._changed: set[str] = set()
        """Products whose `_usual` is out of date."""

    def learn(self, day: date, digest: Digest) -> None:
        """Take in a day."""
        number = day.toordinal()
        while self._days and self._days[0][0] <= number - HISTORY_DAYS:
            self._forget(*self._days.popleft())
        self._days.append((number, digest))
        for product, values in digest.products.items():
            prices, units = values[-2:]
            if prices:
                self._seen[product].append(_Seen(number, prices, units))
                self._changed.add(product)

    def known(self) -> Known:
        """Return what is usual, and what prices testify."""
        for product in self._changed:
            usual = _usual(self._seen[product])
            if usual is None:
                self._usual.pop(product, None)
                del self._seen[product]
            else:
                self._usual[product] = usual
        self._changed.clear()
        return Known(
            dict(self._usual), weigh((one.ordinary, one.discounted) for _, one in self._days if one.ordinary)
        )

    def _forget(self, number: int, digest: Digest) -> None:
        for product in digest.products:
            seen = self._seen.get(product)
            if seen and seen[0].day <= number:
                seen.popleft()
                self._changed.add(product)


def _usual(seen: deque[_Seen]) -> Usual | None:
    """Return what is usual by the last observations; days before those that make `MEMORY` are let go."""
    count = sum(len(one.prices) for one in seen)
    while seen and count - len(seen[0].prices) >= MEMORY:
        count -= len(seen.popleft().prices)
    prices = last_of([one.prices for one in seen])
    if not prices:
        return None
    ranked, sizes = sorted(prices), sorted(last_of([one.units for one in seen]))
    low, middle = int(len(ranked) * LOW), len(ranked) // 2
    return Usual(ranked[low], ranked[middle], sizes[low], sizes[middle], tuple(sorted(set(ranked))), len(ranked))


def last_of(days: Sequence[Sequence[float]]) -> list[float]:
    """Return the last `MEMORY` observations of ``days``, the oldest first."""
    return [one for day in days for one in day][-MEMORY:]
