"""Facts of one version of an upload, written so that a crash at any point is mended by doing it again.

For every partition a page says which facts are about to be written, then they are. At the end pages of other
versions tell what those had written and this one has not: that is removed, and the page forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from chalicelib.retail.domain.facts import ProductSheet, StoreDay
from chalicelib.retail.domain.sales import Sale
from chalicelib.retail.ports.facts import FactWriter
from chalicelib.retail.ports.uploads import FactPlace, UploadRecords
from chalicelib.retail.service.uploading.totals import Repeated, Stamp, add_up

PRODUCTS_HELD = 50_000
"""Product days in memory before they are written, some 15 MB, so that requests are full."""


@dataclass(slots=True)
class Written:
    """What was written, in numbers."""

    store_days: int = 0
    product_days: int = 0
    removed_store_days: int = 0
    """Of earlier versions, that this one has not."""
    first_day: date | None = None
    last_day: date | None = None
    stores: set[str] = field(default_factory=set)

    def count(self, days: Iterable[StoreDay]) -> None:
        """Count store days."""
        for day in days:
            self.store_days += 1
            self.stores.add(day.store_id)
            self.first_day = min(self.first_day or day.day, day.day)
            self.last_day = max(self.last_day or day.day, day.day)


@dataclass(slots=True)
class _Held:
    """Facts that are not written yet."""

    days: list[StoreDay]
    sheets: list[ProductSheet]
    pages: dict[int, list[FactPlace]]
    products: int

    def write(self, upload_id: str, etag: str, facts: FactWriter, records: UploadRecords) -> int:
        """Write them, the pages first, and return how many product days they were."""
        records.put_pages(upload_id, etag, self.pages)
        facts.put_sheets(self.sheets)
        facts.put_days(self.days)
        products, self.products = self.products, 0
        self.days, self.sheets, self.pages = [], [], {}
        return products


def write(
    partitions: Iterable[tuple[int, list[Sale]]],
    stamp: Stamp,
    etag: str,
    facts: FactWriter,
    records: UploadRecords,
    written: Written,
) -> Iterator[Repeated]:
    """Write the facts of all partitions; yields the rows that turn out to repeat an earlier one."""
    held = _Held([], [], {}, 0)
    for number, sales in partitions:
        days, sheets, repeated = add_up(sales, stamp)
        yield from repeated
        held.days += days
        held.sheets += sheets
        held.pages[number] = [(sheet.store_id, sheet.day, sheet.part) for sheet in sheets]
        held.products += sum(len(sheet.product_ids) for sheet in sheets)
        written.count(days)
        if held.products > PRODUCTS_HELD:
            written.product_days += held.write(stamp.upload_id, etag, facts, records)
    written.product_days += held.write(stamp.upload_id, etag, facts, records)


def remove_others(upload_id: str, etag: str, facts: FactWriter, records: UploadRecords) -> int:
    """Remove what other versions of the upload have written and this one has not; return how many store days."""
    removed = 0
    for _, same_number in groupby(records.pages(upload_id), key=lambda page: page[0]):
        pages = list(same_number)
        current = {place for _, version, places in pages if version == etag for place in places}
        for number, version, places in pages:
            if version != etag:
                gone = [place for place in places if place not in current]
                days = [(store_id, day) for store_id, day, part in gone if part == 0]
                facts.remove_sheets(upload_id, gone)
                facts.remove_days(upload_id, days)
                records.remove_page(upload_id, version, number)
                removed += len(days)
    return removed
