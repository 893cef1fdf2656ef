"""When schedules fire, also where clocks change."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.triggers.expressions import ScheduleExpressionError, parse_schedule


def times(expression: str, start: str, count: int, zone: str = "UTC") -> list[str]:
    """The first times after ``start`` (UTC), in UTC."""
    schedule = parse_schedule(expression, zone)
    moment = started = datetime.fromisoformat(start).replace(tzinfo=UTC).timestamp()
    found = []
    for _ in range(count):
        due = schedule.next_after(moment, started=started)
        if due is None:
            break
        found.append(datetime.fromtimestamp(due, UTC).strftime("%Y-%m-%dT%H:%M"))
        moment = due
    return found


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("cron(0 9 * * ? *)", ["2026-01-01T09:00", "2026-01-02T09:00"]),
        ("cron(0/15 8-9 ? * MON-FRI *)", ["2026-01-01T08:00", "2026-01-01T08:15"]),
        ("cron(0 0 L * ? *)", ["2026-01-31T00:00", "2026-02-28T00:00"]),
        ("cron(0 8 1W * ? *)", ["2026-01-01T08:00", "2026-02-02T08:00"]),
        ("cron(0 8 ? * 6#3 *)", ["2026-01-16T08:00", "2026-02-20T08:00"]),
        ("cron(0 8 ? * 2L *)", ["2026-01-26T08:00", "2026-02-23T08:00"]),
        ("cron(0 0 29 FEB ? *)", ["2028-02-29T00:00", "2032-02-29T00:00"]),
        ("cron(30 12 1,15 JUN ? 2027)", ["2027-06-01T12:30", "2027-06-15T12:30"]),
        ("rate(90 minutes)", ["2026-01-01T01:30", "2026-01-01T03:00"]),
        ("rate(1 day)", ["2026-01-02T00:00", "2026-01-03T00:00"]),
        ("at(2026-03-01T10:00:00)", ["2026-03-01T10:00"]),
    ],
)
def test_expressions_fire_as_aws_documents(expression: str, expected: list[str]) -> None:
    assert times(expression, "2026-01-01T00:00:00", 2) == expected


def test_a_time_that_summer_time_skips_does_not_fire() -> None:
    # Berlin, 29 March 2026: 02:00 becomes 03:00.
    found = times("cron(30 2 * * ? *)", "2026-03-28T00:00:00", 3, "Europe/Berlin")
    assert found == ["2026-03-28T01:30", "2026-03-30T00:30", "2026-03-31T00:30"]


def test_a_time_that_happens_twice_fires_once() -> None:
    # New York, 1 November 2026: 02:00 becomes 01:00.
    found = times("cron(30 1 * * ? *)", "2026-10-31T12:00:00", 2, "America/New_York")
    assert found == ["2026-11-01T05:30", "2026-11-02T06:30"]


def test_a_rate_in_days_counts_24_hours_through_a_change_of_clocks() -> None:
    found = times("rate(1 day)", "2026-03-28T12:00:00", 2, "Europe/Berlin")
    assert found == ["2026-03-29T12:00", "2026-03-30T12:00"]


@pytest.mark.parametrize(
    "expression",
    ["every(5 minutes)", "rate(0 minutes)", "rate(5)", "cron(0 9 * * *)", "cron(0 9 * * * *)",
     "cron(61 9 * * ? *)", "cron(0 9 ? * ? *)", "at(2026-13-01T00:00:00)", "cron(x 9 * * ? *)"],
)  # fmt: skip
def test_malformed_expressions_are_refused(expression: str) -> None:
    with pytest.raises(ScheduleExpressionError):
        parse_schedule(expression)


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(ScheduleExpressionError, match="Mars/Olympus"):
        parse_schedule("rate(1 day)", "Mars/Olympus")


@given(
    minute=st.integers(0, 59),
    hour=st.integers(0, 23),
    start=st.floats(1_700_000_000, 1_900_000_000),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]),
)
def test_a_daily_time_is_next_within_two_days_and_reads_as_asked(
    minute: int, hour: int, start: float, zone: str
) -> None:
    schedule = parse_schedule(f"cron({minute} {hour} * * ? *)", zone)
    due = schedule.next_after(start, started=start)
    assert due is not None
    assert start < due <= start + 2 * 86_400 + 3600
    local = datetime.fromtimestamp(due, schedule.zone)
    assert (local.hour, local.minute) == (hour, minute)
