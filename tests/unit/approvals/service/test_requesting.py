"""Opening, asking again, and everything that can go wrong on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.approvals.domain.approval import ApprovalState, Choice, Delivery, Moment
from chalicelib.approvals.domain.delegations import Delegation
from chalicelib.approvals.errors import ApprovalTokenLostError, ApproverMissingError, FourEyesError
from chalicelib.approvals.service import deciding, requesting, timing
from chalicelib.approvals.service.deciding import DecisionDraft
from chalicelib.core.errors import InvalidInputError, TransientError
from chalicelib.core.slack import SlackUnavailableError
from tests.fakes.approvals.world import ANA, BEN, DAY, EVA, NOON, POLICY, FakePolicySource, FakeRoom

APPROVE = "approved"


def draft(decision: str = APPROVE, **more: str) -> DecisionDraft:
    return DecisionDraft(Choice(decision), **more)


def test_people_are_asked_and_moments_scheduled(fakes: FakeRoom) -> None:
    answer = requesting.request(fakes.wait(), fakes.room())
    approval = fakes.approvals.get(answer["approvalId"])
    assert answer["state"] == "pending"
    assert approval.deciders == (ANA,)
    assert fakes.chat.buttons() == ["approvals:approve", "approvals:reject"]
    assert fakes.notices.events() == ["ApprovalRequested"]
    assert {moment: at - NOON for (_, moment), at in fakes.clockwork.schedule.items()} == {
        Moment.FIRST_REMINDER: timedelta(hours=12),
        Moment.LAST_REMINDER: timedelta(hours=21.6),
        Moment.ESCALATION: timedelta(hours=22.8),
        Moment.EXPIRY: timedelta(hours=24),
    }


def test_no_channel_ever_sees_the_token(fakes: FakeRoom) -> None:
    token = "secret-of-the-task"
    approval_id = requesting.request(fakes.wait(token), fakes.room())["approvalId"]
    said = f"{fakes.chat.messages} {fakes.notices.published} {fakes.approvals.entries} {fakes.clockwork.schedule}"
    assert token not in said
    assert token not in repr(fakes.approvals.get(approval_id))
    assert token[::-1] not in repr(fakes.approvals.get(approval_id)), "nor is the sealed one shown"


def test_every_problem_is_named_at_once(fakes: FakeRoom) -> None:
    event = fakes.wait(amountCents=-1, subject="", timeoutSeconds=0, surprise=1)
    del event["requester"]
    with pytest.raises(InvalidInputError) as caught:
        requesting.request(event, fakes.room())
    paths = {problem.path for problem in caught.value.problems}
    assert {"amountCents", "subject", "timeoutSeconds", "requester", "surprise"} <= paths


def test_an_amount_needs_its_currency_and_options_differ(fakes: FakeRoom) -> None:
    options = [{"value": "x", "label": "One"}, {"value": "x", "label": "Two"}]
    with pytest.raises(InvalidInputError) as caught:
        requesting.request(fakes.wait(currency=None, options=options), fakes.room())
    assert [problem.path for problem in caught.value.problems] == ["currency", "options[1].value"]


def test_facts_that_no_channel_would_take_are_refused(fakes: FakeRoom) -> None:
    facts = {f"fact {n}": "\N{GRINNING FACE}" * 2_000 for n in range(50)}
    with pytest.raises(InvalidInputError, match="at most 50000"):
        requesting.request(fakes.wait(facts=facts), fakes.room())


def test_the_same_request_again_changes_nothing(fakes: FakeRoom) -> None:
    first = requesting.request(fakes.wait(), fakes.room())
    before = fakes.approvals.get(first["approvalId"])
    assert requesting.request(fakes.wait(), fakes.room()) == first
    assert fakes.approvals.get(first["approvalId"]) == before
    assert len(fakes.chat.messages) == 1


def test_a_new_token_keeps_the_approval_and_begins_its_time_again(fakes: FakeRoom) -> None:
    first = requesting.request(fakes.wait("token-1"), fakes.room())
    fakes.after(0.4)
    assert requesting.request(fakes.wait("token-2"), fakes.room()) == first
    approval = fakes.approvals.get(first["approvalId"])
    assert approval.expires_at == NOON + DAY * 1.4
    assert len(fakes.chat.messages) == 1, "people are asked once"
    deciding.decide(approval.id, draft(), ANA, "test", fakes.room())
    assert [token for token, _ in fakes.machines.answers] == ["token-2"]


def test_decided_before_the_new_token_it_is_answered_at_once(fakes: FakeRoom) -> None:
    first = requesting.request(fakes.wait("token-1"), fakes.room())
    fakes.machines.failing = 1
    deciding.decide(first["approvalId"], draft(), ANA, "test", fakes.room())
    assert fakes.approvals.get(first["approvalId"]).delivery is Delivery.WAITING
    again = requesting.request(fakes.wait("token-2"), fakes.room())
    assert again["state"] == "decided"
    assert [(token, result["decidedBy"]) for token, result in fakes.machines.answers] == [("token-2", ANA)]


def test_an_invocation_that_ends_late_does_not_bring_back_its_old_token(fakes: FakeRoom) -> None:
    """The first one stood still after reading the clock; meanwhile the machine tried again."""
    approval_id = requesting.request(fakes.wait("token-1"), fakes.room())["approvalId"]
    fakes.after(0.2)
    requesting.request(fakes.wait("token-2"), fakes.room())
    fakes.after(0.1)
    requesting.request(fakes.wait("token-late"), fakes.room())
    deciding.decide(approval_id, draft(), ANA, "test", fakes.room())
    assert [token for token, _ in fakes.machines.answers] == ["token-2"]


def test_asked_again_after_the_expiry_it_is_a_new_approval(fakes: FakeRoom) -> None:
    first = requesting.request(fakes.wait("token-1"), fakes.room())
    fakes.after(1.0)
    second = requesting.request(fakes.wait("token-2"), fakes.room())
    assert second["approvalId"] != first["approvalId"]
    assert requesting.request(fakes.wait("token-2"), fakes.room()) == second


def test_two_states_of_one_execution_are_two_approvals(fakes: FakeRoom) -> None:
    one = requesting.request(fakes.wait("token-1", state="AskBoss"), fakes.room())
    other = requesting.request(fakes.wait("token-2", state="AskOtherBoss"), fakes.room())
    assert one["approvalId"] != other["approvalId"]


def test_two_requests_at_once_are_one_approval(fakes: FakeRoom) -> None:
    create = fakes.approvals.create

    def others_first(approval, entry):  # type: ignore[no-untyped-def]
        fakes.approvals.create = create  # type: ignore[method-assign]
        requesting.request(fakes.wait("token-1"), fakes.room())
        create(approval, entry)

    fakes.approvals.create = others_first  # type: ignore[method-assign]
    requesting.request(fakes.wait("token-1"), fakes.room())
    assert len(fakes.approvals.items) == 1
    assert len(fakes.chat.messages) == 1


def test_a_token_that_cannot_be_kept_fails_the_state_by_its_name(fakes: FakeRoom) -> None:
    fakes.safe.failing = ApprovalTokenLostError("no key")
    with pytest.raises(ApprovalTokenLostError):
        requesting.request(fakes.wait(), fakes.room())
    assert fakes.approvals.items == {}


def test_a_lost_token_is_mended_by_the_next_request(fakes: FakeRoom) -> None:
    approval_id = requesting.request(fakes.wait("token-1"), fakes.room())["approvalId"]
    fakes.safe.failing = ApprovalTokenLostError("key destroyed")
    deciding.decide(approval_id, draft(), ANA, "test", fakes.room())
    lost = fakes.approvals.get(approval_id)
    assert (lost.state, lost.delivery) == (ApprovalState.DECIDED, Delivery.TOKEN_LOST)
    assert "ApprovalTokenLost" in fakes.notices.events()
    fakes.safe.failing = None
    requesting.request(fakes.wait("token-2"), fakes.room())
    assert fakes.approvals.get(approval_id).delivery is Delivery.DELIVERED
    assert [token for token, _ in fakes.machines.answers] == ["token-2"]


class TestApprovers:
    def test_a_higher_amount_asks_others(self, fakes: FakeRoom) -> None:
        answer = requesting.request(fakes.wait(amountCents=1_000_01), fakes.room())
        assert fakes.approvals.get(answer["approvalId"]).levels == ((BEN,), ("carl@example.com",))

    def test_those_named_are_asked_first_and_the_policy_follows(self, fakes: FakeRoom) -> None:
        answer = requesting.request(fakes.wait(approvers=["Zoe@Example.com"]), fakes.room())
        assert fakes.approvals.get(answer["approvalId"]).levels == (("zoe@example.com",), (ANA,), (BEN,))

    def test_the_requester_is_never_asked(self, fakes: FakeRoom) -> None:
        answer = requesting.request(fakes.wait(requester="U0ANA"), fakes.room())
        assert fakes.approvals.get(answer["approvalId"]).levels == ((BEN,),)

    def test_nobody_left_is_said(self, fakes: FakeRoom) -> None:
        with pytest.raises(ApproverMissingError, match="unheard"):
            requesting.request(fakes.wait(kind="unheard"), fakes.room())

    def test_who_is_away_is_passed_over(self, fakes: FakeRoom) -> None:
        fakes.delegations.put(Delegation("d", ANA, None, NOON - DAY, NOON + DAY))
        answer = requesting.request(fakes.wait(), fakes.room())
        assert fakes.approvals.get(answer["approvalId"]).deciders == (ANA, BEN)
        moments = {moment for _, moment in fakes.clockwork.schedule}
        assert Moment.ESCALATION not in moments, "nobody is left to escalate to"

    def test_who_stands_in_is_asked(self, fakes: FakeRoom) -> None:
        fakes.delegations.put(Delegation("d", ANA, "dan@example.com", NOON - DAY, NOON + DAY))
        requesting.request(fakes.wait(), fakes.room())
        assert fakes.notices.published[0][1]["asked"] == [ANA, "dan@example.com"]


class TestChannels:
    def test_slack_out_of_order_keeps_nothing_from_anybody(self, fakes: FakeRoom) -> None:
        fakes.chat.failing = SlackUnavailableError("down")
        answer = requesting.request(fakes.wait(), fakes.room())
        assert answer["state"] == "pending"
        assert sorted(fakes.notices.events()) == ["ApprovalRequested", "ApprovalSlackFailed"]
        assert "down" in fakes.approvals.get(answer["approvalId"]).told["request"].slack

    def test_the_next_reminder_posts_what_slack_missed(self, fakes: FakeRoom) -> None:
        fakes.chat.failing = SlackUnavailableError("down")
        approval_id = requesting.request(fakes.wait(), fakes.room())["approvalId"]
        fakes.chat.failing = None
        fakes.after(0.5)
        timing.wake(timing.Call(approval_id, Moment.FIRST_REMINDER), fakes.room())
        assert fakes.chat.buttons() == ["approvals:approve", "approvals:reject"]

    def test_sns_out_of_order_keeps_slack_asking(self, fakes: FakeRoom) -> None:
        fakes.notices.failing = TransientError("down")
        requesting.request(fakes.wait(), fakes.room())
        assert len(fakes.chat.messages) == 1

    def test_both_out_of_order_the_clock_asks_later(self, fakes: FakeRoom) -> None:
        fakes.chat.failing = fakes.notices.failing = SlackUnavailableError("down")
        approval_id = requesting.request(fakes.wait(), fakes.room())["approvalId"]
        assert fakes.clockwork.checks == [approval_id]
        for _ in range(2):
            with pytest.raises(TransientError):
                timing.wake(timing.Call(approval_id, Moment.CHECK), fakes.room())
        fakes.chat.failing = fakes.notices.failing = None
        timing.wake(timing.Call(approval_id, Moment.CHECK), fakes.room())
        assert len(fakes.chat.messages) == 1
        assert "ApprovalRequested" in fakes.notices.events()

    def test_a_message_somebody_removed_is_posted_anew(self, fakes: FakeRoom) -> None:
        approval_id = requesting.request(fakes.wait(), fakes.room())["approvalId"]
        removed = fakes.approvals.get(approval_id).message
        fakes.chat.remove_all()
        fakes.after(0.5)
        timing.wake(timing.Call(approval_id, Moment.FIRST_REMINDER), fakes.room())
        assert fakes.chat.buttons() == ["approvals:approve", "approvals:reject"]
        assert fakes.approvals.get(approval_id).message != removed

    def test_a_kind_without_a_channel_is_told_by_the_topic_alone(self, fakes: FakeRoom) -> None:
        room = FakeRoom(policy=FakePolicySource(replace(POLICY, channel="")))
        requesting.request(room.wait(), room.room())
        assert room.chat.messages == []
        assert room.notices.events() == ["ApprovalRequested"]

    def test_decided_while_the_question_is_posted_no_button_stays(self, fakes: FakeRoom) -> None:
        post = fakes.chat.post

        def decided_meanwhile(channel, message, *, thread=None):  # type: ignore[no-untyped-def]
            fakes.chat.post = post  # type: ignore[method-assign]
            (approval_id,) = fakes.approvals.items
            deciding.decide(approval_id, draft(), ANA, "test", fakes.room())
            return post(channel, message, thread=thread)

        fakes.chat.post = decided_meanwhile  # type: ignore[method-assign]
        requesting.request(fakes.wait(), fakes.room())
        assert fakes.chat.buttons() == []


def test_eva_by_any_name_is_eva(fakes: FakeRoom) -> None:
    answer = requesting.request(fakes.wait(requester="U0EVA"), fakes.room())
    assert fakes.approvals.get(answer["approvalId"]).requester == EVA


def test_who_sent_it_in_is_not_called_to_decide_it_for_somebody_away(fakes: FakeRoom) -> None:
    """Dan entered Eva's request, and stands in for Ana: his is no second pair of eyes."""
    dan = "dan@example.com"
    fakes.delegations.put(Delegation("d-1", ANA, dan, NOON - DAY, NOON + DAY))
    answer = requesting.request(fakes.wait(enteredBy=dan), fakes.room())
    (_, body), *_ = fakes.notices.published
    assert dan not in body["asked"]
    with pytest.raises(FourEyesError):
        deciding.decide(answer["approvalId"], draft(), dan, "test", fakes.room())


@pytest.mark.parametrize("asks", ["requester", "enteredBy"])
def test_away_with_nobody_but_the_asker_standing_in_is_away(fakes: FakeRoom, asks: str) -> None:
    """Else nobody who may decide would hear of it before the escalation, an hour before the end."""
    dan = "dan@example.com"
    fakes.delegations.put(Delegation("d-1", ANA, dan, NOON - DAY, NOON + DAY))
    answer = requesting.request(fakes.wait(**{asks: dan}), fakes.room())
    assert fakes.approvals.get(answer["approvalId"]).deciders == (ANA, BEN)
