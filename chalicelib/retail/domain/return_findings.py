"""Finds stores that take back far more than they usually do."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.retail.domain.books import StoreBook
from chalicelib.retail.domain.expectations import TO_DEVIATION, median
from chalicelib.retail.domain.findings import RETURNS_HIGH, Finding

WINDOW_DAYS = 56
LEAST_DAYS = 21
SPREADS = 6.0
RECORD = 1.5
"""Times the most of any day in the window."""
LEAST_SHARE = 0.08
"""Of the day's gross sales."""
MONEY = 2
"""Times the least money worth a line."""


def return_findings(book: StoreBook, least: int) -> Iterator[Finding]:
    """Yield the stores whose returns of the last day stand out from their last eight weeks."""
    last = len(book.days) - 1
    for store, columns in book.stores.items():
        today, gross = columns["returns"][-1], columns["gross"][-1]
        if not today or not gross or today < LEAST_SHARE * gross or today < MONEY * least:
            continue
        before = [value for value in columns["returns"][last - WINDOW_DAYS : last] if value is not None]
        if len(before) < LEAST_DAYS:
            continue
        middle = median(before)
        spread = TO_DEVIATION * median([abs(value - middle) for value in before])
        high = round(middle + SPREADS * spread)
        days = 1
        while days < 14 and (columns["returns"][last - days] or 0) > high:
            days += 1
        record = max(before[: len(before) - days + 1], default=0)
        if today <= high or today < RECORD * record or today - middle < MONEY * least:
            continue
        yield Finding(
            RETURNS_HIGH, f"store:{store}", book.days[-1], round(today - middle), today, round(middle), 0, high,
            book.days[last - days + 1], days, {"returnsShare": today / gross, "grossCents": gross},
        )  # fmt: skip
