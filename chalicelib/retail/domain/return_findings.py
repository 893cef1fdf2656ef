"""Finds stores that take back far more than they usually do.

Where returns are an everyday thing, a store's own last weeks say what is usual. Where they are seldom, they say
next to nothing: whatever comes back first is a record. Such a store is measured by what comes back to others of
its kind, too.
"""

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
PEERS = 0.9
"""Of the stores with seldom returns: the record that so many of them do not pass is the measure of all of them."""
LEAST_SHARE = 0.08
"""Of the day's gross sales."""
MONEY = 2
"""Times the least money worth a line."""


def return_findings(book: StoreBook, least: int) -> Iterator[Finding]:
    """Yield the stores whose returns of the last day stand out from their last eight weeks."""
    last = len(book.days) - 1
    peers: dict[str, int] | None = None
    for store, columns in book.stores.items():
        today, gross = columns["returns"][-1], columns["gross"][-1] or 0
        if not today or today < LEAST_SHARE * gross or today < MONEY * least:
            continue
        before = _before(book, store)
        if len(before) < LEAST_DAYS:
            continue
        middle = median(before)
        spread = TO_DEVIATION * median([abs(value - middle) for value in before])
        high = round(middle + SPREADS * spread)
        is_high = [(value or 0) > high for value in columns["returns"]]
        days = book.days_in_a_row(is_high.__getitem__)
        record = max(before[: len(before) - days + 1], default=0)
        if middle == 0:
            peers = _records_of_seldom_returns(book) if peers is None else peers
            record = max(record, _most(record for one, record in peers.items() if one != store))
        if today <= high or today < RECORD * record or today - middle < MONEY * least:
            continue
        yield Finding(
            RETURNS_HIGH, f"store:{store}", book.days[-1], round(today - middle), today, round(middle), 0, high,
            book.days[last - days + 1], days,
            {"returnsShare": today / gross if gross else None, "grossCents": gross},
        )  # fmt: skip


def _before(book: StoreBook, store: str) -> list[int]:
    """Return what came back on the days before the last, from the store's first; nothing where it had no facts."""
    returns = book.stores[store]["returns"]
    first = next(place for place, value in enumerate(returns) if value is not None)
    last = len(returns) - 1
    return [
        returns[place] or 0
        for place in range(max(first, last - WINDOW_DAYS), last)
        if book.days[place] in book.stamps
    ]


def _records_of_seldom_returns(book: StoreBook) -> dict[str, int]:
    """Return the most that came back on one day to each store where on most days nothing does."""
    windows = ((store, _before(book, store)) for store in book.stores)
    return {store: max(days) for store, days in windows if len(days) >= LEAST_DAYS and median(days) == 0}


def _most(records: Iterator[int]) -> int:
    """Return the record that `PEERS` of them do not pass, 0 of none."""
    ranked = sorted(records)
    return ranked[int(PEERS * (len(ranked) - 1))] if ranked else 0
