from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from chalicelib.campaigns.domain.campaign import CallingWindow, IvrFlow, RetryRule, Weekday
from chalicelib.campaigns.domain.validation import problems
from tests.unit.campaigns.domain.examples import campaign, utc, window

NOW = utc("2025-06-02 00:00")


def found(**changes: Any) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in problems(campaign(**changes), now=NOW)]


def test_a_valid_campaign_has_no_problem() -> None:
    assert found(zone="Europe/Berlin", start_at=NOW, end_at=utc("2025-06-09 00:00")) == []


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"name": " "}, "name", "required"),
        ({"caller_id": "020 7946 0000"}, "callerId", "not_e164"),
        ({"caller_id": "+0123456789"}, "callerId", "not_e164"),
        ({"default_region": "usa"}, "defaultRegion", "unknown_region"),
        ({"zone": "Europe/Atlantis"}, "zone", "unknown_zone"),
        ({"windows": ()}, "windows", "no_windows"),
        (
            {"windows": (window("09:00", "17:00"), window("17:00", "09:00"))},
            "windows[1].end",
            "window_ends_before_start",
        ),
        ({"windows": (window("09:00", "09:00"),)}, "windows[0].end", "window_ends_before_start"),
        ({"windows": (window("09:00", "17:00", ()),)}, "windows[0].days", "no_days"),
        ({"windows": (window("09:00", "17:00:30"),)}, "windows[0].end", "not_whole_minutes"),
        ({"windows": (window("09:00+02:00", "17:00"),)}, "windows[0].start", "has_offset"),
        ({"start_at": utc("2025-06-03 00:00"), "end_at": utc("2025-06-03 00:00")}, "endAt", "ends_before_start"),
        ({"end_at": NOW}, "endAt", "end_in_the_past"),
        ({"end_at": datetime(2025, 6, 9)}, "endAt", "no_offset"),  # noqa: DTZ001
        ({"holiday_calendars": ("US-federal", "Moon")}, "holidayCalendars[1]", "unknown_calendar"),
        ({"calls_per_second": 0.0}, "callsPerSecond", "not_positive"),
        ({"calls_per_second": float("nan")}, "callsPerSecond", "not_positive"),
        ({"max_concurrent_calls": 0}, "maxConcurrentCalls", "not_positive"),
        ({"max_attempts_per_person": 0}, "maxAttemptsPerPerson", "not_positive"),
        ({"attempt_window_days": 0}, "attemptWindowDays", "not_positive"),
        ({"retry_rules": {"bussy": RetryRule(1, 1)}}, "retryRules.bussy", "unknown_disposition"),
        ({"retry_rules": {"answered": RetryRule(1, 1)}}, "retryRules.answered", "final_disposition"),
        ({"retry_rules": {"busy": RetryRule(-1, 1)}}, "retryRules.busy.delayMinutes", "negative"),
        ({"retry_rules": {"busy": RetryRule(1, 0)}}, "retryRules.busy.maxAttempts", "not_positive"),
        ({"ivr": IvrFlow("hello", ())}, "ivr.nodes", "no_nodes"),
    ],
)
def test_each_mistake_is_named_with_its_place(changes: dict[str, Any], path: str, code: str) -> None:
    assert found(**changes) == [(path, code)]


def test_all_problems_are_reported_at_once() -> None:
    broken = {
        "name": "",
        "caller_id": "",
        "default_region": "",
        "zone": "",
        "windows": (CallingWindow((), time(17), time(9)), window("12:00", "11:00")),
        "start_at": utc("2025-05-02 00:00"),
        "end_at": utc("2025-05-01 00:00"),
        "holiday_calendars": ("Moon",),
        "calls_per_second": -1.0,
        "max_concurrent_calls": -1,
        "max_attempts_per_person": -1,
        "attempt_window_days": -1,
        "retry_rules": {"x": RetryRule(-1, -1)},
        "ivr": IvrFlow("hello", ()),
    }
    assert [path for path, _ in found(**broken)] == [
        "name",
        "callerId",
        "defaultRegion",
        "zone",
        "windows[0].days",
        "windows[0].end",
        "windows[1].end",
        "endAt",
        "endAt",
        "holidayCalendars[0]",
        "callsPerSecond",
        "maxConcurrentCalls",
        "maxAttemptsPerPerson",
        "attemptWindowDays",
        "retryRules.x",
        "retryRules.x.delayMinutes",
        "retryRules.x.maxAttempts",
        "ivr.nodes",
    ]


def test_a_campaign_whose_windows_never_open_between_start_and_end_says_so() -> None:
    weekend = (window("09:00", "17:00", (Weekday.SATURDAY,)),)
    week = {"start_at": datetime(2025, 6, 2, tzinfo=UTC), "end_at": datetime(2025, 6, 6, tzinfo=UTC)}
    assert found(windows=weekend, **week) == [("windows", "never_open")]
    assert found(**week) == []
    assert found(**week, restricted_dates=tuple(date(2025, 6, day) for day in range(1, 7))) == [
        ("windows", "never_open")
    ]


def test_messages_say_what_was_found_and_what_would_be_right() -> None:
    (problem,) = problems(campaign(windows=(window("17:00", "09:30"),)), now=NOW)
    assert problem.message == "09:30 is not after the start, 17:00; split a window at midnight"
