"""What today's price of a product can be, against the prices it had: one of a few cells that can be counted.

A price is known, new or lower than all of the product's last ones, and it is a round discount's share of an
earlier price or not. How often ordinary days bring each of these depends on the product: one seen thirty times at
two prices seldom takes a third, one sold by weight has a new price each time. So products are counted by kind.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from chalicelib.retail.domain.price_shares import SHARES, is_known, is_share

SEEN = (2, 4, 10, 30)
"""Observations at which a product's next kind begins."""
RESTLESS = 0.6
"""More different prices than this share of those seen: the product has hardly a usual price."""
_OUTCOMES = 6
"""Known, new, lowest; each at a share of an earlier price, or not."""
CELLS = 2 * (len(SEEN) + 1) * _OUTCOMES


def cells_of(price: float, known: Sequence[float], seen: int) -> Iterator[int]:
    """Yield for each of `SHARES` the cell of a price.

    Args:
        price: cents a piece.
        known: the different prices the product had, in order of size, at least one.
        seen: how many observations they come from.
    """
    first = _first(known, seen) + _novelty(price, known)
    for share in SHARES:
        yield first + is_share(price, share, known)


def discounted_cells_of(price: float, known: Sequence[float], seen: int) -> Iterator[int]:
    """Yield for each of `SHARES` the cell that the price would have been in at that share of itself."""
    first = _first(known, seen)
    for share in SHARES:
        less = price * share
        yield first + _novelty(less, known) + is_share(less, share, known)


def _first(known: Sequence[float], seen: int) -> int:
    kind = 2 * bisect_right(SEEN, seen) + (len(known) > RESTLESS * seen)
    return kind * _OUTCOMES


def _novelty(price: float, known: Sequence[float]) -> int:
    if is_known(price, known):
        return 0
    return 4 if price < known[0] else 2
