"""Files of other companies: what is a sale, what a return, what is left out, and that nothing is lost."""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.core.errors import InvalidInputError
from chalicelib.retail.backtest.day_forms import read_days
from chalicelib.retail.backtest.sales_days import Line
from chalicelib.retail.backtest.sales_files import (
    NEGATIVE,
    NO_DAY,
    NO_NUMBER,
    NO_PRODUCT,
    NO_STORE,
    NOTHING,
    SalesFile,
    read_sales,
)

INVOICES = (
    "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n"
    '489434,85123A,"HEART, WHITE ""T""",6,12/1/2009 8:26,2.55,17850,United Kingdom\n'
    "489434,85123A ,again,2,12/1/2009 8:26,2.55,17850,United Kingdom\n"
    "C489449,D,Discount,-1,12/1/2009 9:41,27.50,14527,United Kingdom\n"
    "489450,POST,postage,3,12/1/2009 8:45,18.00,,France\n"
    "489451,,no product,3,12/1/2009 9:00,1.00,1,France\n"
    "489452,22632,no number,many,12/2/2009 9:00,1.00,1,C\xf4te d'Ivoire\n"
    "489453,22632,no number,nan,12/2/2009 9:00,1.00,1,France\n"
    "489453,22632,no number,1,12/2/2009 9:00,inf,1,France\n"
    "489454,21733,damaged,-12,12/13/2009 9:00,0,,United Kingdom\n"
    "489455,21733,found,12,12/13/2009 9:00,0.00,,United Kingdom\n"
    "A506401,B,Adjust bad debt,1,12/13/2009 13:36,-53594.36,,United Kingdom\n"
    "489456,21733,no day,1,soon,1.25,,United Kingdom\n"
    "489457,21733,no store,1,12/13/2009 13:36,1.25,,\n"
    "489458,21733,cut off\n"
    "489459,21733,\xa3 sign,1,12/13/2009 13:36,1.255,,EIRE\n"
)


def read(path: Path, text: str, columns: dict[str, str] | None = None) -> SalesFile:
    path.write_bytes(text.encode("latin-1"))
    return read_sales(path, columns or {})


def test_invoices_of_a_wholesaler_are_read_and_what_is_no_sale_is_counted(tmp_path: Path) -> None:
    sales = read(tmp_path / "invoices.csv", INVOICES)
    assert sales.rows == 15
    assert sales.left_out == Counter(
        {NO_NUMBER: 3, NOTHING: 2, NEGATIVE: 1, NO_DAY: 2, NO_PRODUCT: 1, NO_STORE: 1}
    )
    assert (sales.day_form, list(sales.days)) == ("month/day/year", [date(2009, 12, 1), date(2009, 12, 13)])
    first = sales.days[date(2009, 12, 1)]
    assert first.stores["United Kingdom"]["85123A"] == Line("", 8.0, 0, 2040, 0)
    assert first.stores["United Kingdom"]["D"] == Line("", 0, 1.0, 0, 2750)
    (british,) = (fact for fact in first.store_days(date(2009, 12, 1)) if fact.store_id == "United Kingdom")
    assert (british.net_cents, british.tickets) == (2040 - 2750, 1)
    assert sales.days[date(2009, 12, 13)].stores["EIRE"]["21733"].gross == 126, "half a cent is rounded up"


def test_a_compressed_file_with_a_mark_and_semicolons_is_read(tmp_path: Path) -> None:
    path = tmp_path / "invoices.csv.gz"
    text = "Date;Product;Qty;Sales\n2025-01-31T08:00;P1;2;3.98\n"
    path.write_bytes(gzip.compress(b"\xef\xbb\xbf" + text.encode()))
    assert read_sales(path, {}).days[date(2025, 1, 31)].stores["all"]["P1"] == Line("", 2.0, 0, 398, 0)


