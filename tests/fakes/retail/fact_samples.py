"""Facts to test with."""

from __future__ import annotations

from datetime import date

from chalicelib.retail.domain.facts import ProductSheet, StoreDay

DAY = date(2025, 1, 15)


def store_day(store_id: str = "s1", day: date = DAY, upload: str = "u1", **changes: object) -> StoreDay:
    plain = StoreDay(store_id, day, 10, 1, 5_000, 500, 100, 3_000, 4_400, 4, 11, True, 1, 1_736_985_600, (upload,))
    return plain._replace(**changes)  # type: ignore[arg-type]


def sheet(
    store_id: str = "s1", day: date = DAY, upload: str = "u1", part: int = 0, products: int = 2
) -> ProductSheet:
    ids = [f"p{number}" for number in range(products)]
    numbers = list(range(products))
    return ProductSheet(store_id, day, upload, 1, part, ids, ["dairy", *[None] * (products - 1)], *[numbers] * 7)
