from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from chalicelib.tickets.domain.matching.eligibility import next_free, removed_by
from chalicelib.tickets.domain.sme import Leave, SmeProfile, Weekday, WorkingHours

WEEK = tuple(Weekday)[:5]
DAY = WorkingHours(WEEK, time(9), time(17))
NIGHT = WorkingHours(WEEK, time(22), time(6))
ANN = SmeProfile("ann", "Ann", zone="America/New_York", hours=(DAY,))
MONDAY_NOON_IN_NEW_YORK = datetime(2026, 11, 23, 17, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("profile", "rule"),
    [
        (ANN, None),
        (replace(ANN, leave=(Leave(date(2026, 11, 23), date(2026, 11, 23)),)), "leave"),
        (replace(ANN, on_call=True, leave=(Leave(date(2026, 11, 23), date(2026, 11, 23)),)), "leave"),
        (replace(ANN, zone="Asia/Tokyo"), "hours"),
        (replace(ANN, zone="Asia/Tokyo", on_call=True), None),
        (replace(ANN, zone="Asia/Tokyo", hours=()), None),
        (replace(ANN, capacity=2, open_assignments=2), "capacity"),
        (replace(ANN, products=("Cloud",)), None),
        (replace(ANN, products=("Desktop",)), "product"),
    ],
)
def test_the_rule_that_removes_is_named(profile: SmeProfile, rule: str | None) -> None:
    assert removed_by(profile, MONDAY_NOON_IN_NEW_YORK, "cloud") == rule


@pytest.mark.parametrize(
    ("at", "rule"),
    [
        ("2026-11-23T23:00", None),
        ("2026-11-24T05:59", None),
        ("2026-11-24T06:00", "hours"),
        ("2026-11-22T23:00", "hours"),
        ("2026-11-28T03:00", None),
    ],
)
def test_a_night_shift_ends_the_next_morning(at: str, rule: str | None) -> None:
    profile = replace(ANN, zone="UTC", hours=(NIGHT,))
    assert removed_by(profile, datetime.fromisoformat(at).replace(tzinfo=UTC)) == rule


def test_the_next_free_time_is_the_first_of_all() -> None:
    in_lima = replace(ANN, cre_id="bob", zone="America/Lima")
    assert next_free([ANN, in_lima], SATURDAY) == datetime(2026, 11, 23, 14, tzinfo=UTC)
    assert next_free([replace(ANN, open_assignments=10), in_lima], SATURDAY) == datetime(
        2026, 11, 23, 14, tzinfo=UTC
    )
    assert next_free([replace(ANN, open_assignments=10)], SATURDAY) is None
    assert next_free([], SATURDAY) is None


def test_hours_follow_the_clocks_when_they_change() -> None:
    """On 8 March 2026 New York goes from five to four hours behind."""
    friday_night, sunday_night = datetime(2026, 3, 6, 1, tzinfo=UTC), datetime(2026, 3, 9, 1, tzinfo=UTC)
    assert next_free([ANN], friday_night) == datetime(2026, 3, 6, 14, tzinfo=UTC)
    assert next_free([ANN], sunday_night) == datetime(2026, 3, 9, 13, tzinfo=UTC)


def test_leave_that_ends_within_a_night_shift_ends_at_midnight() -> None:
    away = replace(ANN, zone="UTC", hours=(NIGHT,), leave=(Leave(date(2026, 11, 23), date(2026, 11, 23)),))
    assert next_free([away], datetime(2026, 11, 23, 8, tzinfo=UTC)) == datetime(2026, 11, 24, tzinfo=UTC)


def test_years_of_leave_are_not_waited_for() -> None:
    assert next_free([replace(ANN, leave=(Leave(date(2026, 1, 1), date(2036, 1, 1)),))], SATURDAY) is None
