"""Experts and tickets to test with."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from chalicelib.tickets.domain.sme import Leave, SmeProfile, Weekday, WorkingHours

MONDAY_NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
OFFICE = WorkingHours((Weekday.MONDAY, Weekday.TUESDAY, Weekday.FRIDAY), time(9), time(17, 30))
ADA = SmeProfile("cre001", "Ada Ruiz", "U00ADA", "Europe/Madrid", (OFFICE,), products=("Cloud",))
BEN = SmeProfile("cre002", "Ben Okoro", "U00BEN", leave=(Leave(date(2026, 12, 24), date(2027, 1, 2)),))
CLEO = SmeProfile("cre003", "Cleo Lindqvist", "U00CLEO", on_call=True, capacity=3)


def sme(number: int, **more: Any) -> SmeProfile:
    return replace(SmeProfile(f"cre{number:03d}", f"Expert {number}", f"U{number:05d}"), **more)
