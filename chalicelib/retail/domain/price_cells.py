"""Puts a line into a cell: its price against the lowest and the middle of what the product was sold for before."""

from __future__ import annotations

from bisect import bisect_right

SOUGHT = 0.7
"""The fall of prices that is looked for: all at this share of what they were."""
_LOWEST = (0.5, 0.6, 0.67, 0.75, 0.85, 0.97)
"""Edges of the price by the lowest seen; from the last on it is not a record."""
_MIDDLE = (0.5, 0.62, 0.78, 0.93)
"""Edges of the price by the middle one."""
_COLUMNS = len(_MIDDLE) + 1
CELLS = (len(_LOWEST) + 1) * _COLUMNS


def cell(price: float, lowest: float, middle: float) -> int:
    """Return the cell, from 0 to `CELLS` - 1, of a price; both others are above 0."""
    return bisect_right(_LOWEST, price / lowest) * _COLUMNS + bisect_right(_MIDDLE, price / middle)
