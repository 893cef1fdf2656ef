from __future__ import annotations

from datetime import date, timedelta

import pytest

from chalicelib.core.clock import FixedClock
from chalicelib.core.slack import SlackUnavailableError
from chalicelib.tickets.domain.assignment import Assignment, AssignmentState, LabelKind, label
from chalicelib.tickets.errors import TicketNotFoundError
from chalicelib.tickets.service import parsing, telling
from tests.fakes.tickets.samples import ADA, BEN, MONDAY_NOON, recommendation, record
from tests.fakes.tickets.stores import FakeSmeDirectory, FakeTicketStore
from tests.fakes.tickets.world import FakeMessenger


class Desk:
    def __init__(self) -> None:
        self.smes = FakeSmeDirectory([ADA, BEN])
        self.store = FakeTicketStore(self.smes)
        self.slack = FakeMessenger()
        self.clock = FixedClock(MONDAY_NOON)
        self.ports = telling.Ports(self.store, self.smes, self.slack, "C0SUPPORT", "C0OPERATIONS")
        self.store.save(record(standing="failed", problem="SlackNotificationFailed"))
        self.store.save_recommendation(recommendation())
        parsing.offer(recommendation(), self.store)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_recommendation_is_posted_again_and_noted(desk: Desk) -> None:
    desk.slack.error = SlackUnavailableError("down")
    with pytest.raises(SlackUnavailableError):
        telling.post_again("12345", desk.ports, desk.clock)
    assert desk.store.records["12345"].problem
    desk.slack.error = None
    first = telling.post_again("12345", desk.ports, desk.clock)
    assert telling.post_again("12345", desk.ports, desk.clock) == first
    kept = desk.store.records["12345"]
    assert (kept.standing, kept.problem, kept.message_ts) == ("posted", "", first["message_ts"])
    assert len(desk.slack.messages) == 1


def test_what_was_never_recommended_cannot_be_posted(desk: Desk) -> None:
    desk.store.save(record(ticket_id="7", recommendation_id=""))
    for ticket_id in ("7", "404"):
        with pytest.raises(TicketNotFoundError):
            telling.post_again(ticket_id, desk.ports, desk.clock)


def test_last_weeks_share_is_said_once(desk: Desk) -> None:
    before = desk.store.assignment("12345")
    assert before is not None
    after = Assignment("12345", "cre001", AssignmentState.ACCEPTED, "run-1", MONDAY_NOON, 2)
    row = label(
        LabelKind.ACCEPTED, "cre001", ticket_id="12345", by="U00ADA", at=MONDAY_NOON,
        recommendation=recommendation(), revision=1,
    )  # fmt: skip
    desk.store.move(before, after, row)
    desk.clock.at = MONDAY_NOON + timedelta(days=7)
    assert telling.post_weekly_share(desk.ports, desk.clock) == {"week": "2026-W23", "experts": 1}
    telling.post_weekly_share(desk.ports, desk.clock)
    ((channel, message),) = desk.slack.messages
    assert channel == "C0OPERATIONS"
    assert "Ada Ruiz: 1 taken (100%), 0 solved, 0 refused" in str(message.blocks)


@pytest.mark.parametrize(
    ("today", "week"),
    [(date(2026, 1, 5), "2026-W01"), (date(2027, 1, 4), "2026-W53"), (date(2026, 6, 8), "2026-W23")],
)
def test_the_week_before(today: date, week: str) -> None:
    assert telling.last_week(today) == week
