"""How a column writes its numbers: one way for all of it, or 1,250 would be a price here and a thousand there."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

POINT, COMMA = "1,234.56", "1.234,56"
_FORMS = {
    POINT: re.compile(r"(?:\d+|[1-9]\d{0,2}(?:,\d{3})+)(?:\.\d*)?|\.\d+"),
    COMMA: re.compile(r"(?:\d+|[1-9]\d{0,2}(?:\.\d{3})+)(?:,\d*)?|,\d+"),
}
_NUMBER = re.compile(r"(?P<before>[^\d.,]*[A-Za-z]\.|[^\d.,]*)(?P<digits>[.,]?\d[\d.,]*)(?P<after>[^\d.,]*)")
_BLANKS = re.compile(r"[\s'\u2019]+")
_MINUS = ("-", "\u2212")
_LONGEST_WORD = 3


class NumberForm:
    """Learns from a column's numbers how it writes them, then reads them."""

    def __init__(self) -> None:
        self.name = POINT
        """`POINT` or `COMMA`; where both read as many numbers, `POINT`."""
        self._read_by = dict.fromkeys(_FORMS, 0)

    def learn(self, text: str) -> None:
        """Look at one number; only a comma tells the two forms apart."""
        if "," in text and (match := _matched(text)):
            for form, pattern in _FORMS.items():
                self._read_by[form] += pattern.fullmatch(match["digits"]) is not None
            self.name = COMMA if self._read_by[COMMA] > self._read_by[POINT] else POINT

    def read(self, text: str) -> Decimal | None:
        """Return the number, None when it is none.

        A currency, a unit and blanks between thousands are left aside; a minus stands before or behind the number,
        or brackets are around it.
        """
        if self.name == POINT:
            try:
                return Decimal(text)
            except InvalidOperation:
                pass
        match = _matched(text)
        if match is None or not _FORMS[self.name].fullmatch(match["digits"]):
            return None
        thousands, point = ",." if self.name == POINT else ".,"
        number = Decimal(match["digits"].replace(thousands, "").replace(point, "."))
        before, after = match["before"], match["after"]
        negative = any(sign in before + after for sign in _MINUS) or (before[:1] == "(" and after[-1:] == ")")
        return -number if negative else number


def _matched(text: str) -> re.Match[str] | None:
    match = _NUMBER.fullmatch(_BLANKS.sub("", text))
    words = (match["before"], match["after"]) if match else ()
    return None if any(sum(sign.isalpha() for sign in word) > _LONGEST_WORD for word in words) else match
