from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.campaigns.domain.campaign import CampaignStatus
from chalicelib.campaigns.domain.contact import ContactStatus
from chalicelib.campaigns.service import dispatching
from chalicelib.core.clock import FixedClock
from tests.fakes.campaigns.samples import MONDAY_NOON, campaign, contact
from tests.unit.campaigns.service.desk import Desk


def test_a_wave_takes_the_best_that_may_be_called_now() -> None:
    in_honolulu = contact(3, zones=("Pacific/Honolulu",), priority=0.99)  # six in the morning there
    desk = Desk(contact(1, priority=0.2), contact(2, priority=0.7), in_honolulu, calls_per_second=1.0)
    wave = desk.dispatch()
    assert [task.contact_id for task in desk.queue.sent] == ["c0000002", "c0000001"]
    assert [task.delay_seconds for task in desk.queue.sent] == [0, 1]
    assert wave.contact_count == 2
    assert wave.remaining == 3
    assert wave.held == {"window": 1}
    assert wave.next_eligible_at == MONDAY_NOON + timedelta(hours=3)


def test_best_first_over_all_open_zones() -> None:
    zones = (("America/New_York",), ("America/Chicago",))
    desk = Desk(*(contact(n, zones=zones[n % 2], priority=n / 10) for n in range(8)))
    desk.dispatch()
    assert [task.contact_id for task in desk.queue.sent] == [f"c{n:07d}" for n in reversed(range(8))]


def test_a_scheduled_campaign_becomes_active() -> None:
    desk = Desk(contact(1), status=CampaignStatus.SCHEDULED)
    desk.dispatch()
    assert desk.campaigns.get("spring").status is CampaignStatus.ACTIVE


def test_a_paused_campaign_and_one_taken_over_queue_nothing() -> None:
    assert Desk(contact(1), status=CampaignStatus.PAUSED).dispatch().contact_count == 0
    assert Desk(contact(1), generation=2).dispatch().contact_count == 0
    assert Desk(contact(1), active_execution="another").dispatch().contact_count == 0


def test_the_suppressed_are_final_and_the_capped_wait_for_their_cap() -> None:
    desk = Desk(contact(1), contact(2), contact(3), max_attempts_per_person=1)
    desk.people.everywhere.add(contact(1).phone)
    last_tuesday = MONDAY_NOON - timedelta(days=6)
    desk.people.attempts[contact(2).phone] = (("winter:c:1", last_tuesday),)
    wave = desk.dispatch()
    assert wave.contact_count == 1
    assert desk.contact(1).status is ContactStatus.SUPPRESSED
    assert desk.contact(2).waits_for == "person_cap"
    assert desk.contact(2).next_attempt_at == last_tuesday + timedelta(days=7)
    assert wave.held == {"person_cap": 1}


def test_a_wave_is_no_larger_than_the_lines_need_and_goes_on_from_the_queue() -> None:
    desk = Desk(*(contact(n) for n in range(300)), calls_per_second=0.1, max_concurrent_calls=50)
    assert desk.dispatch().contact_count == 90
    assert desk.dispatch().contact_count == 0
    assert max(task.delay_seconds for task in desk.queue.sent) == 890


def test_waves_of_an_old_run_last_longer_than_a_message_can_be_delayed() -> None:
    desk = Desk(*(contact(n) for n in range(500)), calls_per_second=0.1)
    desk.run = replace(desk.run, started_at=MONDAY_NOON - timedelta(days=2))
    assert desk.dispatch().contact_count == 360
    last = desk.queue.sent[-1]
    assert last.delay_seconds == 900
    assert last.due_at == MONDAY_NOON.timestamp() + 3590


def test_requests_to_the_queue_are_full() -> None:
    desk = Desk(*(contact(n) for n in range(250)))
    desk.dispatch()
    assert desk.queue.requests == 25


def test_nobody_to_call_closes_the_campaign() -> None:
    desk = Desk(contact(1))
    desk.people.everywhere.add(contact(1).phone)
    wave = desk.dispatch()
    assert (wave.contact_count, wave.remaining, wave.called) == (0, 0, 0)
    assert desk.campaigns.get("spring").status is CampaignStatus.COMPLETED


def test_who_is_due_again_comes_first_and_never_before() -> None:
    desk = Desk(contact(1), contact(2, next_attempt_at=None))
    soon = replace(contact(5, attempt=1), next_attempt_at=MONDAY_NOON + timedelta(minutes=5))
    desk.contacts.contacts["spring"][soon.id] = soon
    desk.contacts._delayed["spring"].append((MONDAY_NOON + timedelta(minutes=5), soon.id))
    desk.dispatch()
    assert soon.id not in {task.contact_id for task in desk.queue.sent}
    desk.later(minutes=6)
    desk.dispatch()
    assert desk.queue.sent[-1].contact_id == soon.id
    assert desk.queue.sent[-1].attempt == 2


def test_the_sample_campaign_is_this_runs() -> None:
    assert Desk().run.runs(campaign())


class SlowClock(FixedClock):
    """Every look at it takes 100 seconds."""

    def now(self) -> datetime:
        self.at += timedelta(seconds=100)
        return self.at


def test_a_slow_store_makes_a_wave_shorter_not_longer_than_its_task_may_take() -> None:
    desk = Desk(*(contact(n) for n in range(600)))
    wave = dispatching.dispatch(desk.run, desk.dispatch_ports, SlowClock(MONDAY_NOON))
    assert wave.contact_count == 3 * dispatching.BATCH
    assert wave.remaining == 600
