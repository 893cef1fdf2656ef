"""Daily facts: what a store sold on one business day, whole and by product.

Money is whole cents (hundredths) of the store's currency, units are whole pieces, days are the store's own
business days. Every upload owns the facts it made; facts of several uploads of one store and day are added up when
they are read (`merged`), so that a corrected upload replaces its own and nothing is ever added twice.

They are named tuples, for a morning reads 600,000 store-days and two million product-days: one costs half a
microsecond to make, where a frozen dataclass costs three.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import NamedTuple


class StoreDay(NamedTuple):
    """One store, one business day."""

    store_id: str
    day: date
    units_sold: int
    """Pieces on lines with a positive quantity."""
    units_returned: int
    """Pieces on lines with a negative quantity (returns and cancellations), as a positive number."""
    gross_cents: int
    """Sold pieces at their unit price, before discounts."""
    returns_cents: int
    """Returned pieces at their unit price, as a positive number."""
    discount_cents: int
    """Discounts on lines sold, less those taken back on lines returned; 0 where none was sent."""
    cost_cents: int
    """What the pieces sold, less those returned, cost the store; of lines that say so."""
    costed_cents: int
    """The `net_cents` of those lines: margin = costed - cost, at a coverage of costed / net."""
    tickets: int | None
    """Distinct transactions with at least one line sold; None when lines came without a transaction."""
    rows: int
    """Lines behind all this."""
    complete: bool
    """False when an upload was damaged (cut off, unreadable from some point on): there may have been more."""
    restatement: int
    """1 as first sent, 2 after a first correction, ...; the highest of its uploads."""
    arrived_seconds: int
    """When the latest of its uploads arrived, in seconds since 1970, UTC."""
    uploads: tuple[str, ...]
    """The ids of its uploads, see `UploadRecord`."""

    @property
    def net_cents(self) -> int:
        """Sales after returns and discounts."""
        return self.gross_cents - self.returns_cents - self.discount_cents

    @property
    def arrived_at(self) -> datetime:
        """When the latest of its uploads arrived."""
        return datetime.fromtimestamp(self.arrived_seconds, UTC)


class ProductDay(NamedTuple):
    """One product in one store on one business day; the fields of `StoreDay`, where they exist."""

    store_id: str
    day: date
    product_id: str
    category: str | None
    """As the upload's last line with one has it."""
    units_sold: int
    units_returned: int
    gross_cents: int
    returns_cents: int
    discount_cents: int
    cost_cents: int
    costed_cents: int

    @property
    def net_cents(self) -> int:
        """Sales after returns and discounts."""
        return self.gross_cents - self.returns_cents - self.discount_cents


class ProductSheet(NamedTuple):
    """What one upload says of a store's products on one day: one list a column, all of one length.

    Columns are as fast as Python sums: ``for product_id, cents in zip(sheet.product_ids, sheet.gross_cents)``. The
    same product may stand in several sheets of a store and day, one for each upload.
    """

    store_id: str
    day: date
    upload_id: str
    restatement: int
    part: int
    """From 0; one but for a store with more than 15,000 products a day."""
    product_ids: list[str]
    categories: list[str | None]
    units_sold: list[int]
    units_returned: list[int]
    gross_cents: list[int]
    returns_cents: list[int]
    discount_cents: list[int]
    cost_cents: list[int]
    costed_cents: list[int]

    def rows(self) -> Iterator[ProductDay]:
        """Yield the sheet line by line."""
        for line in zip(*self[_FIRST_COLUMN:], strict=True):
            yield ProductDay(self.store_id, self.day, *line)


_FIRST_COLUMN = ProductSheet._fields.index("product_ids")


def merged(days: Iterable[StoreDay]) -> StoreDay:
    """Add up the facts that several uploads made of one store and day.

    A transaction split over two uploads counts twice: uploads are taken to be of different tills or hours.
    """
    one, *others = days
    for other in others:
        unknown = one.tickets is None or other.tickets is None
        one = StoreDay(
            one.store_id,
            one.day,
            one.units_sold + other.units_sold,
            one.units_returned + other.units_returned,
            one.gross_cents + other.gross_cents,
            one.returns_cents + other.returns_cents,
            one.discount_cents + other.discount_cents,
            one.cost_cents + other.cost_cents,
            one.costed_cents + other.costed_cents,
            None if unknown else (one.tickets or 0) + (other.tickets or 0),
            one.rows + other.rows,
            one.complete and other.complete,
            max(one.restatement, other.restatement),
            max(one.arrived_seconds, other.arrived_seconds),
            tuple(sorted({*one.uploads, *other.uploads})),
        )
    return one
