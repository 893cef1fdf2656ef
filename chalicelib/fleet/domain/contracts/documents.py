"""Identity documents of customers, Colombia's first.

The tax number (NIT, shown on the RUT) ends in a check digit: its digits from the right, times 3, 7, 13, 17, 19,
23, 29, 37, 41, 43, 47, 53, 59, 67 and 71, summed, modulo 11; above 1 it is taken from 11 (DIAN, Orden
Administrativa 4 of 1989).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_WEIGHTS = (3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71)
_NIT = re.compile(r"(?P<number>\d{6,15})-(?P<digit>\d)", re.ASCII)
_FORMS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "NIT": (_NIT, "a number and its check digit such as 900123456-8"),
    "RUT": (_NIT, "a number and its check digit such as 900123456-8"),
    "CC": (re.compile(r"\d{6,10}", re.ASCII), "6 to 10 digits"),
    "CE": (re.compile(r"[A-Z0-9]{5,10}", re.ASCII), "5 to 10 letters and digits"),
    "PA": (re.compile(r"[A-Z0-9]{5,20}", re.ASCII), "5 to 20 letters and digits"),
}
DOCUMENT_TYPES = tuple(_FORMS)
"""NIT and RUT carry a tax number; CC citizens' cards, CE foreigners' cards, PA passports."""


def check_digit(number: str) -> int:
    """Return the check digit of a tax number of up to 15 digits.

    >>> check_digit("900123456"), check_digit("800191045")
    (8, 1)
    """
    pairs = zip(reversed(number), _WEIGHTS, strict=False)
    rest = sum(int(digit) * weight for digit, weight in pairs) % 11
    return rest if rest < 2 else 11 - rest


def plain(document_id: str) -> str:
    """Return a document's number without the dots and spaces people write: ``900123456-8``."""
    return document_id.replace(".", "").replace(" ", "").upper()


def form_problem(document_type: str, document_id: str) -> str | None:
    """Return what is wrong with the form of a plain document number, None when nothing is."""
    pattern, wanted = _FORMS[document_type]
    return None if pattern.fullmatch(document_id) else f"{document_id[:40]!r} is no {document_type}: {wanted}"


def digit_problem(document_type: str, document_id: str) -> str | None:
    """Return what is wrong with the check digit of a tax number of the right form."""
    match = _NIT.fullmatch(document_id)
    if document_type not in ("NIT", "RUT") or match is None:
        return None
    right = check_digit(match["number"])
    return None if int(match["digit"]) == right else f"the check digit of {match['number']} is {right}"
