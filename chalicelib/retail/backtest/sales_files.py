"""Sales as CSV (also gzip): one line a sale, or one a day, store and product."""

from __future__ import annotations

import csv
import gzip
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, cast

from chalicelib.core.errors import InvalidInputError, Problem
from chalicelib.retail.domain.facts import ProductSheet, StoreDay

COLUMNS = {
    "day": ("date", "day", "InvoiceDate", "transaction_date"),
    "store": ("store_id", "store", "Country"),
    "product": ("product_id", "product", "StockCode", "sku"),
    "category": ("product_category", "category", "department"),
    "quantity": ("quantity", "Quantity", "units"),
    "price": ("unit_price", "UnitPrice", "Price", "price"),
    "value": ("sales_value", "sales", "amount", "revenue"),
    "ticket": ("transaction_id", "InvoiceNo", "Invoice", "ticket", "basket_id"),
}
"""What is looked for -> the headings it is found under, the first that is there."""
_DAY_FORMS = (
    "%Y-%m-%d",
    "%m/%d/%Y %H:%M",
    "%m/%d/%y %H:%M",
    "%d/%m/%Y %H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%d-%m-%Y %H:%M",
)


@dataclass(slots=True)
class Line:
    """One product in one store on one day."""

    category: str = ""
    units: float = 0
    returned: float = 0
    gross: float = 0.0
    """Cents."""
    returns: float = 0.0


@dataclass(slots=True)
class SalesDay:
    """One day: store -> product -> line."""

    stores: dict[str, dict[str, Line]] = field(default_factory=lambda: defaultdict(dict))
    tickets: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def store_days(self, day: date) -> Iterator[StoreDay]:
        """Yield the day's facts a store, as an upload would have made them."""
        for store, lines in self.stores.items():
            yield StoreDay(
                store, day,
                round(sum(line.units for line in lines.values())),
                round(sum(line.returned for line in lines.values())),
                round(sum(line.gross for line in lines.values())),
                round(sum(line.returns for line in lines.values())),
                0, 0, 0, len(self.tickets[store]) or None, len(lines), True, 1, 0, (),
            )  # fmt: skip

    def sheets(self, day: date) -> Iterator[ProductSheet]:
        """Yield the day's products a store."""
        for store, lines in self.stores.items():
            values, nothing = list(lines.values()), [0] * len(lines)
            yield ProductSheet(
                store, day, "file", 1, 0, list(lines), [line.category or None for line in values],
                [line.units for line in values], [line.returned for line in values],  # type: ignore[misc]
                [round(line.gross) for line in values], [round(line.returns) for line in values],
                nothing, nothing, nothing,
            )  # fmt: skip


def read_sales(path: Path, columns: Mapping[str, str]) -> dict[date, SalesDay]:
    """Return the file's days; lines without a product, a readable day or a quantity are left out.

    Raises:
        InvalidInputError: a heading that is needed is not there.
    """
    days: dict[date, SalesDay] = {}
    known: dict[str, date] = {}
    with _opened(path) as raw, io.TextIOWrapper(raw, encoding="utf-8-sig", errors="replace", newline="") as text:
        reader = csv.DictReader(text)
        names = _headings(reader.fieldnames or [], columns)
        for row in reader:
            day = known.get(written := row[names["day"]])
            if day is None:
                day = known[written] = _day(written)
            _add(days.setdefault(day, SalesDay()), row, names)
    return dict(sorted(days.items()))


def _add(day: SalesDay, row: Mapping[str, str], names: Mapping[str, str]) -> None:
    try:
        quantity = float(row[names["quantity"]])
        cents = 100 * (float(row[names["value"]]) if "value" in names else quantity * float(row[names["price"]]))
    except ValueError:
        return
    product = row[names["product"]].strip()
    if not product:
        return
    store = row[names["store"]] if "store" in names else "all"
    line = day.stores[store].setdefault(product, Line())
    if "category" in names:
        line.category = row[names["category"]]
    if quantity < 0 or cents < 0:
        line.returned += abs(quantity)
        line.returns += abs(cents)
    else:
        line.units += quantity
        line.gross += cents
        if "ticket" in names:
            day.tickets[store].add(row[names["ticket"]])


def _headings(found: Sequence[str], columns: Mapping[str, str]) -> dict[str, str]:
    by_fold = {name.casefold(): name for name in found}
    names = dict(columns)
    for what, candidates in COLUMNS.items():
        if what not in names:
            match = next((by_fold[c.casefold()] for c in candidates if c.casefold() in by_fold), None)
            if match:
                names[what] = match
    missing = [what for what in ("day", "product", "quantity") if names.get(what) not in found]
    if "value" not in names and "price" not in names:
        missing.append("value")
    if missing:
        raise InvalidInputError(
            Problem(f"--columns {what}=", "no_such_heading", f"none of {', '.join(found)} is the {what}")
            for what in missing
        )
    return names


def _opened(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path) if path.suffix == ".gz" else path.open("rb"))


def _day(written: str) -> date:
    for form in _DAY_FORMS:
        try:
            return datetime.strptime(written.strip(), form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    raise InvalidInputError([Problem("day", "unreadable", f"{written!r} is no day this reads")])
