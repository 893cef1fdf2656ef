from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.campaigns.domain import figures
from chalicelib.campaigns.domain.campaign import CampaignStatus
from chalicelib.campaigns.domain.contact import ContactStatus
from chalicelib.campaigns.domain.holds import LARGEST_CAP, LONGEST_CAP_DAYS
from chalicelib.campaigns.ports.calls import Call, DialTask
from chalicelib.campaigns.service import dialing, moves
from chalicelib.core.clock import FixedClock
from chalicelib.core.errors import TransientError
from tests.fakes.campaigns.calls import FakeCarrier
from tests.fakes.campaigns.samples import MONDAY_NOON, campaign, contact
from tests.unit.campaigns.service.desk import Desk

FIRST = DialTask("spring", "c0000001", 1, 1)


@pytest.fixture
def desk() -> Desk:
    """One contact, queued."""
    desk = Desk(contact(1))
    desk.dispatch()
    return desk


def test_a_queued_contact_is_called_once_however_often_its_message_comes(desk: Desk) -> None:
    assert desk.dial(FIRST, FIRST) == ["1"]
    assert desk.dial(FIRST) == []
    (call,) = desk.carrier.placed.values()
    assert call.times_asked == 1
    assert call.call.attempt_key == "spring:c0000001:1"
    assert call.call.attributes["contactId"] == "c0000001"
    assert desk.contact(1).call_id == call.call_id
    assert desk.people.attempts[contact(1).phone] == (("spring:c0000001:1", MONDAY_NOON),)


def test_an_attempt_claimed_and_not_placed_is_placed_under_the_same_key(desk: Desk) -> None:
    desk.carrier.broken = TransientError("no answer")
    assert desk.dial(FIRST) == ["0"]
    assert desk.contact(1).status is ContactStatus.CALLING
    desk.carrier.broken = None
    assert desk.dial(FIRST) == []
    assert list(desk.carrier.placed) == ["spring:c0000001:1"]
    assert len(desk.people.attempts[contact(1).phone]) == 1


def test_a_busy_carrier_gives_the_contact_back_to_the_queue(desk: Desk) -> None:
    desk.carrier.busy = True
    assert desk.dial(FIRST) == ["0"]
    assert desk.contact(1).status is ContactStatus.QUEUED
    desk.carrier.busy = False
    assert desk.dial(FIRST) == []
    assert desk.contact(1).status is ContactStatus.CALLING


def test_a_claim_forgets_the_id_that_another_dialer_noted_before_the_carrier_was_busy(desk: Desk) -> None:
    noted = replace(desk.contact(1), call_id="call-1")
    assert moves.claim(noted, MONDAY_NOON).after.call_id is None


def test_a_refused_number_is_invalid(desk: Desk) -> None:
    desk.carrier.refused.add(contact(1).phone)
    assert desk.dial(FIRST) == []
    assert desk.contact(1).status is ContactStatus.INVALID


def test_a_message_of_another_attempt_does_nothing(desk: Desk) -> None:
    before = desk.contact(1)
    assert desk.dial(replace(FIRST, attempt=2), replace(FIRST, contact_id="nobody")) == []
    assert desk.contact(1) == before
    assert desk.carrier.placed == {}


@pytest.mark.parametrize(
    "changes", [{"status": CampaignStatus.PAUSED}, {"status": CampaignStatus.CANCELLED}, {"generation": 2}]
)
def test_stale_messages_only_put_their_contact_back(desk: Desk, changes: dict[str, object]) -> None:
    desk.set_campaign(campaign(**changes))
    assert desk.dial(FIRST) == []
    assert desk.carrier.placed == {}
    assert desk.contact(1).status is ContactStatus.PENDING
    assert desk.contact(1).attempt == 0


def test_a_late_message_of_an_old_generation_leaves_the_new_ones_contact_alone(desk: Desk) -> None:
    desk.set_campaign(campaign(generation=2))
    desk.dial(FIRST)
    desk.run = replace(desk.run, generation=2)
    desk.dispatch()
    assert desk.dial(FIRST) == []
    assert (desk.contact(1).status, desk.contact(1).generation) == (ContactStatus.QUEUED, 2)
    assert desk.dial(replace(FIRST, generation=2)) == []
    assert desk.contact(1).status is ContactStatus.CALLING


def test_a_suppression_holds_for_messages_in_the_queue(desk: Desk) -> None:
    desk.people.add(contact(1).phone, campaign_id="spring", reason="asked", at=MONDAY_NOON)
    assert desk.dial(FIRST) == []
    assert desk.contact(1).status is ContactStatus.SUPPRESSED
    assert desk.carrier.placed == {}


def test_a_window_that_closed_meanwhile_holds_until_it_opens(desk: Desk) -> None:
    desk.later(hours=10)
    assert desk.dial(FIRST) == []
    assert desk.contact(1).waits_for == "window"
    assert desk.contact(1).next_attempt_at == MONDAY_NOON + timedelta(hours=21)
    assert desk.contact(1).attempt == 0


def test_a_message_that_comes_before_it_is_due_is_sent_again(desk: Desk) -> None:
    due_at = int(MONDAY_NOON.timestamp()) + 2_000
    assert desk.dial(replace(FIRST, due_at=due_at)) == []
    assert desk.carrier.placed == {}
    (again,) = desk.queue.sent
    assert (again.attempt, again.delay_seconds, again.due_at) == (1, 900, due_at)


