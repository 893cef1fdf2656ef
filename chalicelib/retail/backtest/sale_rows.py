"""What one row of a CSV file is: a sale, a return, both, or none and why."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from chalicelib.retail.backtest.csv_rows import Row
from chalicelib.retail.backtest.day_forms import day_part
from chalicelib.retail.backtest.number_forms import NumberForm
from chalicelib.retail.domain.sales import MOST_MONEY, MOST_PIECES

ALL = "all"
"""What the store is called where no column names it, and the product where none does."""
NO_DAY = "no readable day"
NO_STORE = "no store"
NO_PRODUCT = "no product"
NO_NUMBER = "quantity or money that is missing, no number, or beyond every bound"
NOTHING = "quantity or money of 0 (gifts, stock corrections)"
NEGATIVE = "negative money with a positive quantity, or the reverse (bad debts, corrections)"

_TAKEN_BACK = re.compile(
    r"(?<!not )(?<!no )(?<!non-)(?<!un)(?:cancel|return|refund|reject|void|storn|annul|devol|revers)",
    re.IGNORECASE,
)
_YES = frozenset({"yes", "y", "true", "1"})


class NoSaleError(Exception):
    """A row is no sale; its argument is the reason."""


@dataclass(frozen=True, slots=True)
class SaleRow:
    """A row that counts."""

    day: date
    store: str
    product: str
    category: str
    pieces: Decimal
    """Negative for a return; 0 of a total, whose pieces nobody knows."""
    cents: int
    """Negative for a return."""
    ticket: str
    taken_back: str
    """The status that says so of an order which was sold first; empty: it was not."""

    @property
    def is_return(self) -> bool:
        """Whether it takes back what another row sold."""
        return self.pieces < 0 or self.cents < 0


@dataclass(frozen=True, slots=True)
class RowForm:
    """How a file writes its rows."""

    names: Mapping[str, str]
    """What -> the heading of its column; see `sales_headings.COLUMNS`."""
    days: Mapping[str, date]
    """Every day part that can be read."""
    numbers: Mapping[str, NumberForm]
    """What -> how its column writes numbers."""

    @property
    def totals(self) -> bool:
        """Whether rows are totals: of no product, or of pieces nobody counted."""
        return "product" not in self.names or not ("quantity" in self.names or "price" in self.names)

    def read(self, row: Row) -> SaleRow:
        """Return what the row is.

        Raises:
            NoSaleError: it is no sale.
        """
        text = {what: (row[name] or "").strip() for what, name in self.names.items()}
        day = self.days.get(day_part(text["day"]))
        if day is None:
            raise NoSaleError(NO_DAY)
        category = text.get("category", "")
        product = text.get("product", category or ALL)
        if not product:
            raise NoSaleError(NO_PRODUCT)
        store = text.get("store", ALL)
        if not store:
            raise NoSaleError(NO_STORE)
        pieces, cents = self._amounts(text, returned=self._says_so("kind", text))
        status = text.get("status", "")
        taken_back = status if pieces >= 0 and cents >= 0 and self._says_so("status", text) else ""
        return SaleRow(day, store, product, category, pieces, cents, text.get("ticket", ""), taken_back)

    def _amounts(self, text: Mapping[str, str], *, returned: bool) -> tuple[Decimal, int]:
        """Return a row's pieces, and its money in cents with the sign of the pieces."""
        by_piece = "value" not in text
        money = self._number("price" if by_piece else "value", text, MOST_MONEY)
        quantity = self._number("quantity", text, MOST_PIECES) if "quantity" in text else None
        if not money or quantity == 0:
            raise NoSaleError(NOTHING)
        pieces = Decimal(1) if quantity is None else quantity
        exact = money * pieces if by_piece else money
        if returned:
            pieces, exact = -abs(pieces), -abs(exact)
        elif quantity is None:  # money alone says which way it went
            pieces = pieces.copy_sign(money)
        elif money < 0 if by_piece else (money < 0) != (quantity < 0):
            raise NoSaleError(NEGATIVE)
        cents = int((100 * exact).quantize(Decimal(1), ROUND_HALF_UP))
        return Decimal(0) if self.totals else pieces, cents

    def _says_so(self, what: str, text: Mapping[str, str]) -> bool:
        """Say whether a column speaks of goods taken back: ``Cancelled``, or ``Yes`` below ``Returned``."""
        said = text.get(what, "")
        by_heading = said.casefold() in _YES and _TAKEN_BACK.search(self.names[what])
        return bool(by_heading or _TAKEN_BACK.search(said))

    def _number(self, what: str, text: Mapping[str, str], most: int) -> Decimal:
        number = self.numbers[what].read(text[what])
        if number is None or not number.is_finite() or abs(number) > most:
            raise NoSaleError(NO_NUMBER)
        return number
