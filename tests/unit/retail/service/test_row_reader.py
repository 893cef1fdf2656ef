"""The quick look at a row says what the close look says, and rows written in usual ways need no close look."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from chalicelib.retail.domain.sales import Sale
from chalicelib.retail.service.uploading.plain_bytes import FileState
from chalicelib.retail.service.uploading.raw_rows import Raw
from chalicelib.retail.service.uploading.row_examination import Refusal, examine
from chalicelib.retail.service.uploading.row_reader import RowReader
from tests.fakes.retail.sale_rows import row

LAST_DAY = date(2025, 1, 17)


class CountingReader(RowReader):
    """Counts the close looks."""

    looks = 0

    def _examined(self, raw: Raw, position: int) -> Sale | Refusal | None:
        self.looks += 1
        return super()._examined(raw, position)


def in_bytes(**changes: Any) -> bytes:
    return json.dumps(row(1, **{"category": "toys", **changes})).encode()


@pytest.mark.parametrize(
    "way",
    [
        {},
        {"date": "2025-01-15 07:45:00"},
        {"date": "2025-01-15T07:45:00Z"},
        {"store": 17, "product": 22154, "category": 7, "transaction": 489434, "row_id": 1},
        {"quantity": -3},
        {"quantity": -3.0},
    ],
    ids=["plain", "time", "moment", "numbers as ids", "return", "whole number with a point"],
)
def test_one_close_look_is_enough_for_rows_of_one_kind(way: dict[str, Any]) -> None:
    reader = CountingReader(LAST_DAY, FileState())
    raw = in_bytes(**way)
    sales = [reader.read(raw, 5) for _ in range(10)]
    assert reader.looks == 1
    assert sales == [examine(raw, 5, LAST_DAY)[0]] * 10
    assert isinstance(sales[0], Sale)


ODD = [True, 1.0, 1, -1, 10**17, 10**18, 10**30, 10**63, 10**64, "", "1", " 1", "1.0", [1], {}]


@pytest.mark.parametrize("field", ["store", "product", "category", "transaction", "row_id", "date"])
@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_both_looks_say_the_same(field: str, odd: Any) -> None:
    reader = RowReader(LAST_DAY, FileState())
    for known in (1, "1", "True", "1.0", 10**30):
        for _ in range(2):
            reader.read(in_bytes(store=known, product=known, category=known, transaction=known), 1)
    raw = in_bytes(**{field: odd})
    assert reader.read(raw, 9) == examine(raw, 9, LAST_DAY)[0]


@pytest.mark.parametrize(
    "written", ["2025-01-15 7:45", "2025-01-150", "2025-01-15x", "2025-01-32 10:00", "15/01/2025"]
)
def test_a_day_that_is_none_is_not_taken_for_one_that_is_known(written: str) -> None:
    reader = RowReader(LAST_DAY, FileState())
    reader.read(in_bytes(), 1)
    raw = in_bytes(date=written)
    assert isinstance(reader.read(raw, 2), Refusal)
    assert reader.read(raw, 2) == examine(raw, 2, LAST_DAY)[0]
