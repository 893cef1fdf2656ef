"""Sales as CSV (also gzip): one line a sale, or one a day, store and product.

Money is counted as uploads count it: each row to the cent, half away from zero, then added up. A row with a
negative quantity is a return or a cancellation. A row that is no sale is left out and counted under its reason.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path
from typing import IO, cast

from chalicelib.core.errors import InvalidInputError, Problem
from chalicelib.retail.backtest.day_forms import FORMS, day_part, read_days
from chalicelib.retail.backtest.sales_days import Line, SalesDay
from chalicelib.retail.domain.sales import MOST_MONEY, MOST_PIECES

COLUMNS = {
    "day": ("date", "day", "InvoiceDate", "transaction_date"),
    "store": ("store_id", "store", "Country"),
    "product": ("product_id", "product", "StockCode", "sku"),
    "category": ("product_category", "category", "department"),
    "quantity": ("quantity", "qty", "units"),
    "price": ("unit_price", "UnitPrice", "price"),
    "value": ("sales_value", "sales", "amount", "revenue"),
    "ticket": ("transaction_id", "InvoiceNo", "Invoice", "ticket", "basket_id"),
}
"""What is looked for -> the headings it is found under, the first that is there; capitals do not matter."""
ONE_STORE = "all"
"""What the store is called where no column names it."""
NO_DAY = "no readable day"
NO_STORE = "no store"
NO_PRODUCT = "no product"
NO_NUMBER = "quantity or money that is no number, or beyond every bound"
NOTHING = "quantity or money of 0 (gifts, stock corrections)"
NEGATIVE = "negative money with a positive quantity, or the reverse (bad debts, corrections)"

Row = dict[str | None, str | None]


@dataclass(slots=True)
class SalesFile:
    """What a file holds."""

    days: dict[date, SalesDay] = field(default_factory=dict)
    """In order; days on which no row was kept are not there."""
    day_form: str = ""
    """How the file writes days: ``month/day/year``."""
    rows: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    """Reason -> rows."""


class _NoSaleError(Exception):
    """A row is no sale; its argument is the reason."""


def read_sales(path: Path, columns: Mapping[str, str]) -> SalesFile:
    """Return the file's days.

    Raises:
        InvalidInputError: the file is no CSV, a heading that is needed is not there, or no day can be read.
    """
    encoding = _encoding(path)
    with _rows(path, encoding) as reader:
        names = _headings(reader.fieldnames or [], columns)
        form, known = read_days(list(dict.fromkeys(day_part(row[names["day"]] or "") for row in reader)))
    if not known:
        ways = ", ".join(dict.fromkeys(FORMS.values()))
        raise InvalidInputError(
            [
                Problem(
                    names["day"], "unreadable", f"no row has a day that this reads, with or without a time: {ways}"
                )
            ]
        )
    found = SalesFile(day_form=form)
    with _rows(path, encoding) as reader:
        for row in reader:
            found.rows += 1
            try:
                _add(found.days, row, names, known)
            except _NoSaleError as reason:
                found.left_out[str(reason)] += 1
    if not found.days:
        why = "; ".join(f"{count} with {reason}" for reason, count in found.left_out.most_common())
        raise InvalidInputError([Problem(str(path), "no_sales", f"none of {found.rows} rows is a sale: {why}")])
    found.days = dict(sorted(found.days.items()))
    return found


def _add(days: dict[date, SalesDay], row: Row, names: Mapping[str, str], known: Mapping[str, date]) -> None:
    text = {what: (row[name] or "").strip() for what, name in names.items()}
    day = known.get(day_part(text["day"]))
    if day is None:
        raise _NoSaleError(NO_DAY)
    if not text["product"]:
        raise _NoSaleError(NO_PRODUCT)
    store = text.get("store", ONE_STORE)
    if not store:
        raise _NoSaleError(NO_STORE)
    quantity, cents = _amounts(text)
    sold = days.setdefault(day, SalesDay())
    line = sold.stores[store].setdefault(text["product"], Line())
    line.category = text.get("category") or line.category
    if quantity < 0:
        line.returned -= float(quantity)
        line.returns -= cents
    else:
        line.units += float(quantity)
        line.gross += cents
        if text.get("ticket"):
            sold.tickets[store].add(text["ticket"])


def _amounts(text: Mapping[str, str]) -> tuple[Decimal, int]:
    """Return a row's quantity, and its money in cents with the sign of the quantity."""
    quantity = _number(text["quantity"], MOST_PIECES)
    money = _number(text["value"] if "value" in text else text["price"], MOST_MONEY)
    if not quantity or not money:
        raise _NoSaleError(NOTHING)
    if (money < 0) != (quantity < 0 and "value" in text):
        raise _NoSaleError(NEGATIVE)
    exact = 100 * (money if "value" in text else money * quantity)
    return quantity, int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def _number(text: str, most: int) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise _NoSaleError(NO_NUMBER) from None
    if not number.is_finite() or abs(number) > most:
        raise _NoSaleError(NO_NUMBER)
    return number


def _headings(found: Sequence[str], columns: Mapping[str, str]) -> dict[str, str]:
    by_fold = {name.strip().casefold(): name for name in found}
    names = dict(columns)
    for what, candidates in COLUMNS.items():
        if what not in names:
            match = next((by_fold[c.casefold()] for c in candidates if c.casefold() in by_fold), None)
            if match:
                names[what] = match
    wanted = [
        "day",
        "product",
        "quantity",
        *(what for what in names if what not in ("day", "product", "quantity")),
    ]
    missing = [what for what in wanted if names.get(what) not in found]
    if "value" not in names and "price" not in names:
        missing.append("value")
    problems = [
        Problem(f"--columns {what}=", "no_such_heading", f"none of {', '.join(found)} is the {what}")
        for what in missing
    ] + [
        Problem(f"--columns {what}=", "unknown_name", f"is none of {', '.join(COLUMNS)}")
        for what in columns
        if what not in COLUMNS
    ]
    if problems:
        raise InvalidInputError(problems)
    return names


@contextmanager
def _rows(path: Path, encoding: str) -> Iterator[csv.DictReader[str]]:
    with _opened(path) as raw, io.TextIOWrapper(raw, encoding=encoding, newline="") as text:
        heading = text.readline().removeprefix("\xef\xbb\xbf")  # UTF-8's mark, read as Latin-1
        separator = max(",;\t|", key=heading.count)
        names = next(csv.reader([heading], delimiter=separator), [])
        try:
            yield csv.DictReader(text, fieldnames=names, delimiter=separator)
        except (csv.Error, EOFError, zlib.error) as error:
            raise InvalidInputError(
                [Problem(str(path), "unreadable", f"is damaged or no CSV: {error}")]
            ) from error


def _encoding(path: Path) -> str:
    """Return UTF-8, or Latin-1 when the file is not that."""
    with _opened(path) as raw:
        if raw.read(4) == b"PK\x03\x04":
            words = "is a workbook or an archive; save it as CSV"
            raise InvalidInputError([Problem(str(path), "not_csv", words)])
        raw.seek(0)
        try:
            with io.TextIOWrapper(raw, encoding="utf-8-sig") as text:
                while text.read(1 << 20):
                    pass
        except UnicodeDecodeError:
            return "latin-1"
        except (EOFError, zlib.error) as error:
            raise InvalidInputError([Problem(str(path), "unreadable", f"is damaged: {error}")]) from error
    return "utf-8-sig"


def _opened(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path) if path.suffix == ".gz" else path.open("rb"))
