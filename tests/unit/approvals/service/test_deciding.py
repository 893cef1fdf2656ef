"""One decision, whoever presses what how often; each refusal its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.approvals.domain.approval import ApprovalState, Choice, Delivery, Moment
from chalicelib.approvals.domain.delegations import Delegation
from chalicelib.approvals.errors import (
    ApprovalDecidedError,
    ApprovalExpiredError,
    ApprovalNotFoundError,
    FourEyesError,
    NotAnApproverError,
)
from chalicelib.approvals.service import deciding, requesting, timing
from chalicelib.approvals.service.deciding import DecisionDraft, Outcome
from chalicelib.core.errors import InvalidInputError, SignalboxError, TransientError
from chalicelib.core.slack import SlackUnavailableError
from tests.fakes.approvals.world import ANA, BEN, DAY, EVA, NOON, FakeRoom

APPROVE = DecisionDraft(Choice.APPROVED)
REJECT = DecisionDraft(Choice.REJECTED, reason="too dear")


@pytest.fixture
def asked(fakes: FakeRoom) -> str:
    return requesting.request(fakes.wait(approvers=[ANA, BEN]), fakes.room())["approvalId"]


def decide(fakes: FakeRoom, approval_id: str, who: str = ANA, draft: DecisionDraft = APPROVE) -> Outcome:
    return deciding.decide(approval_id, draft, who, "test", fakes.room())


def whats(fakes: FakeRoom) -> list[str]:
    return [entry.what for entry in fakes.approvals.entries]


def test_the_machine_gets_the_whole_decision(fakes: FakeRoom, asked: str) -> None:
    outcome = decide(fakes, asked, draft=REJECT)
    assert outcome.new
    assert fakes.machines.answers == [
        (
            "token-1",
            {
                "approvalId": asked,
                "decision": "rejected",
                "choice": None,
                "decidedBy": ANA,
                "reason": "too dear",
                "decidedAt": "2026-06-01T12:00:00Z",
            },
        )
    ]
    assert whats(fakes) == ["requested", "decided", "delivered"]
    assert fakes.chat.buttons() == []
    assert "Rejected by ana@example.com" in fakes.chat.texts()[0]
    assert fakes.notices.events()[-1] == "ApprovalDecided"


def test_an_option_is_chosen(fakes: FakeRoom) -> None:
    options = [{"value": "a", "label": "Ada", "evidence": "9 like this"}, {"value": "b", "label": "Bo"}]
    approval_id = requesting.request(fakes.wait(options=options), fakes.room())["approvalId"]
    assert fakes.chat.buttons() == ["approvals:choose:0", "approvals:choose:1", "approvals:reject"]
    decide(fakes, approval_id, draft=DecisionDraft(Choice.CHOSEN, choice="b"))
    assert fakes.machines.answers[0][1]["choice"] == "b"
    assert "Chosen: Bo by" in fakes.chat.texts()[0]


class TestRefusals:
    def test_who_asked(self, fakes: FakeRoom) -> None:
        approval_id = requesting.request(fakes.wait(), fakes.room())["approvalId"]
        for name in (EVA, "EVA@example.com", "U0EVA"):
            with pytest.raises(FourEyesError):
                decide(fakes, approval_id, name)

    def test_a_stranger(self, fakes: FakeRoom, asked: str) -> None:
        with pytest.raises(NotAnApproverError):
            decide(fakes, asked, "mallory@example.com")

    def test_a_stranger_learns_nothing_of_the_outcome(self, fakes: FakeRoom, asked: str) -> None:
        decide(fakes, asked)
        with pytest.raises(NotAnApproverError):
            decide(fakes, asked, "mallory@example.com")

    def test_a_wrong_id(self, fakes: FakeRoom) -> None:
        with pytest.raises(ApprovalNotFoundError):
            decide(fakes, "0" * 32)

    def test_a_second_decision(self, fakes: FakeRoom, asked: str) -> None:
        decide(fakes, asked)
        with pytest.raises(ApprovalDecidedError, match=r"approved by ana@example.com at 2026-06-01 12:00 UTC"):
            decide(fakes, asked, BEN, REJECT)
        with pytest.raises(ApprovalDecidedError):
            decide(fakes, asked, ANA, REJECT)

    @pytest.mark.parametrize("clock_called", [False, True])
    def test_after_the_time_is_over(self, fakes: FakeRoom, asked: str, clock_called: bool) -> None:
        fakes.after(1.0)
        if clock_called:
            timing.wake(timing.Call(asked, Moment.EXPIRY), fakes.room())
        with pytest.raises(ApprovalExpiredError, match="expired at 2026-06-02 12:00 UTC"):
            decide(fakes, asked)

    def test_the_last_moment_counts(self, fakes: FakeRoom, asked: str) -> None:
        fakes.after(0.999999)
        assert decide(fakes, asked).approval.state is ApprovalState.DECIDED

    @pytest.mark.parametrize(
        ("draft", "path"),
        [
            (DecisionDraft(Choice.REJECTED, reason=" "), "reason"),
            (DecisionDraft(Choice.CHOSEN, choice="x"), "decision"),
            (DecisionDraft(Choice.APPROVED, choice="x"), "choice"),
        ],
    )
    def test_a_decision_that_does_not_fit(
        self, fakes: FakeRoom, asked: str, draft: DecisionDraft, path: str
    ) -> None:
        with pytest.raises(InvalidInputError) as caught:
            decide(fakes, asked, draft=draft)
        assert [problem.path for problem in caught.value.problems] == [path]

    def test_each_stands_in_the_trail_and_none_changes_anything(self, fakes: FakeRoom, asked: str) -> None:
        before = fakes.approvals.get(asked)
        for who in ("mallory@example.com", EVA):
            with pytest.raises(SignalboxError):
                decide(fakes, asked, who)
        refused = [entry for entry in fakes.approvals.entries if entry.what == "refused"]
        assert [(entry.who, entry.details["why"], entry.source) for entry in refused] == [
            ("mallory@example.com", "stranger", "test"),
            (EVA, "four_eyes", "test"),
        ]
        assert fakes.approvals.get(asked) == before


class TestStandingIn:
    def test_a_delegate_decides_for_the_approver(self, fakes: FakeRoom, asked: str) -> None:
        fakes.delegations.put(Delegation("d", ANA, "dan@example.com", NOON - DAY, NOON + DAY))
        outcome = decide(fakes, asked, "dan@example.com")
        assert outcome.approval.decided is not None
        assert outcome.approval.decided.on_behalf_of == ANA

    def test_not_before_nor_after(self, fakes: FakeRoom, asked: str) -> None:
        fakes.delegations.put(Delegation("d", ANA, "dan@example.com", NOON + DAY, NOON + 2 * DAY))
        with pytest.raises(NotAnApproverError):
            decide(fakes, asked, "dan@example.com")

    def test_who_asked_cannot_stand_in(self, fakes: FakeRoom, asked: str) -> None:
        fakes.delegations.put(Delegation("d", ANA, EVA, NOON - DAY, NOON + DAY))
        with pytest.raises(FourEyesError):
            decide(fakes, asked, EVA)

    @pytest.mark.parametrize("name", [ANA, "U0ANA"])
    def test_who_sent_it_in_for_another_cannot_decide_it(self, fakes: FakeRoom, name: str) -> None:
        wanted = fakes.wait(requester="sales@example.com", enteredBy=name)
        approval_id = requesting.request(wanted, fakes.room())["approvalId"]
        assert fakes.approvals.get(approval_id).deciders == (BEN,)
        for who in (name, "sales@example.com"):
            with pytest.raises(FourEyesError):
                decide(fakes, approval_id, who)
        assert decide(fakes, approval_id, BEN).new

    def test_nobody_stands_in_for_who_asked(self, fakes: FakeRoom) -> None:
        approval_id = requesting.request(fakes.wait(requester=ANA), fakes.room())["approvalId"]
        fakes.delegations.put(Delegation("d", ANA, "dan@example.com", NOON - DAY, NOON + DAY))
        with pytest.raises(NotAnApproverError):
            decide(fakes, approval_id, "dan@example.com")

    def test_it_reaches_one_step(self, fakes: FakeRoom, asked: str) -> None:
        fakes.delegations.put(Delegation("d", ANA, "dan@example.com", NOON - DAY, NOON + DAY))
        fakes.delegations.put(Delegation("e", "dan@example.com", "fay@example.com", NOON - DAY, NOON + DAY))
        with pytest.raises(NotAnApproverError):
            decide(fakes, asked, "fay@example.com")


class TestRaces:
    def test_the_same_sent_again_is_answered_as_before(self, fakes: FakeRoom, asked: str) -> None:
        first = decide(fakes, asked)
        fakes.after(0.1)
        again = decide(fakes, asked)
        assert (first.new, again.new) == (True, False)
        assert again.approval == first.approval
        assert len(fakes.machines.answers) == 1

    def test_two_at_once_one_wins(self, fakes: FakeRoom, asked: str) -> None:
        def other_first(before: Any, after: Any) -> None:
            fakes.approvals.before_move = lambda before, after: None
            decide(fakes, asked, BEN, REJECT)

        fakes.approvals.before_move = other_first
        with pytest.raises(ApprovalDecidedError, match=r"rejected by ben@example\.com"):
            decide(fakes, asked, ANA)
        assert [result["decision"] for _, result in fakes.machines.answers] == ["rejected"]

    def test_many_at_once_on_threads(self, fakes: FakeRoom, asked: str) -> None:
        drafts = [(who, draft) for who in (ANA, BEN) for draft in (APPROVE, REJECT)] * 5

        def press(who: str, draft: DecisionDraft) -> str:
            try:
                outcome = decide(fakes, asked, who, draft)
            except ApprovalDecidedError:
                return "late"
            return "new" if outcome.new else "again"

        with ThreadPoolExecutor(8) as pool:
            results = list(pool.map(lambda one: press(*one), drafts))
        assert results.count("new") == 1
        assert len(fakes.machines.answers) == 1
        assert whats(fakes).count("decided") == 1
        assert fakes.approvals.get(asked).delivery is Delivery.DELIVERED

    def test_the_expiry_between_reading_and_writing(self, fakes: FakeRoom, asked: str) -> None:
        """Reading was in time, the clock was quicker to write."""
        fakes.after(0.999999)

        def expire(before: Any, after: Any) -> None:
            fakes.approvals.before_move = lambda before, after: None
            fakes.after(1.0)
            timing.wake(timing.Call(asked, Moment.EXPIRY), fakes.room())

        fakes.approvals.before_move = expire
        with pytest.raises(ApprovalExpiredError, match="expired at 2026-06-02 12:00 UTC"):
            decide(fakes, asked)
        assert fakes.machines.answers == []
        assert fakes.notices.events()[-1] == "ApprovalExpired"

    def test_a_decision_between_the_clocks_reading_and_writing(self, fakes: FakeRoom, asked: str) -> None:
        """The decision came in time and stands; the clock's message comes again and finds nothing to do."""
        fakes.after(1.0)

        def press_just_before(before: Any, after: Any) -> None:
            fakes.approvals.before_move = lambda before, after: None
            fakes.after(0.999999)
            decide(fakes, asked)
            fakes.after(1.0)

        fakes.approvals.before_move = press_just_before
        message = ("1", f'{{"approvalId": "{asked}", "moment": "expiry"}}')
        assert timing.wake_all([message], fakes.room()) == ["1"]
        assert timing.wake_all([message], fakes.room()) == []
        assert fakes.approvals.get(asked).state is ApprovalState.DECIDED
        assert [result["decision"] for _, result in fakes.machines.answers] == ["approved"]
        assert "ApprovalExpired" not in fakes.notices.events()

    def test_a_reissue_between_reading_and_writing(self, fakes: FakeRoom, asked: str) -> None:
        def reissue(before: Any, after: Any) -> None:
            fakes.approvals.before_move = lambda before, after: None
            requesting.request(fakes.wait("token-2", approvers=[ANA, BEN]), fakes.room())

        fakes.approvals.before_move = reissue
        assert decide(fakes, asked).new
        assert [token for token, _ in fakes.machines.answers] == ["token-2"]


