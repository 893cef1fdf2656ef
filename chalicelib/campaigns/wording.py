"""How shares and money are written, in reports and in their words alike."""

from __future__ import annotations


def percent(part: int, whole: int) -> str:
    """Return a share with one digit, ``0.0 %`` of nothing; never 100.0 when it is not all.

    >>> percent(1, 3), percent(99_999, 100_000), percent(1, 100_000)
    ('33.3 %', '99.9 %', '<0.1 %')
    """
    if not whole or not part:
        return "0.0 %"
    share = 100 * part / whole
    if share < 0.1:
        return "<0.1 %"
    return f"{share if part == whole else min(share, 99.9):.1f} %"


def money(cents: float) -> str:
    """Return cents as dollars: ``$1,234.50``; fractions of a cent are shown where there is less than a dollar.

    >>> money(123450), money(4.25)
    ('$1,234.50', '$0.0425')
    """
    return f"${cents / 100:,.4f}" if 0 < cents < 100 and cents != int(cents) else f"${cents / 100:,.2f}"
