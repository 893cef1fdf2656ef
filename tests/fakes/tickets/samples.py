"""Experts and tickets to test with."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from chalicelib.tickets.domain.recommendation import Candidate, Evidence, Recommendation, Removed
from chalicelib.tickets.domain.record import Standing, TicketRecord
from chalicelib.tickets.domain.sme import Leave, SmeProfile, Weekday, WorkingHours

MONDAY_NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
OFFICE = WorkingHours((Weekday.MONDAY, Weekday.TUESDAY, Weekday.FRIDAY), time(9), time(17, 30))
ADA = SmeProfile("cre001", "Ada Ruiz", "U00ADA", "Europe/Madrid", (OFFICE,), products=("Cloud",))
BEN = SmeProfile("cre002", "Ben Okoro", "U00BEN", leave=(Leave(date(2026, 12, 24), date(2027, 1, 2)),))
CLEO = SmeProfile("cre003", "Cleo Lindqvist", "U00CLEO", on_call=True, capacity=3)


def sme(number: int, **more: Any) -> SmeProfile:
    return replace(SmeProfile(f"cre{number:03d}", f"Expert {number}", f"U{number:05d}"), **more)


def candidate(number: int, confidence: float, profile: SmeProfile | None = None) -> Candidate:
    one = profile or sme(number)
    evidence = tuple(Evidence(f"9{number}{n}", f"Replica lag {n}", 0.8 - n / 10, "2026-05-01") for n in range(3))
    return Candidate(
        one.cre_id, one.name, confidence, f"Solved 3 like it: 9{number}0", one.slack_id, 1.5, evidence
    )


def recommendation(*confidences: float, **more: Any) -> Recommendation:
    """Ada, Ben and Cleo with these confidences (0.92, 0.88, 0.85 unless given)."""
    people = (ADA, BEN, CLEO, sme(4), sme(5))
    given = confidences or (0.92, 0.88, 0.85)
    whole = Recommendation(
        ticket_id="12345",
        recommendation_id="run-1",
        subject="Replica lags behind",
        candidates=tuple(candidate(n, one, people[n]) for n, one in enumerate(given)),
        removed=(Removed("cre009", "leave"),),
        held_until=None,
        threshold=0.6,
        model_id="model-1",
        is_prior=False,
        made_at=MONDAY_NOON,
    )
    return replace(whole, **more)


def record(**more: Any) -> TicketRecord:
    whole = TicketRecord(
        ticket_id="12345",
        standing=Standing.MATCHING,
        bucket="tickets",
        key="raw-tickets/year=2026/month=06/day=01/ticket-12345.json",
        version_id="v1",
        fingerprint="f",
        updated_at=MONDAY_NOON,
        execution_arn="arn:aws:states:us-east-1:123456789012:execution:sme-matching:run-1",
        recommendation_id="run-1",
    )
    return replace(whole, **more)
