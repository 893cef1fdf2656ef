"""Daily facts: who reads them, who writes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from chalicelib.retail.domain.facts import ProductSheet, StoreDay


class DailyFacts:
    """Reads facts. Days are inclusive on both ends; facts of several uploads of a store and day are added up."""

    def store_days(self, first: date, last: date) -> Iterator[StoreDay]:
        """Yield the days of every store, a store's days together and in order, stores in no order.

        One date reads as much as its whole month (14 MB for 10,000 stores), 60 days twice or three times that.
        """
        raise NotImplementedError

    def store_history(self, store_id: str, first: date, last: date) -> list[StoreDay]:
        """Return one store's days in order; a day without facts is not there."""
        raise NotImplementedError

    def product_sheets(self, day: date) -> Iterator[ProductSheet]:
        """Yield what was sold by product on ``day``, of every store, in no order."""
        raise NotImplementedError

    def store_products(self, store_id: str, day: date) -> list[ProductSheet]:
        """Return what one store sold by product on ``day``, one or more sheets an upload."""
        raise NotImplementedError


class FactWriter:
    """Writes the facts of one upload. Each call may be made again: what it writes is replaced, never added."""

    def put_sheets(self, sheets: Sequence[ProductSheet]) -> None:
        """Store the sheets, each in the place of the same upload's sheet of that store, day and part.

        Raises:
            TransientError: the store left writes undone again and again.
        """
        raise NotImplementedError

    def remove_sheets(self, upload_id: str, places: Iterable[tuple[str, date, int]]) -> None:
        """Remove the upload's sheets of these (store, day, part); one that is not there is fine."""
        raise NotImplementedError

    def put_days(self, days: Sequence[StoreDay]) -> None:
        """Store days that come from one upload each, in the place of what that upload said of them before.

        Raises:
            TransientError: others kept changing the same store and month.
        """
        raise NotImplementedError

    def remove_days(self, upload_id: str, places: Sequence[tuple[str, date]]) -> None:
        """Remove what the upload said of these (store, day)."""
        raise NotImplementedError