class TestDelivery:
    def test_step_functions_busy_the_clock_sends_it(self, fakes: FakeRoom, asked: str) -> None:
        fakes.machines.failing = 1
        assert decide(fakes, asked).approval.delivery is Delivery.WAITING
        assert set(fakes.clockwork.checks) == {asked}
        timing.wake(timing.Call(asked, Moment.CHECK), fakes.room())
        assert fakes.approvals.get(asked).delivery is Delivery.DELIVERED
        assert len(fakes.machines.answers) == 1
        assert fakes.chat.buttons() == []

    def test_the_machine_gave_up_first(self, fakes: FakeRoom, asked: str) -> None:
        """Its clock runs a little ahead of ours, or its execution was stopped."""
        fakes.machines.time_out("token-1")
        with pytest.raises(ApprovalExpiredError, match="waits no more"):
            decide(fakes, asked)
        approval = fakes.approvals.get(asked)
        assert approval.state is ApprovalState.EXPIRED
        assert "nothing waited" in fakes.chat.texts()[0]
        assert fakes.chat.buttons() == []
        assert whats(fakes) == ["requested", "decided", "too_late", "refused"]
        with pytest.raises(ApprovalExpiredError):
            decide(fakes, asked)

    def test_the_answer_to_the_first_sending_was_lost(self, fakes: FakeRoom, asked: str) -> None:
        fakes.machines.dying = 1
        decide(fakes, asked)
        timing.wake(timing.Call(asked, Moment.CHECK), fakes.room())
        approval = fakes.approvals.get(asked)
        assert (approval.state, approval.delivery) == (ApprovalState.DECIDED, Delivery.CLOSED)
        assert len(fakes.machines.answers) == 1

    @pytest.mark.parametrize("at", ["sending", "delivered"])
    def test_something_is_noted_while_it_is_sent(self, fakes: FakeRoom, asked: str, at: str) -> None:
        def note_something(before: Any, after: Any) -> None:
            if (after.sendings > before.sendings) if at == "sending" else after.delivery is Delivery.DELIVERED:
                fakes.approvals.before_move = lambda before, after: None
                fakes.approvals.move(fakes.approvals.get(asked), fakes.approvals.get(asked))

        fakes.approvals.before_move = note_something
        assert decide(fakes, asked).approval.delivery is Delivery.DELIVERED
        assert len(fakes.machines.answers) == 1

    def test_who_sends_second_does_not_hide_that_the_first_arrived(self, fakes: FakeRoom, asked: str) -> None:
        def clock_comes_between(before: Any, after: Any) -> None:
            if after.delivery is Delivery.DELIVERED:
                fakes.approvals.before_move = lambda before, after: None
                timing.wake(timing.Call(asked, Moment.CHECK), fakes.room())

        fakes.approvals.before_move = clock_comes_between
        assert decide(fakes, asked).approval.delivery is Delivery.DELIVERED
        assert len(fakes.machines.answers) == 1

    def test_a_token_step_functions_does_not_know(self, fakes: FakeRoom, asked: str) -> None:
        fakes.machines.waiting.clear()
        assert decide(fakes, asked).approval.delivery is Delivery.TOKEN_LOST
        assert "ApprovalTokenLost" in fakes.notices.events()

    def test_kms_busy_is_not_a_lost_token(self, fakes: FakeRoom, asked: str) -> None:
        fakes.safe.failing = TransientError("KMS is busy")
        assert decide(fakes, asked).approval.delivery is Delivery.WAITING
        fakes.safe.failing = None
        assert decide(fakes, asked).approval.delivery is Delivery.DELIVERED

    def test_nobody_can_be_told_and_the_clock_tells_them(self, fakes: FakeRoom, asked: str) -> None:
        fakes.chat.failing = fakes.notices.failing = SlackUnavailableError("down")
        assert decide(fakes, asked).new
        fakes.chat.failing = fakes.notices.failing = None
        timing.wake(timing.Call(asked, Moment.CHECK), fakes.room())
        assert fakes.chat.buttons() == []
        assert fakes.notices.events()[-1] == "ApprovalDecided"