def test_no_more_calls_than_lines_and_no_faster_than_the_rate() -> None:
    desk = Desk(*(contact(n) for n in range(40)), max_concurrent_calls=12)
    desk.dispatch()
    assert len(desk.dial()) == 40 - 12
    slow = Desk(*(contact(n) for n in range(40)), calls_per_second=1.0)
    slow.dispatch()
    slow.later(minutes=5)
    assert len(slow.dial()) == 40 - 10


class SlowCarrier(FakeCarrier):
    """Takes its time for each call, and lets something happen meanwhile."""

    def __init__(self, clock: FixedClock, seconds: float, meanwhile: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        self._clock, self._seconds, self._meanwhile = clock, seconds, meanwhile

    def place(self, call: Call) -> str:
        call_id = super().place(call)
        self._clock.at += timedelta(seconds=self._seconds)
        self._meanwhile()
        return call_id


def with_slow_carrier(desk: Desk, seconds: float, meanwhile: Callable[[], None] = lambda: None) -> SlowCarrier:
    carrier = SlowCarrier(desk.clock, seconds, meanwhile)
    desk.dial_ports = replace(desk.dial_ports, carrier=carrier)
    return carrier


def test_a_window_that_closes_while_a_slow_carrier_takes_calls_ends_the_batch() -> None:
    closing = datetime(2026, 6, 2, 0, 0, tzinfo=UTC)  # 20:00 in New York
    desk = Desk(*(contact(n) for n in range(10)), at=closing - timedelta(seconds=9))
    desk.dispatch()
    carrier = with_slow_carrier(desk, seconds=4)
    assert desk.dial() == []
    assert len(carrier.placed) == 3  # at 9, 5 and 1 second before
    waiting = [desk.contact(n) for n in range(10) if desk.contact(n).status is ContactStatus.PENDING]
    assert {(one.waits_for, one.attempt) for one in waiting} == {("window", 0)}
    assert len(waiting) == 7


@pytest.mark.parametrize("status", [CampaignStatus.PAUSED, CampaignStatus.CANCELLED])
def test_a_pause_or_a_cancellation_in_the_middle_of_a_batch_holds_for_the_rest_of_it(
    status: CampaignStatus,
) -> None:
    desk = Desk(*(contact(n) for n in range(10)))
    desk.dispatch()
    carrier = with_slow_carrier(desk, seconds=3, meanwhile=lambda: desk.set_campaign(campaign(status=status)))
    assert desk.dial() == []
    assert len(carrier.placed) == 1
    assert figures.in_status(desk.campaigns.counters("spring"), ContactStatus.PENDING) == 9


def test_too_many_abandoned_calls_hold_those_that_are_queued_already() -> None:
    desk = Desk(*(contact(n) for n in range(10)))
    desk.dispatch()
    today = MONDAY_NOON.date()
    desk.campaigns.count("spring", {figures.day_key(today, "live"): 100, figures.day_key(today, "abandoned"): 3})
    assert len(desk.dial()) == 10
    assert desk.carrier.placed == {}


def test_a_campaign_near_the_abandonment_limit_dials_on_fewer_lines() -> None:
    desk = Desk(*(contact(n) for n in range(10)), max_concurrent_calls=10)
    desk.dispatch()
    today = MONDAY_NOON.date()
    desk.campaigns.count("spring", {figures.day_key(today, "live"): 1000, figures.day_key(today, "abandoned"): 25})
    assert len(desk.dial()) == 5


def test_a_campaign_with_a_short_memory_leaves_the_attempts_that_another_ones_cap_counts() -> None:
    desk = Desk(contact(1), attempt_window_days=7)
    phone = contact(1).phone
    earlier = tuple((f"winter:c1:{n}", MONDAY_NOON - timedelta(days=80 - n)) for n in (1, 2))
    ancient = ("winter:c1:0", MONDAY_NOON - timedelta(days=366))
    desk.people.attempts[phone] = (ancient, *earlier)
    desk.dispatch()
    assert desk.dial() == []
    assert desk.people.attempts[phone] == (*earlier, ("spring:c0000001:1", MONDAY_NOON))


def test_a_persons_attempts_do_not_grow_beyond_what_the_largest_cap_counts() -> None:
    desk = Desk(contact(1), max_attempts_per_person=LARGEST_CAP, attempt_window_days=LONGEST_CAP_DAYS)
    phone = contact(1).phone
    old = tuple((f"winter:c1:{n}", MONDAY_NOON - timedelta(hours=500 - n)) for n in range(LARGEST_CAP + 20))
    desk.people.attempts[phone] = old[: LARGEST_CAP - 1]
    desk.dispatch()
    assert desk.dial() == []
    assert len(desk.people.attempts[phone]) == LARGEST_CAP
    again = Desk(contact(1), max_attempts_per_person=LARGEST_CAP, attempt_window_days=1)
    again.people.attempts[phone] = old
    again.dispatch()
    assert again.dial() == []
    assert again.people.attempts[phone] == (*old[-LARGEST_CAP:], ("spring:c0000001:1", MONDAY_NOON))


def test_an_unreadable_message_must_come_again_until_it_is_set_aside(desk: Desk) -> None:
    assert dialing.dial([("m1", "{"), ("m2", '{"campaign_id": 3}')], desk.dial_ports, desk.clock) == ["m1", "m2"]


def test_messages_of_an_unknown_campaign_are_dropped(desk: Desk) -> None:
    assert desk.dial(replace(FIRST, campaign_id="gone")) == []


def test_the_sums_agree_after_all_of_it(desk: Desk) -> None:
    desk.dial(FIRST)
    assert figures.mismatches(desk.campaigns.counters("spring")) == []
