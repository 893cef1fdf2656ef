"""Raw rows to sales, fast: what is right at first sight is taken here, everything else is `row_examination`'s."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec

from chalicelib.retail.domain.sales import LONGEST_ID, MOST_LINE_CENTS, MOST_MONEY, MOST_PIECES, Sale
from chalicelib.retail.service.uploading.plain_bytes import FileState
from chalicelib.retail.service.uploading.raw_rows import Raw
from chalicelib.retail.service.uploading.row_examination import NAMES, Refusal, examine
from chalicelib.retail.service.uploading.row_fields import DAY

MOST_REMEMBERED = 100_000
"""Ids remembered as good, so that each is checked once; far more than stores and products of one file."""
_ROUNDING = 1e-6
_ORDINARY_CENTS = MOST_LINE_CENTS // MOST_PIECES
"""Of a price: no number of pieces makes too large a line of it."""
_PLAIN_INT = 10**18
"""Longer numbers as ids are looked at closely: not everything reads them to the last digit."""
_OWN_NAMES = frozenset(NAMES)
_OTHER_NAMES = frozenset(name for others in NAMES.values() for name in others)
_SPACE_BEFORE_COLON = re.compile(rb'"\s+:')

# What Sale(...) does, without its half a microsecond of arguments by name.
_sale: Callable[[type[Sale], tuple[Any, ...]], Sale] = tuple.__new__
_decode = msgspec.json.Decoder(dict[str, Any]).decode


class RowReader:
    """Reads the rows of one file."""

    def __init__(self, last_day: date, state: FileState) -> None:
        """``last_day``: the latest business day there can be when the file arrived."""
        self._last_day, self._state = last_day, state
        self._days: dict[str, str] = {}
        self._ids: dict[str, str] = {}
        self._categories: dict[str, str] = {}

    def read(self, raw: Raw, position: int) -> Sale | Refusal | None:
        """Return the sale in ``raw``, why it is none, or None for a blank line."""
        try:
            row = _decode(raw)  # type: ignore[arg-type]  # an oversized row raises TypeError
            store, product = row["store"], row["product"]
            store_id = self._ids[store if store.__class__ is str else _text(store)]
            product_id = self._ids[product if product.__class__ is str else _text(product)]
            written, quantity, price = row["date"], row["quantity"], row["unit_price"]
            day = self._days.get(written)
            if day is None:  # a time may stand beside it
                day = self._days[DAY.match(written)[0]]  # type: ignore[index]  # no match raises TypeError
            if quantity.__class__ is not int:
                if quantity.__class__ is not float or not quantity.is_integer():
                    return self._examined(raw, position)
                quantity = int(quantity)  # 2.0 is two pieces
            if not quantity or not -MOST_PIECES <= quantity <= MOST_PIECES:
                return self._examined(raw, position)
            cents = _cents(price)
            if not 0 <= cents <= _ORDINARY_CENTS and (cents < 0 or abs(quantity * cents) > MOST_LINE_CENTS):
                return self._examined(raw, position)
            # A key that stands twice is decoded once. There is a colon a key, and more only within texts.
            if raw.count(b":") != len(row) and not _has_each_key_once(row, raw):  # type: ignore[union-attr]
                return self._examined(raw, position)
            if not (_OWN_NAMES.issuperset(row) or _OTHER_NAMES.isdisjoint(row)):
                return self._examined(raw, position)
            find = row.get
            discount_cents, cost_cents = 0, None
            if (discount := find("discount")) is not None:
                discount_cents = _cents(discount)
                if not 0 <= discount_cents <= cents * abs(quantity):
                    return self._examined(raw, position)
            if (unit_cost := find("unit_cost")) is not None:
                cost_cents = quantity * _cents(unit_cost)
                if not 0 <= cost_cents * (1 if quantity > 0 else -1) <= MOST_LINE_CENTS:
                    return self._examined(raw, position)
            category, ticket, row_id = find("category"), find("transaction"), find("row_id")
            if category is not None:
                category = self._categories[category if category.__class__ is str else _text(category)]
            if ticket.__class__ is int:
                ticket = _text(ticket)
            if row_id.__class__ is int:
                row_id = _text(row_id)
            if not (
                (ticket is None or (ticket.__class__ is str and 0 < len(ticket) <= LONGEST_ID))
                and (row_id is None or (row_id.__class__ is str and 0 < len(row_id) <= LONGEST_ID))
            ):
                return self._examined(raw, position)
        except (msgspec.DecodeError, KeyError, TypeError, UnicodeDecodeError, RecursionError):
            return self._examined(raw, position)
        amount = quantity * cents
        fields = (
            position, store_id, day, product_id, category, quantity, amount, discount_cents, cost_cents, ticket,
            row_id
        )  # fmt: skip
        return _sale(Sale, fields)

    def _examined(self, raw: Raw, position: int) -> Sale | Refusal | None:
        outcome, foreign = examine(raw, position, self._last_day)
        self._state.foreign_rows += foreign
        if outcome.__class__ is Sale:
            if len(self._ids) > MOST_REMEMBERED:
                self._ids.clear()
            if len(self._categories) > MOST_REMEMBERED:
                self._categories.clear()
            if outcome.category is not None:
                self._categories[outcome.category] = outcome.category
            self._days[outcome.day] = outcome.day
            for one in (outcome.store_id, outcome.product_id):
                self._ids[one] = one
        return outcome


def _text(value: Any) -> Any:
    """Return a whole number as the text it is taken for, anything else as it is."""
    return str(value) if value.__class__ is int and -_PLAIN_INT < value < _PLAIN_INT else value


def _has_each_key_once(row: dict[str, Any], raw: Any) -> bool:
    """Say whether no key stands twice, for a row that has colons within its texts, such as a time."""
    return raw.count(b'":') == len(row) and not _SPACE_BEFORE_COLON.search(raw)


def _cents(money: Any) -> int:
    """Return an amount in cents, or -1 when it is not at first sight a whole number of them."""
    if money.__class__ is float and 0 <= money <= MOST_MONEY:
        exact = money * 100
        cents = int(exact + 0.5)
        return cents if -_ROUNDING < exact - cents < _ROUNDING else -1
    return money * 100 if money.__class__ is int and 0 <= money <= MOST_MONEY else -1
