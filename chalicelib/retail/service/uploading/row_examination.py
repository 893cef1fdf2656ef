"""The second, slow look at a row: what is wrong with it, all of it; or that it is right after all.

Here rows are taken that are written in another way than most: other names for the fields, numbers as ids, a time
beside the date, prices with four decimals, Windows-1252 instead of UTF-8.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from chalicelib.core.errors import Problem
from chalicelib.retail.domain.sales import Sale
from chalicelib.retail.service.uploading.raw_rows import LONGEST_ROW_BYTES, Oversized, Raw
from chalicelib.retail.service.uploading.row_fields import RowFields
from chalicelib.retail.service.uploading.row_text import NotReadableError, RowObject, parsed, text_of

NAMES = {
    "store": ("store_id", "storeId"),
    "product": ("product_id", "productId", "sku"),
    "date": ("business_date", "businessDate"),
    "quantity": ("qty",),
    "unit_price": ("unitPrice", "price"),
    "category": ("department",),
    "transaction": ("transaction_id", "transactionId", "ticket"),
    "row_id": ("rowId", "line_id", "lineId"),
    "discount": (),
    "unit_cost": ("unitCost",),
}
"""A field's name, and the other names it is read under; fields of any other name are left alone."""
_FIELD_OF = {name: field for field, others in NAMES.items() for name in (field, *others)}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that is not taken in."""

    position: int
    problems: tuple[Problem, ...]
    row: str
    """The row as it came; of an oversized one the beginning."""
    length: int
    """In bytes."""


def examine(raw: Raw, position: int, last_day: date) -> tuple[Sale | Refusal | None, bool]:
    """Return what the row is (None: blank), and whether it was no UTF-8.

    Args:
        raw: the row.
        position: its number in the file.
        last_day: the latest business day there can be.
    """
    if isinstance(raw, Oversized):
        words = f"has {raw.length} bytes; the longest row taken in has {LONGEST_ROW_BYTES}"
        problem = Problem("", "row_too_long", words)
        return Refusal(position, (problem,), raw.start.decode("utf-8", "replace"), raw.length), False
    text, foreign = text_of(raw)
    text = text.strip()
    if not text:
        return None, False
    try:
        row = parsed(text)
    except NotReadableError as error:
        return Refusal(position, (Problem("", "unreadable_json", str(error)),), text, len(raw)), foreign
    if not isinstance(row, RowObject):
        words = "is no JSON object, and a row is one"
        return Refusal(position, (Problem("", "not_an_object", words),), text, len(raw)), foreign
    problems = _keys_given_twice(row)
    fields = RowFields({_FIELD_OF[key]: value for key, value in row if key in _FIELD_OF})
    sale = fields.sale(position, last_day)
    problems += fields.problems
    if problems or sale is None:
        return Refusal(position, tuple(problems), text, len(raw)), foreign
    return sale, foreign


def _keys_given_twice(row: RowObject) -> list[Problem]:
    """Return a problem for each key that stands twice, by its own name or by two names of the same field."""
    times = Counter(_FIELD_OF.get(key, key) for key, _ in row)
    return [
        Problem(key[:80].encode(errors="backslashreplace").decode(), "duplicate_key", f"is given {n} times")
        for key, n in times.items()
        if n > 1
    ]
