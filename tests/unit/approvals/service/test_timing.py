"""Moments that come once, twice, late, or for a time that has been moved."""

from __future__ import annotations

import json

import pytest

from chalicelib.approvals.domain.approval import ApprovalState, Choice, Moment
from chalicelib.approvals.service import deciding, requesting, timing
from chalicelib.approvals.service.deciding import DecisionDraft
from chalicelib.core.errors import TransientError
from tests.fakes.approvals.world import ANA, BEN, FakeRoom

ALL = [
    (0.5, Moment.FIRST_REMINDER),
    (0.9, Moment.LAST_REMINDER),
    (0.95, Moment.ESCALATION),
    (1.0, Moment.EXPIRY),
]


@pytest.fixture
def asked(fakes: FakeRoom) -> str:
    return requesting.request(fakes.wait(), fakes.room())["approvalId"]


def wake(fakes: FakeRoom, approval_id: str, share: float, moment: Moment) -> None:
    fakes.after(share)
    timing.wake(timing.Call(approval_id, moment), fakes.room())


@pytest.mark.parametrize("times", [1, 3])
def test_a_day_without_a_decision(fakes: FakeRoom, asked: str, times: int) -> None:
    for share, moment in ALL:
        for _ in range(times):
            wake(fakes, asked, share, moment)
    assert fakes.notices.events() == [
        "ApprovalRequested",
        "ApprovalReminded",
        "ApprovalReminded",
        "ApprovalEscalated",
        "ApprovalExpired",
    ]
    assert len(fakes.chat.messages) == 5, "the question and four in its thread"
    assert fakes.chat.buttons() == []
    approval = fakes.approvals.get(asked)
    assert (approval.state, approval.deciders) == (ApprovalState.EXPIRED, (ANA, BEN))
    whats = [entry.what for entry in fakes.approvals.entries]
    assert whats == ["requested", "first_reminder", "last_reminder", "escalation", "expiry"]


def test_the_escalation_mentions_the_next_level_which_may_then_decide(fakes: FakeRoom, asked: str) -> None:
    wake(fakes, asked, 0.95, Moment.ESCALATION)
    assert fakes.notices.published[-1][1]["asked"] == [BEN]
    question, note = (str(message.blocks) + message.text for _, message, _ in fakes.chat.messages)
    assert BEN in note
    assert "<@U0ANA>, ben@example.com" in question
    deciding.decide(asked, DecisionDraft(Choice.APPROVED), BEN, "test", fakes.room())
    assert fakes.machines.answers[0][1]["decidedBy"] == BEN


@pytest.mark.parametrize(("share", "moment"), ALL)
def test_after_a_decision_nothing_is_said(fakes: FakeRoom, asked: str, share: float, moment: Moment) -> None:
    deciding.decide(asked, DecisionDraft(Choice.APPROVED), ANA, "test", fakes.room())
    said, told = list(fakes.chat.messages), list(fakes.notices.published)
    wake(fakes, asked, share, moment)
    assert (fakes.chat.messages, fakes.notices.published) == (said, told)
    assert fakes.approvals.get(asked).state is ApprovalState.DECIDED


@pytest.mark.parametrize(("share", "moment"), ALL)
def test_too_early_does_nothing(fakes: FakeRoom, asked: str, share: float, moment: Moment) -> None:
    before = fakes.approvals.get(asked)
    wake(fakes, asked, share - 0.01, moment)
    assert fakes.approvals.get(asked) == before


def test_a_moment_for_a_time_that_was_moved_does_nothing(fakes: FakeRoom, asked: str) -> None:
    fakes.after(0.4)
    requesting.request(fakes.wait("token-2"), fakes.room())
    wake(fakes, asked, 1.0, Moment.EXPIRY)
    assert fakes.approvals.get(asked).state is ApprovalState.PENDING
    wake(fakes, asked, 1.4, Moment.EXPIRY)
    assert fakes.approvals.get(asked).state is ApprovalState.EXPIRED


def test_a_reminder_that_comes_after_the_end_is_the_end(fakes: FakeRoom, asked: str) -> None:
    wake(fakes, asked, 1.5, Moment.FIRST_REMINDER)
    assert fakes.approvals.get(asked).state is ApprovalState.EXPIRED
    assert fakes.notices.events() == ["ApprovalRequested", "ApprovalExpired"]


def test_a_reminder_nobody_could_be_told_comes_again(fakes: FakeRoom, asked: str) -> None:
    fakes.chat.failing = fakes.notices.failing = TransientError("down")
    with pytest.raises(TransientError):
        wake(fakes, asked, 0.5, Moment.FIRST_REMINDER)
    fakes.chat.failing = fakes.notices.failing = None
    wake(fakes, asked, 0.5, Moment.FIRST_REMINDER)
    assert fakes.notices.events() == ["ApprovalRequested", "ApprovalReminded"]


def test_messages_fail_one_by_one(fakes: FakeRoom, asked: str) -> None:
    fakes.after(0.5)
    good = json.dumps({"approvalId": asked, "moment": "first_reminder"})
    unknown = json.dumps({"approvalId": "0" * 32, "moment": "expiry"})
    failed = timing.wake_all([("1", "no json"), ("2", good), ("3", unknown), ("4", "{}")], fakes.room())
    assert failed == ["1", "4"], "an approval that is gone needs nothing any more"
    assert "ApprovalReminded" in fakes.notices.events()
