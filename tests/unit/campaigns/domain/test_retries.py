from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.campaigns.domain.campaign import RetryRule, Weekday
from chalicelib.campaigns.domain.contact import ContactStatus, Disposition
from chalicelib.campaigns.domain.retries import DAYPART_SEARCH, Daypart, after, daypart
from chalicelib.campaigns.domain.windows import WindowBook, is_legal
from tests.unit.campaigns.domain.examples import EVERY_DAY, campaign, contact, utc, window

TEN = utc("2025-06-02 14:00")  # a Monday, ten in New York
RETRIED = [d for d in Disposition if d not in ("answered", "opted_out", "invalid_number")]


@pytest.mark.parametrize(
    ("disposition", "status"),
    [
        (Disposition.ANSWERED, ContactStatus.REACHED),
        (Disposition.OPTED_OUT, ContactStatus.SUPPRESSED),
        (Disposition.INVALID_NUMBER, ContactStatus.INVALID),
    ],
)
def test_final_dispositions_end_the_contact(disposition: Disposition, status: ContactStatus) -> None:
    outcome = after(disposition, contact(attempt=1), campaign(), TEN)
    assert (outcome.status, outcome.next_attempt_at, outcome.reason) == (status, None, disposition.value)


def test_a_busy_line_in_the_morning_is_called_in_the_afternoon() -> None:
    outcome = after(Disposition.BUSY, contact(attempt=1), campaign(), TEN)
    assert (outcome.status, outcome.reason) == (ContactStatus.PENDING, "retry_busy")
    assert outcome.next_attempt_at == utc("2025-06-02 16:00")  # noon in New York


def test_voicemail_waits_a_day_and_goes_to_another_part_of_it() -> None:
    outcome = after(Disposition.VOICEMAIL, contact(attempt=1), campaign(), TEN)
    assert outcome.next_attempt_at == utc("2025-06-03 16:00")


def test_where_no_week_has_another_part_of_the_day_the_same_one_is_taken() -> None:
    mornings = campaign(windows=(window("09:00", "12:00"),))
    outcome = after(Disposition.NO_ANSWER, contact(attempt=1), mornings, TEN)
    assert outcome.next_attempt_at == utc("2025-06-03 13:00")


def test_another_part_of_the_day_is_worth_waiting_for_within_a_week() -> None:
    windows = (
        window("09:00", "12:00", (Weekday.MONDAY, Weekday.TUESDAY)),
        window("13:00", "15:00", (Weekday.FRIDAY,)),
    )
    outcome = after(Disposition.NO_ANSWER, contact(attempt=1), campaign(windows=windows), TEN)
    assert outcome.next_attempt_at == utc("2025-06-06 17:00")


def test_the_last_attempt_exhausts_the_contact() -> None:
    assert after(Disposition.BUSY, contact(attempt=3), campaign(), TEN).status is ContactStatus.PENDING
    outcome = after(Disposition.BUSY, contact(attempt=4), campaign(), TEN)
    assert (outcome.status, outcome.next_attempt_at, outcome.reason) == (
        ContactStatus.EXHAUSTED,
        None,
        "attempts_used",
    )


def test_the_campaigns_own_rule_comes_first() -> None:
    own = campaign(retry_rules={"busy": RetryRule(delay_minutes=180, max_attempts=2)})
    assert after(Disposition.BUSY, contact(attempt=1), own, TEN).next_attempt_at == utc("2025-06-02 17:00")
    assert after(Disposition.BUSY, contact(attempt=2), own, TEN).status is ContactStatus.EXHAUSTED
    assert after(Disposition.NO_ANSWER, contact(attempt=2), own, TEN).status is ContactStatus.PENDING


def test_no_legal_time_before_the_end_expires_the_contact() -> None:
    ending = campaign(end_at=utc("2025-06-02 21:00"))
    outcome = after(Disposition.VOICEMAIL, contact(attempt=1), ending, TEN)
    assert (outcome.status, outcome.reason) == (ContactStatus.EXPIRED, "no_legal_time_left")


@pytest.mark.parametrize(
    ("wall", "part"),
    [
        ("09:00", Daypart.MORNING),
        ("12:00", Daypart.AFTERNOON),
        ("16:59", Daypart.AFTERNOON),
        ("17:00", Daypart.EVENING),
    ],
)
def test_dayparts_are_of_the_contacts_wall_clock(wall: str, part: Daypart) -> None:
    assert daypart("Africa/Lagos", utc(f"2025-06-02 {wall}") - timedelta(hours=1)) is part


ZONE_SETS = st.sampled_from(
    [
        ("America/New_York",),
        ("America/New_York", "America/Chicago"),
        ("America/Los_Angeles", "America/New_York"),
        ("Asia/Beirut",),  # skips midnight in spring
        ("America/Asuncion",),  # repeats the hour before midnight in autumn
        ("Australia/Sydney",),
    ]
)
HOURS = st.tuples(st.integers(0, 23), st.integers(0, 23)).map(lambda ab: (min(ab), max(ab) + 1))
WINDOWS = st.builds(
    lambda hours, days: window(
        f"{hours[0]:02}:00", f"{hours[1]:02}:00" if hours[1] < 24 else "23:59", tuple(days)
    ),
    HOURS,
    st.sets(st.sampled_from(EVERY_DAY), min_size=1),
)


@settings(max_examples=80, deadline=None)
@given(
    ZONE_SETS,
    st.lists(WINDOWS, min_size=1, max_size=2),
    st.sampled_from(RETRIED),
    st.integers(0, 500 * 96).map(lambda n: datetime(2023, 9, 1, tzinfo=UTC) + timedelta(minutes=15 * n)),
)
def test_a_retry_is_legal_not_early_and_never_in_the_same_daypart_if_another_is_possible(
    zones: tuple[str, ...], windows: list[object], disposition: Disposition, at: datetime
) -> None:
    rules = campaign(windows=tuple(windows))
    book = WindowBook(rules)
    outcome = after(disposition, contact(attempt=1, zones=zones), rules, at, book=book)
    found = outcome.next_attempt_at
    if found is None:
        assert outcome.status is ContactStatus.EXPIRED
        assert book.next_legal(zones, at + timedelta(days=2)) is None
        return
    assert is_legal(rules, zones, found)
    assert found >= at + timedelta(minutes=30)
    before = {zone: daypart(zone, at) for zone in zones}
    if all(daypart(zone, found) != part for zone, part in before.items()):
        return
    quarter = found
    while quarter <= found + DAYPART_SEARCH:
        other = all(daypart(zone, quarter) != part for zone, part in before.items())
        assert not (other and is_legal(rules, zones, quarter))
        quarter += timedelta(minutes=15)
