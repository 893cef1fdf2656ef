from __future__ import annotations

from collections import Counter
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.campaigns.domain import figures
from chalicelib.campaigns.domain.contact import ContactStatus, Disposition
from chalicelib.campaigns.domain.figures import HourFigures, arrived, called, moved
from chalicelib.campaigns.domain.holds import HoldReason
from tests.unit.campaigns.domain.examples import contact, utc

TEN = utc("2025-06-02 14:00")
CALLING, REACHED = ContactStatus.CALLING, ContactStatus.REACHED


def test_an_ended_call_counts_in_the_hour_of_the_contacts_wall_clock() -> None:
    counts = called(contact(attempt=2), Disposition.ANSWERED, placed_at=TEN, talk_seconds=31.6, cost_cents=4)
    assert counts == {
        "call:answered": 1,
        "attempt:2": 1,
        "hour:America/New_York:10:calls": 1,
        "hour:America/New_York:10:live": 1,
        "day:2025-06-02:live": 1,
        "cost:cents": 4,
        "talk:seconds": 32,
    }


def test_an_unanswered_call_is_no_live_answer() -> None:
    counts = called(contact(attempt=1, zones=()), Disposition.BUSY, placed_at=TEN)
    assert counts == {"call:busy": 1, "attempt:1": 1, "hour:unknown:14:calls": 1}


def test_several_zones_are_counted_under_one_name() -> None:
    assert figures.zone_label(("America/Chicago", "America/New_York")) == "several"


def test_staying_in_a_state_adds_nothing() -> None:
    assert moved(CALLING, CALLING) == {}
    assert moved(CALLING, REACHED) == {"status:calling": -1, "status:reached": 1}


def test_abandonment_looks_back_thirty_days() -> None:
    counts: Counter[str] = Counter()
    for days in (0, 29, 30):
        counts.update(called(contact(attempt=1), Disposition.ABANDONED, placed_at=TEN - timedelta(days=days)))
    assert figures.abandoned_and_live(counts, TEN.date()) == (2, 2)


def test_a_campaign_is_complete_only_when_every_contact_is() -> None:
    counts = {"total": 100_000, "status:reached": 99_999, "status:pending": 1}
    assert figures.completion_percentage(counts) == 99.99
    assert figures.completion_percentage({"total": 2, "status:reached": 1, "status:expired": 1}) == 100.0
    assert figures.completion_percentage({}) == 0.0


def test_broken_sums_are_said() -> None:
    assert figures.mismatches({"total": 3, "status:pending": 2, "call:busy": 1, "cost:cents": -1}) == [
        "3 contacts came in, 2 are in some state",
        "1 calls by disposition, 0 by attempt",
        "1 calls by disposition, 0 by hour",
        "cost:cents is -1",
    ]


def test_the_figures_of_a_small_campaign() -> None:
    counts: Counter[str] = Counter(arrived(3) | {figures.ROWS_INVALID: 2, figures.ROWS_DUPLICATE: 1})
    counts.update(figures.held({HoldReason.WINDOW: 3, HoldReason.PERSON_CAP: 0}))
    for disposition, cost in [(Disposition.ANSWERED, 5), (Disposition.VOICEMAIL, 1)]:
        counts.update(called(contact(attempt=1), disposition, placed_at=TEN, talk_seconds=20, cost_cents=cost))
    counts.update(moved(ContactStatus.PENDING, REACHED))
    report = figures.figures(counts)
    assert report.funnel == (("rows", 6), ("contacts", 3), ("called", 2), ("reached", 1))
    assert report.hours == (HourFigures("America/New_York", 10, 2, 1, 0.5),)
    assert (report.calls, report.live, report.connect_rate) == (2, 1, 0.5)
    assert (report.cost_cents, report.cost_cents_per_reached, report.talk_seconds) == (6, 6.0, 40)
    assert report.held == {"window": 3}
    assert report.attempts == {1: 2}
    assert report.statuses["pending"] == 2
    assert report.mismatches == ()


STEPS = st.lists(
    st.tuples(
        st.integers(0, 9),
        st.sampled_from(ContactStatus),
        st.one_of(st.none(), st.sampled_from(Disposition)),
        st.integers(0, 40 * 24),
    ),
    max_size=60,
)


@settings(deadline=None)
@given(STEPS)
def test_whatever_happens_the_sums_agree(
    steps: list[tuple[int, ContactStatus, Disposition | None, int]],
) -> None:
    states = [ContactStatus.PENDING] * 10
    counts: Counter[str] = Counter(arrived(10))
    for who, status, disposition, hours in steps:
        counts.update(moved(states[who], status))
        states[who] = status
        if disposition is not None:
            placed_at = TEN + timedelta(hours=hours)
            counts.update(called(contact(attempt=who + 1), disposition, placed_at=placed_at, cost_cents=who))
    report = figures.figures(counts)
    assert report.mismatches == ()
    assert sum(report.statuses.values()) == 10
    assert sum(report.dispositions.values()) == sum(hour.calls for hour in report.hours) == report.calls
