from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.campaigns.domain import figures
from chalicelib.campaigns.domain.campaign import CampaignStatus
from chalicelib.campaigns.domain.contact import ContactStatus, Disposition
from chalicelib.campaigns.service import watching
from chalicelib.core.errors import TransientError
from tests.fakes.campaigns.samples import MONDAY_NOON, campaign, contact
from tests.unit.campaigns.service.desk import Desk


@pytest.fixture
def desk() -> Desk:
    """One contact, queued."""
    desk = Desk(contact(1))
    desk.dispatch()
    return desk


def test_a_contact_queued_and_not_called_is_taken_back_with_its_attempt(desk: Desk) -> None:
    desk.later(minutes=9)
    desk.check()
    assert desk.contact(1).status is ContactStatus.QUEUED
    desk.later(minutes=2)
    assert desk.check()["needsMoreContacts"]
    assert desk.contact(1).status is ContactStatus.PENDING
    assert desk.contact(1).attempt == 0


def test_a_call_nobody_told_the_end_of_is_asked_for(desk: Desk) -> None:
    desk.dial()
    desk.carrier.end("spring:c0000001:1", Disposition.ANSWERED, MONDAY_NOON)
    desk.later(minutes=11)
    assert desk.check()["status"] == "completed"
    assert desk.contact(1).status is ContactStatus.REACHED


def test_a_call_that_was_perhaps_never_placed_is_sent_again_under_its_key(desk: Desk) -> None:
    desk.carrier.broken = TransientError("no answer")
    desk.dial()
    desk.later(minutes=11)
    desk.check()
    (task,) = desk.queue.sent
    assert (task.contact_id, task.attempt) == ("c0000001", 1)
    desk.carrier.broken = None
    desk.dial()
    assert list(desk.carrier.placed) == ["spring:c0000001:1"]


def test_after_two_hours_without_news_the_attempt_counts_as_failed(desk: Desk) -> None:
    desk.dial()
    desk.later(minutes=121)
    desk.check()
    assert desk.contact(1).last_disposition is Disposition.FAILED


def test_a_carrier_out_of_order_is_asked_once_a_look() -> None:
    desk = Desk(*(contact(n) for n in range(5)))
    desk.dispatch()
    desk.dial()
    desk.carrier.broken = TransientError("no answer")
    desk.later(minutes=11)
    desk.check()
    assert desk.carrier.questions == 1
    desk.later(minutes=110)
    desk.check()
    assert {desk.contact(n).last_disposition for n in range(5)} == {Disposition.FAILED}


def test_a_look_costs_the_same_for_any_number_of_contacts() -> None:
    reads = []
    for contacts in (10, 2_000):
        desk = Desk(*(contact(n) for n in range(contacts)))
        desk.dispatch()
        before = desk.campaigns.counter_reads
        desk.check()
        reads.append(desk.campaigns.counter_reads - before)
    assert reads == [1, 1]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"status": CampaignStatus.PAUSED}, "paused"),
        ({"generation": 2}, "paused"),
        ({"active_execution": "another"}, "paused"),
        ({"status": CampaignStatus.FAILED}, "failed"),
        ({"status": CampaignStatus.CANCELLED}, "cancelled"),
    ],
)
def test_where_the_campaign_stands_is_said(desk: Desk, changes: dict[str, Any], status: str) -> None:
    desk.set_campaign(campaign(**changes))
    result = desk.check()
    assert result["status"] == status
    assert not result["needsMoreContacts"]


def test_a_cancelled_campaign_lets_its_calls_end(desk: Desk) -> None:
    desk.dial()
    desk.set_campaign(campaign(status=CampaignStatus.CANCELLED))
    assert desk.check()["status"] == "draining"
    desk.end("spring:c0000001:1", Disposition.ANSWERED)
    assert desk.check()["status"] == "cancelled"


def test_waiting_contacts_of_a_cancelled_campaign_read_as_expired(desk: Desk) -> None:
    desk.set_campaign(campaign(status=CampaignStatus.CANCELLED))
    result = desk.check()
    assert result["metrics"]["statuses"]["expired"] == 1
    assert result["completionPercentage"] == 100


