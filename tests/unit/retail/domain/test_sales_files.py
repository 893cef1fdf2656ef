"""Files of other companies: what is a sale, what a return, what is left out, and that nothing is lost."""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.core.errors import InvalidInputError
from chalicelib.retail.backtest.day_forms import read_days
from chalicelib.retail.backtest.number_forms import COMMA, POINT, NumberForm
from chalicelib.retail.backtest.sale_rows import NEGATIVE, NO_DAY, NO_NUMBER, NO_PRODUCT, NO_STORE, NOTHING
from chalicelib.retail.backtest.sales_days import Line, SalesDay
from chalicelib.retail.backtest.sales_files import SalesFile, read_sales

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
    path = tmp_path / "invoices.csv"
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
        (["04-30-22", "05-01-22"], "month-day-year", date(2022, 5, 1)),
        (["Jan 5, 2024", "5 Jan 2024", "Jan 6, 2024"], "month day, year", date(2024, 1, 6)),
    ],
)
def test_a_file_writes_all_its_days_in_one_way(written: list[str], form: str, last: date) -> None:
    name, days = read_days(written)
    assert (name, days[written[-1]]) == (form, last)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"PK\x03\x04\x14\x00rest of a workbook", "save it as CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00an old workbook", "save it as CSV"),
        (b"date,product,quantity,price\nsoon,P1,1,1\n", "no row has a day"),
        (
            b"date,product,quantity,price\n2025-01-01,P1,1,0\n",
            "none of 1 rows is a sale: 1 with quantity or money of 0",
        ),
        (b"date,product,quantity,price\n", "no row has a day"),
        (b"", "which column has the day.*which column has money.*headings found: none"),
        (b'date,product,quantity,price\n2025-01-01,"' + b"x" * 200_000 + b'",1,1\n', "no CSV"),
    ],
    ids=["workbook", "old workbook", "no day", "no sale", "heading alone", "empty", "endless field"],
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
        read(tmp_path / "sales.csv", INVOICES, {"store": "country", "colour": "Price"})
    assert [(one.path, one.message) for one in caught.value.problems[1:2]] == [
        ("--columns store=", "country is no heading; Country is")
    ]
    assert [one.code for one in caught.value.problems] == ["unknown_name", "no_such_heading", "found"]


@pytest.mark.parametrize(
    ("heading", "row", "what"),
    [
        ("Order ID,Order Date,Ship Date,Product ID,Category,Sub-Category,Sales,Quantity", "O1,1/31/2025,2/2/2025,P1,toys,dolls,3.98,2", ("all", "P1", Line("toys", 2, 0, 398))),  # noqa: E501
        ("date,date_block_num,shop_id,item_id,item_price,item_cnt_day", "31.01.2025,24,59,P1,1.99,-2.0", ("59", "P1", Line("", 0, 2, 0, 398))),  # noqa: E501
        (",date,time,ticket_number,article,Quantity,unit_price", '1,2025-01-31,08:38,150040.0,P1,2.0,"1,99 €"', ("all", "P1", Line("", 2, 0, 398))),  # noqa: E501
        ("Datum;Filiale;Artikel;Kategorie;Menge;Preis;Betrag", "31/01/2025;7;P1;toys;-2;1.990,00;-3.980,00", ("7", "P1", Line("toys", 0, 2, 0, 398_000))),  # noqa: E501
    ],
    ids=["superstore", "electronics chain", "bakery", "pharmacy"],
)  # fmt: skip
def test_headings_of_many_tills_are_known(
    tmp_path: Path, heading: str, row: str, what: tuple[str, str, Line]
) -> None:
    path = tmp_path / "sales.csv"
    path.write_text(f"{heading}\n{row}\n", encoding="utf-8")
    (day,) = read_sales(path, {}).days.items()
    assert day == (date(2025, 1, 31), SalesDay({what[0]: {what[1]: what[2]}}, day[1].tickets))


@pytest.mark.parametrize(
    ("written", "form", "numbers"),
    [
        (["1.5", "1,234.5", "$2,309.65", "(12.50)", "-3", "1E+2"], POINT, ["1.5", "1234.5", "2309.65", "-12.50", "-3", "100"]),  # noqa: E501
        (["1,5", "1.234,50", "2,00 €", "R$ -7,90", "8,10-", "1.234", "Rs. 450"], COMMA, ["1.5", "1234.50", "2.00", "-7.90", "-8.10", "1234", "450"]),  # noqa: E501
        (["1 234,50", "1'234,50", "0,333", "\u22125,0"], COMMA, ["1234.50", "1234.50", "0.333", "-5.0"]),
        (["1,234", "2,345,678", "Rs.450"], POINT, ["1234", "2345678", "450"]),
        (["1,5", "many", "", "12-5", "1,2,3", "1.2.3", "nan", "3 pieces"], COMMA, ["1.5", *[None] * 7]),
    ],
    ids=["points", "commas", "blanks", "thousands alone", "no numbers"],
)  # fmt: skip
def test_a_file_writes_all_its_numbers_in_one_way(
    written: list[str], form: str, numbers: list[str | None]
) -> None:
    read = NumberForm()
    for text in written:
        read.learn(text)
    assert read.name == form
    assert [read.read(text) for text in written] == [None if one is None else Decimal(one) for one in numbers]


