"""The fields of one row, checked one by one; every problem is kept."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from chalicelib.core.errors import Problem
from chalicelib.retail.domain import sales
from chalicelib.retail.domain.sales import Sale

_CONTROLS = r"\x00-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060\u2066-\u2069\ufeff"
"""Characters nobody sees that break lines or turn the order of others around."""
_FORBIDDEN_IN_TEXTS = re.compile(rf"[{_CONTROLS}]")
_FORBIDDEN_IN_IDS = re.compile(rf"[{_CONTROLS}#]")
_HALF_CHARACTER = re.compile(r"[\ud800-\udfff]")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?=$|[T ]\d{2}:)")
"""A day, with or without a time after it."""
_SHOWN = 60


class RowFields:
    """Reads a row's fields by their proper names."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._fields = fields
        self.problems: list[Problem] = []

    def sale(self, position: int, last_day: date) -> Sale | None:
        """Return the sale, or None with ``problems`` filled."""
        store_id, product_id = self._id("store"), self._id("product")
        day = self._day(last_day)
        quantity = self._quantity()
        price = self._money("unit_price", required=True) or 0.0
        unit_cost = self._money("unit_cost")
        amount = sales.amount_cents(quantity, price)
        cost = None if unit_cost is None else sales.amount_cents(quantity, unit_cost)
        for field, cents in (("unit_price", amount), ("unit_cost", cost or 0)):
            if abs(cents) > sales.MOST_LINE_CENTS:
                words = f"makes a line of {abs(cents) // 100}; {sales.MOST_LINE_CENTS // 100} at most"
                self._wrong(field, "out_of_range", words)
        discount = sales.amount_cents(1, self._money("discount") or 0.0)
        if discount > abs(amount) and not self.problems:
            self._wrong("discount", "out_of_range", "takes off more than the line's amount")
        category = self._text("category", sales.LONGEST_TEXT)
        if category and _FORBIDDEN_IN_TEXTS.search(category):
            self._wrong("category", "forbidden_character", f"is {_shown(category)}; no control character")
        ticket, row_id = self._text("transaction", sales.LONGEST_ID), self._text("row_id", sales.LONGEST_ID)
        if self.problems:
            return None
        return Sale(
            position, store_id, day, product_id, category, quantity, amount, discount, cost, ticket, row_id
        )

    def _id(self, field: str) -> str:
        text = self._text(field, sales.LONGEST_ID, required=True)
        if text and (_FORBIDDEN_IN_IDS.search(text) or text != text.strip()):
            self._wrong(field, "forbidden_character", f"is {_shown(text)}; no #, control character or outer space")
        return text or ""

    def _text(self, field: str, longest: int, *, required: bool = False) -> str | None:
        """Return a text, or a whole number as one; None when it is not there."""
        value = self._fields.get(field)
        if value is None:
            if required:
                self._wrong(field, "required", "is required")
            return None
        if value.__class__ is int:
            value = str(value)
        if not isinstance(value, str):
            self._wrong(field, "wrong_type", f"is {_shown(value)}, not a text")
        elif not 0 < len(value) <= longest:
            self._wrong(field, "wrong_length", f"has {len(value)} characters; it must have 1 to {longest}")
        elif _HALF_CHARACTER.search(value):
            self._wrong(field, "forbidden_character", f"is {_shown(value)}, which ends within a character")
        else:
            return value
        return None

    def _day(self, last_day: date) -> str:
        value = self._fields.get("date")
        if value is None:
            self._wrong("date", "required", "is required")
            return ""
        match = DAY.match(value) if isinstance(value, str) else None
        try:
            day = date.fromisoformat(match[0]) if match else None
        except ValueError:
            day = None
        if day is None:
            self._wrong("date", "invalid_date", f"is {_shown(value)}; it must be a day such as 2025-01-31")
        elif not sales.FIRST_DAY <= day <= last_day:
            words = f"is {day}; days from {sales.FIRST_DAY} to {last_day}, the day after the file came, are taken"
            self._wrong("date", "out_of_range", words)
        else:
            return day.isoformat()
        return ""

    def _quantity(self) -> int:
        number = self._number("quantity", required=True)
        if number is None:
            return 0
        if not abs(number) <= sales.MOST_PIECES:
            self._wrong("quantity", "out_of_range", f"is {_shown(number)}; {sales.MOST_PIECES} either way at most")
        elif number == 0:
            self._wrong("quantity", "zero_quantity", "is 0; a line sells or takes back at least one piece")
        elif number != int(number):
            self._wrong("quantity", "not_whole", f"is {number}; send goods by weight as 1 piece at its price")
        else:
            return int(number)
        return 0

    def _money(self, field: str, *, required: bool = False) -> float | None:
        number = self._number(field, required=required)
        if number is not None and not 0 <= number <= sales.MOST_MONEY:
            words = (
                f"is {_shown(number)}; it must be from 0 to {sales.MOST_MONEY}, returns have a negative quantity"
            )
            self._wrong(field, "out_of_range", words)
            return None
        return None if number is None else float(number)

    def _number(self, field: str, *, required: bool = False) -> int | float | None:
        value = self._fields.get(field)
        if value is None:
            if required:
                self._wrong(field, "required", "is required")
        elif value.__class__ is not int and value.__class__ is not float:
            self._wrong(field, "wrong_type", f"is {_shown(value)}, not a number")
        elif math.isinf(value):
            self._wrong(field, "out_of_range", "is beyond every bound")
        else:
            number: int | float = value
            return number
        return None

    def _wrong(self, field: str, code: str, words: str) -> None:
        self.problems.append(Problem(field, code, words))


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