def test_held_contacts_are_slept_for_until_their_window_opens() -> None:
    desk = Desk(contact(1), at=MONDAY_NOON + timedelta(hours=10))
    desk.dispatch()
    result = desk.check()
    assert result["waitSeconds"] == 11 * 3600
    assert result["metrics"]["held"] == {"window": 1}
    assert not result["needsMoreContacts"]


def test_no_sleep_goes_beyond_the_end() -> None:
    end_at = MONDAY_NOON + timedelta(hours=12)
    desk = Desk(contact(1), at=MONDAY_NOON + timedelta(hours=10), end_at=end_at)
    desk.dispatch()
    assert desk.check()["waitSeconds"] == 2 * 3600 or desk.result["status"] == "completed"


def test_while_the_queue_drains_the_wait_follows_it() -> None:
    desk = Desk(*(contact(n) for n in range(4_000)), calls_per_second=2.0)
    assert desk.dispatch().contact_count == 1_800
    assert desk.check()["waitSeconds"] == 810
    assert not desk.result["needsMoreContacts"]


def test_contacts_that_can_never_be_called_do_not_keep_the_campaign_open() -> None:
    desk = Desk(contact(1, zones=()))
    desk.dispatch()
    assert desk.check()["status"] == "completed"
    assert desk.result["metrics"]["statuses"]["expired"] == 1


def test_history_is_counted_with_its_retries(desk: Desk) -> None:
    turn = watching.Turn(desk.run, desk.result, 1, 2)
    assert turn.history_events() == 8 + 9 + 7 + 3 * 3
    spent = replace(turn, before={**desk.result, "historyEvents": 19_990})
    assert watching.check(spent, desk.watch_ports, desk.clock)["historyBudgetSpent"]


def abandoned(desk: Desk, live: int, abandoned: int) -> None:
    """Write into today's counters that ``abandoned`` of ``live`` answers were left without a voice."""
    today = desk.clock.at.date()
    counts = {figures.day_key(today, "live"): live, figures.day_key(today, "abandoned"): abandoned}
    desk.campaigns.count("spring", counts)


def test_over_the_abandonment_limit_everybody_is_held_until_an_old_day_is_forgotten() -> None:
    desk = Desk(*(contact(n) for n in range(20)))
    abandoned(desk, live=1_000, abandoned=30)
    wave = desk.dispatch()
    assert (wave.contact_count, wave.held) == (0, {"abandonment": 20})
    midnight = datetime(MONDAY_NOON.year, MONDAY_NOON.month, MONDAY_NOON.day, tzinfo=UTC) + timedelta(days=1)
    assert wave.next_eligible_at == midnight
    result = desk.check()
    assert result["waitSeconds"] == (midnight - desk.clock.at).total_seconds()
    assert result["metrics"]["held"] == {"abandonment": 20}
    assert not result["needsMoreContacts"]


def test_a_braked_campaign_goes_on_when_the_abandoned_calls_are_thirty_days_old() -> None:
    desk = Desk(contact(1))
    abandoned(desk, live=1_000, abandoned=40)
    desk.dispatch()
    looks = 0
    while not desk.check()["needsMoreContacts"]:
        desk.later(seconds=desk.result["waitSeconds"])
        looks += 1
    assert looks <= 31
    assert desk.dispatch().contact_count == 1


def test_a_delay_that_has_ended_does_not_wake_a_braked_campaign() -> None:
    desk = Desk(contact(1, next_attempt_at=MONDAY_NOON - timedelta(minutes=1)))
    abandoned(desk, live=1_000, abandoned=30)
    desk.dispatch()
    assert desk.check()["waitSeconds"] > 3_600


def test_a_braked_campaign_still_ends_at_its_end() -> None:
    desk = Desk(contact(1), end_at=MONDAY_NOON + timedelta(hours=2))
    abandoned(desk, live=1_000, abandoned=30)
    desk.dispatch()
    assert desk.check()["waitSeconds"] == 2 * 3_600
    desk.later(hours=2)
    assert desk.check()["status"] == "completed"
