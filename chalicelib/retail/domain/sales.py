"""One line of sales, and the bounds it must keep. docs/api.md tells stores the same in words."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

MOST_PIECES = 1_000_000
"""On one line, either way."""
MOST_MONEY = 10_000_000
"""Of a unit price, unit cost or discount, in whole units of currency: far above any, far below losing a cent."""
MOST_LINE_CENTS = 1_000_000_000_000
"""Of a line's amount or cost: the sums of millions of lines still fit into 64 bits."""
LONGEST_ID = 64
LONGEST_TEXT = 128
FIRST_DAY = date(2000, 1, 1)
PRICE_DECIMALS = Decimal("0.0001")


class Sale(NamedTuple):
    """A line that is taken in. A line with a negative quantity is a return or a cancellation."""

    position: int
    """Its line in the file, or its place in the array; from 1."""
    store_id: str
    day: str
    """The store's business day, such as ``2025-01-15``."""
    product_id: str
    category: str | None
    quantity: int
    amount_cents: int
    """Quantity times unit price, so negative for a return."""
    discount_cents: int
    """What was taken off the whole line; of a return, what had been taken off. Never negative."""
    cost_cents: int | None
    """Quantity times unit cost, so negative for a return."""
    ticket: str | None
    """The transaction the line belongs to."""
    row_id: str | None
    """What no other line of its store and day has; a second one is refused."""


def amount_cents(quantity: int, unit_price: float) -> int:
    """Return quantity times price in cents, rounded half away from zero.

    Prices are taken to a hundredth of a cent, as fuel and small parts have them: 3 at 1.455 are 437 cents.
    """
    exact = Decimal(repr(unit_price)).quantize(PRICE_DECIMALS, ROUND_HALF_UP) * quantity * 100
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))