@pytest.mark.parametrize(
    ("written", "form", "last"),
    [
        (["12/11/2010", "13/11/2010"], "day/month/year", date(2010, 11, 13)),
        (["11/12/2010", "11/13/2010"], "month/day/year", date(2010, 11, 13)),
        (["12/1/10", "12/31/10"], "month/day/year", date(2010, 12, 31)),
        (["1/2/2011", "2/2/2011", "3/2/2011"], "month/day/year", date(2011, 3, 2)),
        (["11/1/2011", "12/1/2011", "1/2/2011"], "day/month/year", date(2011, 2, 1)),
        (["20101201", "20101202"], "yearmonthday", date(2010, 12, 2)),
        (["01-OCT-2010"], "day-month-year", date(2010, 10, 1)),
    ],
)
def test_a_file_writes_all_its_days_in_one_way(written: list[str], form: str, last: date) -> None:
    name, days = read_days(written)
    assert (name, days[written[-1]]) == (form, last)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"PK\x03\x04\x14\x00rest of a workbook", "save it as CSV"),
        (b"date,product,quantity,price\nsoon,P1,1,1\n", "no row has a day"),
        (
            b"date,product,quantity,price\n2025-01-01,P1,1,0\n",
            "none of 1 rows is a sale: 1 with quantity or money of 0",
        ),
        (b"date,product,quantity,price\n", "no row has a day"),
        (b"", "is the day"),
        (b'date,product,quantity,price\n2025-01-01,"' + b"x" * 200_000 + b'",1,1\n', "no CSV"),
    ],
    ids=["workbook", "no day", "no sale", "heading alone", "empty", "endless field"],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "sales.csv"
    path.write_bytes(content)
    with pytest.raises(InvalidInputError, match=why):
        read_sales(path, {})


def test_a_compressed_file_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sales.csv.gz"
    path.write_bytes(gzip.compress(INVOICES.encode("latin-1"))[:-20])
    with pytest.raises(InvalidInputError, match="damaged"):
        read_sales(path, {})


def test_columns_that_are_not_there_or_not_known_are_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError) as caught:
        read(tmp_path / "sales.csv", INVOICES, {"store": "Shop", "colour": "Price"})
    assert {(one.path, one.code) for one in caught.value.problems} == {
        ("--columns store=", "no_such_heading"), ("--columns colour=", "unknown_name"),
    }  # fmt: skip


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["UK", "Ελλάδα", "a,b"]),
        st.sampled_from(["85123A", "POST", 'quo"te']),
        st.integers(-80_000, 80_000),
        st.decimals(-100, 40_000, places=4),
        st.sampled_from(["1/2/2011", "12/31/2011"]),
    ),
    min_size=1,
    max_size=60,
)


@given(rows=ROWS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sums_are_right_to_the_cent(tmp_path: Path, rows: list[tuple[str, str, int, Decimal, str]]) -> None:
    rows = [*rows, ("UK", "POST", 1, Decimal("0.99"), "12/31/2011")]
    path = tmp_path / "sales.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Country", "StockCode", "Quantity", "Price", "InvoiceDate", "Invoice"])
        writer.writerows([*row, f"{'C' if row[2] < 0 else ''}{place}"] for place, row in enumerate(rows))
    expected: dict[tuple[int, str], list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 4)
    kept = 0
    for store, _, quantity, price, day in rows:
        if quantity and price > 0:
            kept += 1
            cents = (abs(quantity) * price).quantize(Decimal("0.01"), ROUND_HALF_UP) * 100
            sums = expected[int(day.split("/")[0]), store]
            sums[2 * (quantity < 0)] += abs(quantity)
            sums[2 * (quantity < 0) + 1] += cents
    sales = read_sales(path, {})
    assert (sales.rows, sales.left_out.total()) == (len(rows), len(rows) - kept)
    found = {
        (day.month, fact.store_id): [fact.units_sold, fact.gross_cents, fact.units_returned, fact.returns_cents]
        for day, sold in sales.days.items()
        for fact in sold.store_days(day)
    }
    assert found == expected
