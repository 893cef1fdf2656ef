from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.campaigns.domain.holds import READY, HoldReason, cap_released_at, judge
from chalicelib.campaigns.domain.windows import WindowBook, is_legal
from tests.unit.campaigns.domain.examples import campaign, contact, utc

OPEN, NIGHT = utc("2025-06-02 15:00"), utc("2025-06-03 03:00")
MORNING = utc("2025-06-03 13:00")
CAMPAIGN = campaign(max_attempts_per_person=2, attempt_window_days=7)
BOOK = WindowBook(CAMPAIGN)


def test_who_nothing_holds_is_ready() -> None:
    assert judge(contact(), CAMPAIGN, OPEN, book=BOOK) == READY


def test_a_suppressed_contact_is_held_for_good_whatever_the_hour() -> None:
    decision = judge(contact(), CAMPAIGN, OPEN, book=BOOK, suppressed=True)
    assert (decision.ready, decision.reason, decision.next_eligible_at) == (False, HoldReason.SUPPRESSED, None)


def test_an_unknown_zone_is_held_for_good_and_said() -> None:
    decision = judge(contact(zones=()), CAMPAIGN, OPEN, book=BOOK)
    assert (decision.reason, decision.next_eligible_at) == (HoldReason.UNKNOWN_ZONE, None)


def test_at_night_the_window_holds_until_it_opens() -> None:
    decision = judge(contact(), CAMPAIGN, NIGHT, book=BOOK)
    assert (decision.reason, decision.next_eligible_at) == (HoldReason.WINDOW, MORNING)


def test_a_restricted_date_is_told_from_a_closed_window() -> None:
    closed = campaign(restricted_dates=(date(2025, 6, 2),))
    decision = judge(contact(), closed, OPEN, book=WindowBook(closed))
    assert (decision.reason, decision.next_eligible_at) == (HoldReason.RESTRICTED_DATE, MORNING)


def test_a_retry_waits_for_its_time() -> None:
    due = OPEN + timedelta(minutes=30)
    assert judge(contact(next_attempt_at=due), CAMPAIGN, due, book=BOOK).ready
    decision = judge(contact(next_attempt_at=due), CAMPAIGN, OPEN, book=BOOK)
    assert (decision.reason, decision.next_eligible_at) == (HoldReason.RETRY_DELAY, due)


def test_a_retry_due_at_night_is_held_by_the_window() -> None:
    decision = judge(contact(next_attempt_at=NIGHT), CAMPAIGN, OPEN, book=BOOK)
    assert (decision.reason, decision.next_eligible_at) == (HoldReason.WINDOW, MORNING)


def test_the_persons_cap_frees_the_oldest_attempt_after_its_days() -> None:
    attempts = [OPEN - timedelta(days=1), OPEN - timedelta(days=6), OPEN - timedelta(days=8)]
    decision = judge(contact(), CAMPAIGN, OPEN, book=BOOK, person_attempts=attempts)
    assert (decision.reason, decision.next_eligible_at) == (HoldReason.PERSON_CAP, OPEN + timedelta(days=1))
    assert judge(contact(), CAMPAIGN, OPEN, book=BOOK, person_attempts=attempts[1:]).ready


def test_held_beyond_the_end_is_held_for_good() -> None:
    ending = campaign(end_at=OPEN + timedelta(hours=1))
    late = contact(next_attempt_at=OPEN + timedelta(hours=2))
    decision = judge(late, ending, OPEN, book=WindowBook(ending))
    assert (decision.reason, decision.next_eligible_at) == (HoldReason.WINDOW, None)
    assert not judge(contact(), ending, OPEN + timedelta(hours=1), book=WindowBook(ending)).ready


MINUTES = st.integers(0, 10 * 24 * 60)


@settings(max_examples=150, deadline=None)
@given(st.lists(MINUTES, max_size=6), MINUTES, MINUTES, st.integers(1, 3))
def test_a_held_contact_is_ready_at_the_instant_named_and_not_a_minute_before(
    attempts: list[int], retry: int, minutes: int, cap: int
) -> None:
    now = datetime(2025, 6, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    rules = campaign(max_attempts_per_person=cap)
    book = WindowBook(rules)
    past = [now - timedelta(minutes=m) for m in attempts]
    waiting = contact(next_attempt_at=datetime(2025, 6, 1, tzinfo=UTC) + timedelta(minutes=retry))
    decision = judge(waiting, rules, now, book=book, person_attempts=past)
    if decision.ready:
        assert decision.reason is None
        assert is_legal(rules, waiting.zones, now)
        return
    assert decision.next_eligible_at is not None
    assert decision.next_eligible_at > now
    assert judge(waiting, rules, decision.next_eligible_at, book=book, person_attempts=past).ready
    just_before = decision.next_eligible_at - timedelta(minutes=1)
    assert just_before < now or not judge(waiting, rules, just_before, book=book, person_attempts=past).ready


def test_the_cap_is_free_while_fewer_attempts_count() -> None:
    assert cap_released_at([], CAMPAIGN, OPEN) is None
    assert cap_released_at([OPEN - timedelta(days=7), OPEN], CAMPAIGN, OPEN) is None
