from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.campaigns.domain import figures
from chalicelib.campaigns.domain.campaign import CampaignStatus
from chalicelib.campaigns.domain.contact import ContactStatus
from chalicelib.campaigns.ports.calls import DialTask
from chalicelib.campaigns.service import dialing, moves
from chalicelib.core.errors import TransientError
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


def test_an_unreadable_message_must_come_again_until_it_is_set_aside(desk: Desk) -> None:
    assert dialing.dial([("m1", "{"), ("m2", '{"campaign_id": 3}')], desk.dial_ports, desk.clock) == ["m1", "m2"]


def test_messages_of_an_unknown_campaign_are_dropped(desk: Desk) -> None:
    assert desk.dial(replace(FIRST, campaign_id="gone")) == []


def test_the_sums_agree_after_all_of_it(desk: Desk) -> None:
    desk.dial(FIRST)
    assert figures.mismatches(desk.campaigns.counters("spring")) == []
