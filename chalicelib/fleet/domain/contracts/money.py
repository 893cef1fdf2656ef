"""Amounts of money: whole numbers of a currency's smallest unit, never a float.

``estimated_value`` in a request counts the currency itself, as people write it: 15000000 in COP is fifteen million
pesos, 1,500,000,000 in Stripe's unit, because the peso has two decimals there
(https://docs.stripe.com/currencies#zero-decimal).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

DECIMALS: Mapping[str, int] = {
    "BRL": 2,
    "CLP": 0,
    "COP": 2,
    "EUR": 2,
    "MXN": 2,
    "PEN": 2,
    "PYG": 0,
    "USD": 2,
}
"""Decimals of the currencies that contracts are made in, as Stripe counts them."""
DEFAULT_CURRENCY = "COP"
MOST_DIGITS = 12
"""Of an amount in the smallest unit; what Stripe takes at all."""

_WRITTEN = re.compile(r"(?P<whole>\d{1,12})(?:\.(?P<part>\d+))?", re.ASCII)


def minor_units(value: Any, currency: str) -> int:
    """Return ``value`` (a whole number, or text such as "15000000.50") in the smallest unit of ``currency``.

    >>> minor_units(15000000, "COP"), minor_units("99.5", "USD"), minor_units(5000, "CLP")
    (1500000000, 9950, 5000)

    Raises:
        ValueError: it is no such number; the message says what would be right.
    """
    decimals = DECIMALS[currency]
    if isinstance(value, bool) or not isinstance(value, int | str):
        kind = "a float loses cents" if isinstance(value, float) else f"is a {type(value).__name__}"
        raise ValueError(f"{kind}; write a whole number, or text with at most {decimals} decimals")
    match = _WRITTEN.fullmatch(str(value))
    if match is None:
        raise ValueError(f"{str(value)[:40]!r} is no amount above 0 such as 15000000 or '15000000.50'")
    part = match["part"] or ""
    if len(part) > decimals:
        raise ValueError(f"{value} has {len(part)} decimals; {currency} has {decimals}")
    amount = int(match["whole"] + part.ljust(decimals, "0"))
    if amount == 0:
        raise ValueError("must be above 0")
    if len(str(amount)) > MOST_DIGITS:
        raise ValueError(f"{value} {currency} is more than a payment can carry")
    return amount


def shown(amount_minor: int, currency: str) -> str:
    """Return an amount as people read it.

    >>> shown(1500000000, "COP"), shown(5000, "CLP")
    ('15,000,000.00 COP', '5,000 CLP')
    """
    decimals = DECIMALS[currency]
    if not decimals:
        return f"{amount_minor:,} {currency}"
    whole, part = divmod(amount_minor, 10**decimals)
    return f"{whole:,}.{part:0{decimals}d} {currency}"