def test_an_order_that_was_cancelled_is_a_sale_and_its_return(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(
        "Order ID,Date,Status,SKU,Qty,Amount\n"
        "1,04-30-22,Shipped,P1,1,406.00\n"
        "2,04-30-22,Cancelled,P1,2,812.00\n"
        "3,04-30-22,Cancelled,P1,0,\n"
        "4,04-30-22,Shipped - Returned to Seller,P1,1,406.00\n"
    )
    sales = read_sales(path, {})
    assert sales.days[date(2022, 4, 30)].stores["all"]["P1"] == Line("", 4, 3, 162_400, 121_800)
    assert sales.taken_back == {"Cancelled": 1, "Shipped - Returned to Seller": 1}
    assert sales.left_out == {NO_NUMBER: 1}


@pytest.mark.parametrize(
    ("heading", "yes", "no"),
    [
        ("Returned", "Yes", "No"),
        ("Is Cancelled", "True", "False"),
        ("Return Status", "Returned", "Not Returned"),
        ("Status", "order_refunded", "complete"),
        ("order_status", "canceled", "delivered"),
        ("Status", "Refunded", "1"),
    ],
)
def test_what_says_that_an_order_was_taken_back(tmp_path: Path, heading: str, yes: str, no: str) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(f"Date,SKU,Qty,Amount,{heading}\n2025-01-31,P1,1,5.00,{yes}\n2025-01-31,P1,1,7.00,{no}\n")
    sales = read_sales(path, {})
    assert sales.days[date(2025, 1, 31)].stores["all"]["P1"] == Line("", 2, 1, 1_200, 500)
    assert sales.taken_back == {yes: 1}


def test_a_row_that_calls_itself_a_return_is_one_whatever_its_signs(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(
        "Date,Store ID,Product ID,Quantity,Unit Price,Line Total,Transaction Type\n"
        "2025-01-31,7,P1,3,2.00,6.00,Sale\n2025-01-31,7,P1,1,2.00,-2.00,Return\n"
        "2025-01-31,7,P1,1,2.00,2.00,Return\n2025-01-31,7,P1,1,2.00,-2.00,Sale\n"
    )
    sales = read_sales(path, {})
    assert sales.days[date(2025, 1, 31)].stores["7"]["P1"] == Line("", 3, 2, 600, 400)
    assert sales.left_out == {NEGATIVE: 1}


def test_rows_without_a_quantity_are_pieces_when_they_have_a_price_and_totals_when_not(tmp_path: Path) -> None:
    items, totals = tmp_path / "items.csv", tmp_path / "totals.csv"
    items.write_text(
        "order_purchase_timestamp,product_id,price\n2025-01-31 10:00:00,P1,9.90\n2025-01-31,P1,-9.90\n"
    )
    assert read_sales(items, {}).days[date(2025, 1, 31)].stores["all"]["P1"] == Line("", 1, 1, 990, 990)
    totals.write_text("Store,Dept,Date,Sales\n1,7,2025-01-31,24924.50\n1,7,2025-01-31,-50.25\n1,7,2025-01-31,0\n")
    sales = read_sales(totals, {})
    assert sales.totals
    assert sales.days[date(2025, 1, 31)].stores["1"]["7"] == Line("7", 0, 0, 2_492_450, 5_025)


def test_rows_of_weeks_are_not_taken_for_days(tmp_path: Path) -> None:
    fridays = [date(2010, 2, 5) + timedelta(days=7 * week) for week in range(70)]
    path = tmp_path / "weeks.csv"
    path.write_text("Store,Dept,Date,Weekly_Sales\n" + "".join(f"1,7,{day},100\n" for day in fridays))
    with pytest.raises(InvalidInputError, match="its days are 7 days apart: rows of weeks"):
        read_sales(path, {})


def test_a_file_in_utf_16_or_windows_1252_is_read(tmp_path: Path) -> None:
    path = tmp_path / "sales.csv"
    for code in ("utf-16", "cp1252"):
        path.write_bytes("Date\tProduct\tQty\tSales\n2025-01-31\tPâté\t2\t3,98 €\n".encode(code))
        assert read_sales(path, {}).days[date(2025, 1, 31)].stores["all"] == {"Pâté": Line("", 2, 0, 398)}


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
