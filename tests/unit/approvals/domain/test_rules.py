"""Rules that hold for any approval, any person, any order of events."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.approvals.domain import moves, verdicts
from chalicelib.approvals.domain.approval import (
    Approval,
    ApprovalState,
    Choice,
    Decided,
    Delivery,
    Moment,
    approval_id,
)
from chalicelib.approvals.domain.delegations import Delegation
from chalicelib.approvals.domain.moments import SHARES, due_at, schedule
from chalicelib.approvals.domain.policy import Band, KindPolicy, Policy, askable, is_slack_id, problems
from chalicelib.approvals.domain.verdicts import Refusal, Seat
from tests.fakes.approvals.world import NOON

PEOPLE = ("ana", "ben", "carl", "dan", "eva")
person = st.sampled_from(PEOPLE)
levels = st.lists(st.lists(person, min_size=1, max_size=3).map(tuple), min_size=1, max_size=4).map(tuple)
seconds = st.integers(1, 365 * 86_400)
micros = st.integers(0, 999_999)


@st.composite
def approvals(draw: st.DrawFn) -> Approval:
    at = NOON + timedelta(microseconds=draw(micros))
    asked = draw(levels)
    return Approval(
        id="a",
        execution_arn="arn",
        kind="contract",
        subject="s",
        facts={},
        requester=draw(person),
        entered_by=draw(st.none() | person),
        requested_at=at,
        issued_at=at,
        expires_at=at + timedelta(seconds=draw(seconds)),
        levels=asked,
        level=draw(st.integers(0, len(asked) - 1)),
    )


@st.composite
def delegations(draw: st.DrawFn) -> Delegation:
    since = NOON + timedelta(hours=draw(st.integers(-48, 48)))
    until = since + timedelta(hours=draw(st.integers(1, 48)))
    return Delegation("d", draw(person), draw(st.none() | person), since, until)


def decided(by: str = "ana", at: datetime = NOON) -> Decided:
    return Decided(Choice.APPROVED, by, at, "")


@given(approvals(), person, st.lists(delegations(), max_size=4))
def test_nobody_decides_what_they_asked_for(approval: Approval, who: str, standing_in: list[Delegation]) -> None:
    seat = verdicts.seat(approval, who, standing_in, NOON)
    if isinstance(seat, Seat):
        assert who not in (approval.requester, approval.entered_by)
        assert (seat.on_behalf_of or who) in approval.deciders
    elif who not in approval.askers:
        assert who not in approval.deciders


@given(approvals(), person, st.lists(delegations(), max_size=4))
def test_nobody_decides_on_behalf_of_who_asked(
    approval: Approval, who: str, standing_in: list[Delegation]
) -> None:
    asked = replace(approval, levels=askable(approval.levels, askers=approval.askers), level=0)
    if not asked.levels:
        return
    seat = verdicts.seat(asked, who, standing_in, NOON)
    assert isinstance(seat, Refusal) or seat.on_behalf_of not in approval.askers


@given(levels, st.sets(person, min_size=1, max_size=2))
def test_askable_asks_everybody_else_once(asked: tuple[tuple[str, ...], ...], askers: set[str]) -> None:
    kept = [who for level in askable(asked, askers=askers) for who in level]
    assert sorted(kept) == sorted({who for level in asked for who in level} - askers)


@given(approvals())
def test_moments_come_in_order_and_never_early(approval: Approval) -> None:
    due = [due_at(approval, moment) for moment in SHARES]
    assert due == sorted(due)
    for moment, at in zip(SHARES, due, strict=True):
        exact = approval.issued_at + (approval.expires_at - approval.issued_at) * SHARES[moment]
        assert timedelta(0) <= at - exact < timedelta(seconds=1)
        assert at.microsecond == 0


@given(approvals(), st.lists(st.sampled_from(sorted(SHARES)), max_size=6))
def test_an_approval_ends_once_and_a_level_is_never_taken_back(approval: Approval, calls: list[Moment]) -> None:
    for moment in calls:
        after = moves.passed(approval, moment, NOON)
        assert set(approval.deciders) <= set(after.deciders)
        assert after.level < len(after.levels)
        approval = after
    assert (approval.state is ApprovalState.EXPIRED) == (Moment.EXPIRY in calls)
    assert Moment.CHECK not in schedule(approval)


@given(approvals())
def test_a_decision_is_late_from_the_expiry_on(approval: Approval) -> None:
    just_before = approval.expires_at - timedelta(microseconds=1)
    assert verdicts.lateness(approval, just_before) is None
    assert verdicts.lateness(approval, approval.expires_at) is not None
    taken = moves.decided(approval, decided())
    late = verdicts.lateness(taken, just_before)
    assert late is not None
    assert late.why is verdicts.Refused.DECIDED


@given(approvals(), st.sampled_from([None, *Delivery]), st.integers(0, 3))
def test_a_new_token_lets_a_decision_wait_again(approval: Approval, delivery: Delivery | None, sent: int) -> None:
    taken = replace(moves.decided(approval, decided()), delivery=delivery, sendings=sent)
    again = moves.reissued(taken, "sealed", "mark", at=NOON, expires_at=NOON + timedelta(days=1))
    assert again.decided == taken.decided
    assert again.delivery is Delivery.WAITING
    assert again.sendings in (0, sent)


@given(st.lists(st.booleans(), min_size=1, max_size=5))
def test_the_first_level_has_somebody_there_or_is_the_last(there: list[bool]) -> None:
    asked = tuple((f"p{n}",) for n in range(len(there)))
    absences = [
        Delegation("d", f"p{n}", None, NOON, NOON + timedelta(days=1)) for n, here in enumerate(there) if not here
    ]
    first = moves.first_level(asked, absences, NOON)
    assert there[first] or not any(there)
    assert not any(there[:first])


def test_ids_are_opaque_and_of_execution_state_and_turn() -> None:
    ids = {approval_id(arn, state, turn) for arn in ("a", "b") for state in ("x", "y") for turn in (1, 2)}
    assert len(ids) == 8
    assert all(len(one) == 32 for one in ids)


class TestPolicy:
    BANDS = (
        Band((("ana",),), 100, "COP"),
        Band((("ben",),), 1_000, "COP"),
        Band((("carl",),), 10, "USD"),
        Band((("dan",),)),
    )
    POLICY = Policy({"contract": KindPolicy(BANDS)}, people={"U0ANA": "Ana@Example.com"})

    @given(st.integers(0, 2_000), st.sampled_from(["COP", "USD", "EUR"]))
    def test_the_first_band_that_holds_the_amount(self, cents: int, currency: str) -> None:
        limits = {"COP": [(100, "ana"), (1_000, "ben")], "USD": [(10, "carl")], "EUR": []}
        expected = next((who for limit, who in limits[currency] if cents <= limit), "dan")
        assert self.POLICY.levels("contract", cents, currency) == ((expected,),)

    def test_what_is_not_known_counts_as_the_highest(self) -> None:
        assert self.POLICY.levels("contract", None, None) == (("dan",),)
        assert self.POLICY.levels("unheard", 1, "COP") == ()

    def test_one_person_has_one_name(self) -> None:
        assert self.POLICY.person("U0ANA") == self.POLICY.person(" ANA@example.com ") == "ana@example.com"
        assert self.POLICY.slack_ids("ana@example.com") == ("U0ANA",)
        assert self.POLICY.slack_ids("U0NEW") == ("U0NEW",)
        assert not is_slack_id("USA-team")

    def test_every_problem_is_found(self) -> None:
        bands = (
            Band((), 10, "COP"),
            Band((("ana",),), 5, "COP"),
            Band((("",),)),
            Band(((),), 7, None),
        )
        found = problems(Policy({"x": KindPolicy(bands), "y": KindPolicy(())}))
        assert {(problem.path, problem.code) for problem in found} == {
            ("kinds.x.bands", "no_last_band"),
            ("kinds.x.bands[0].levels", "no_levels"),
            ("kinds.x.bands[1].upToCents", "not_rising"),
            ("kinds.x.bands[2].upToCents", "limit_missing"),
            ("kinds.x.bands[2].levels[0]", "no_approver"),
            ("kinds.x.bands[3].currency", "limit_and_currency"),
            ("kinds.x.bands[3].levels[0]", "no_approver"),
            ("kinds.y.bands", "no_last_band"),
        }
        assert problems(self.POLICY) == []
