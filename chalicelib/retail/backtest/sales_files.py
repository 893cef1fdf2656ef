"""Sales as CSV: one line a sale, or one a day, store and product.

Money is counted as uploads count it: each row to the cent, half away from zero, then added up. A row with a
negative quantity, or one that calls itself a return, is a return or a cancellation. A row of an order that was
cancelled or sent back is a sale and its return, on the day it has. A row that is no sale is left out and counted
under its reason.

Without a column for quantities a row with a price is one piece, and a row with a value is a total whose prices
nobody knows. Without one for products it is a total, too, by category where there are some.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from chalicelib.core.errors import InvalidInputError, Problem
from chalicelib.retail.backtest.csv_rows import CsvFile
from chalicelib.retail.backtest.day_forms import FORMS, day_part, read_days
from chalicelib.retail.backtest.number_forms import NumberForm
from chalicelib.retail.backtest.sale_rows import NoSaleError, RowForm, SaleRow
from chalicelib.retail.backtest.sales_days import Line, SalesDay
from chalicelib.retail.backtest.sales_headings import find_columns

WEEK_DAYS = 7
LEAST_GAPS = 4
"""Between days, to tell how far apart they usually are."""
_NUMBERS = ("quantity", "price", "value")


@dataclass(slots=True)
class SalesFile:
    """What a file holds."""

    days: dict[date, SalesDay] = field(default_factory=dict)
    """In order; days on which no row was kept are not there."""
    day_form: str = ""
    """How the file writes days: ``month/day/year``."""
    number_forms: dict[str, str] = field(default_factory=dict)
    """What -> how its column writes numbers: ``1.234,56``."""
    columns: dict[str, str] = field(default_factory=dict)
    """What -> the heading it was read from."""
    totals: bool = False
    """Whether rows are totals, so that nothing can be said of prices and pieces."""
    rows: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    """Reason -> rows."""
    taken_back: Counter[str] = field(default_factory=Counter)
    """Status of an order that was sold and cancelled or sent back -> rows."""


def read_sales(path: Path, columns: Mapping[str, str]) -> SalesFile:
    """Return the file's days.

    Args:
        path: CSV, also gzip.
        columns: what -> heading, where the name alone does not tell; see `sales_headings.COLUMNS`.

    Raises:
        InvalidInputError: the file is no CSV, a heading that is needed is not there, no day can be read, no row is
            a sale, or its rows stand for more than a day.
    """
    file = CsvFile(path)
    with file.rows() as reader:
        names = find_columns(reader.fieldnames or [], columns)
        numbers = {what: NumberForm() for what in _NUMBERS if what in names}
        amounts = [(names[what], form) for what, form in numbers.items()]
        written: dict[str, None] = {}
        for row in reader:
            written[day_part(row[names["day"]] or "")] = None
            for name, number_form in amounts:
                number_form.learn(row[name] or "")
    day_form, known = read_days(written)
    if not known:
        shown = next((text for text in written if text), "")
        ways = ", ".join(dict.fromkeys(FORMS.values()))
        words = f"no row has a day that this reads ({shown!r}); with or without a time it reads: {ways}"
        raise InvalidInputError([Problem(names["day"], "unreadable", words)])
    form = RowForm(names, known, numbers)
    number_forms = {what: one.name for what, one in numbers.items()}
    found = SalesFile(day_form=day_form, number_forms=number_forms, columns=names, totals=form.totals)
    with file.rows() as reader:
        for row in reader:
            found.rows += 1
            try:
                _add(found, form.read(row))
            except NoSaleError as reason:
                found.left_out[str(reason)] += 1
    found.days = dict(sorted(found.days.items()))
    _check(found, path)
    return found


def _add(found: SalesFile, row: SaleRow) -> None:
    sold = found.days.setdefault(row.day, SalesDay())
    line = sold.stores[row.store].setdefault(row.product, Line())
    line.category = row.category or line.category
    if row.is_return:
        line.returned -= float(row.pieces)
        line.returns -= row.cents
        return
    line.units += float(row.pieces)
    line.gross += row.cents
    if row.ticket:
        sold.tickets[row.store].add(row.ticket)
    if row.taken_back:
        found.taken_back[row.taken_back] += 1
        line.returned += float(row.pieces)
        line.returns += row.cents


def _check(found: SalesFile, path: Path) -> None:
    if not found.days:
        why = "; ".join(f"{count} with {reason}" for reason, count in found.left_out.most_common())
        raise InvalidInputError([Problem(str(path), "no_sales", f"none of {found.rows} rows is a sale: {why}")])
    gaps = Counter((later - day).days for day, later in itertools.pairwise(found.days))
    usual = gaps.most_common(1)[0][0] if gaps.total() >= LEAST_GAPS else 1
    if usual >= WEEK_DAYS:
        words = f"its days are {usual} days apart: rows of weeks or months cannot be judged day by day"
        raise InvalidInputError([Problem(found.columns["day"], "not_daily", words)])
