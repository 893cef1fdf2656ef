from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.campaigns.domain import figures
from chalicelib.campaigns.domain.contact import ContactStatus, Disposition
from chalicelib.campaigns.service.settling import split_attempt_key
from tests.fakes.campaigns.samples import ALWAYS, contact
from tests.unit.campaigns.service.desk import Desk

FIRST = "spring:c0000001:1"


@pytest.fixture
def desk() -> Desk:
    """One contact, on the line."""
    desk = Desk(contact(1), windows=(ALWAYS,))
    desk.dispatch()
    desk.dial()
    return desk


@pytest.mark.parametrize(
    ("disposition", "status"),
    [
        (Disposition.ANSWERED, ContactStatus.REACHED),
        (Disposition.OPTED_OUT, ContactStatus.SUPPRESSED),
        (Disposition.INVALID_NUMBER, ContactStatus.INVALID),
        (Disposition.BUSY, ContactStatus.PENDING),
    ],
)
def test_what_follows_a_disposition(desk: Desk, disposition: Disposition, status: ContactStatus) -> None:
    assert desk.end(FIRST, disposition)
    assert desk.contact(1).status is status
    assert figures.mismatches(desk.campaigns.counters("spring")) == []


def test_the_same_news_twice_counts_once(desk: Desk) -> None:
    assert desk.end(FIRST, Disposition.ANSWERED)
    assert not desk.end(FIRST, Disposition.ANSWERED)
    assert desk.campaigns.counters("spring")["call:answered"] == 1


def test_late_news_of_an_earlier_attempt_does_not_end_the_next(desk: Desk) -> None:
    desk.end(FIRST, Disposition.BUSY)
    desk.later(hours=6)
    desk.dispatch()
    desk.dial()
    assert desk.contact(1).attempt == 2
    assert not desk.end(FIRST, Disposition.ANSWERED)
    assert desk.contact(1).status is ContactStatus.CALLING


def test_an_opt_out_holds_even_when_the_news_is_too_late_to_count(desk: Desk) -> None:
    desk.end(FIRST, Disposition.FAILED)
    assert not desk.end(FIRST, Disposition.OPTED_OUT)
    assert contact(1).phone in desk.people.everywhere


def test_news_of_nobody_changes_nothing(desk: Desk) -> None:
    assert not desk.end("spring:nobody:1", Disposition.ANSWERED)
    assert not desk.end("no key of ours", Disposition.ANSWERED)


def test_keys_are_taken_apart_from_the_right() -> None:
    assert split_attempt_key("a:b:c:12") == ("a:b", "c", 12)
    assert split_attempt_key("a:b:c") == ("", "", 0)


def test_the_delay_begins_when_the_call_ended(desk: Desk) -> None:
    desk.later(minutes=3)
    desk.end(FIRST, Disposition.BUSY)
    after = desk.contact(1)
    assert after.next_attempt_at is not None
    assert after.next_attempt_at >= desk.clock.at + timedelta(minutes=30)
    assert after.waits_for == "retry_delay"
