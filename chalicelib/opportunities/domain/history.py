"""Closed opportunities, as a query found them, with what can be said of them."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

WON, LOST = "Won", "Lost"


@dataclass(frozen=True, slots=True)
class Deal:
    """One closed opportunity."""

    id: str
    won: bool
    account: str
    product: str
    created: date | None
    closed: date | None
    value: float
    """What was paid, 0 when lost."""
    list_price: float | None
    sector: str
    office: str
    row: dict[str, Any]
    """The whole row."""

    @property
    def cycle_days(self) -> int | None:
        """Days from creation to the end; None where a date is missing or they are the wrong way round."""
        if self.created is None or self.closed is None or self.closed < self.created:
            return None
        return (self.closed - self.created).days

    @property
    def discount(self) -> float | None:
        """The share of the list price that was not paid, of a won deal: -0.05 is 5 % above list."""
        if not self.won or not self.list_price or self.value <= 0:
            return None
        return 1.0 - self.value / self.list_price


def deals(rows: Iterable[dict[str, Any]]) -> list[Deal]:
    """Return the closed opportunities among rows, oldest first; each id once, as its first row says."""
    found: dict[str, Deal] = {}
    for row in rows:
        stage = str(row.get("deal_stage") or "")
        deal_id = str(row.get("opportunity_id") or "")
        if stage not in (WON, LOST) or not deal_id or deal_id in found:
            continue
        found[deal_id] = Deal(
            id=deal_id,
            won=stage == WON,
            account=str(row.get("account") or ""),
            product=str(row.get("product") or ""),
            created=as_date(row.get("engage_date")),
            closed=as_date(row.get("close_date")),
            value=as_number(row.get("close_value")) or 0.0,
            list_price=as_number(row.get("sales_price")),
            sector=str(row.get("sector") or ""),
            office=str(row.get("regional_office") or ""),
            row=row,
        )
    return sorted(found.values(), key=lambda deal: (deal.created or date.min, deal.id))


def past_only(history: Sequence[Deal], today: date) -> list[Deal]:
    """Return the deals that began and ended by tomorrow's end; others say of themselves that they are wrong.

    A day is let pass because the day of a deal is that of the office which closed it.
    """
    latest = today + timedelta(days=1)
    return [
        deal
        for deal in history
        if not any(day is not None and day > latest for day in (deal.created, deal.closed))
    ]


def as_date(value: Any) -> date | None:
    """Return a date of a text such as ``2026-02-28`` or ``2026-02-28 00:00:00.000``, None for anything else."""
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def as_number(value: Any) -> float | None:
    """Return a finite number, None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if abs(number) < float("inf") else None


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle of some numbers: a quarter lies below ``low``, half below ``middle``, a quarter above
    ``high``."""

    count: int
    low: float
    middle: float
    high: float


def spread(values: Sequence[float]) -> Spread | None:
    """Return the quartiles of at least four numbers, None of fewer."""
    if len(values) < 4:
        return None
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return Spread(len(values), low, middle, high)


def win_rate(among: Sequence[Deal]) -> float | None:
    """Return the share that was won, None of nothing."""
    return sum(deal.won for deal in among) / len(among) if among else None
