from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.core.clock import FixedClock
from chalicelib.core.slack import Message, Person
from chalicelib.tickets.domain.assignment import Assignment, Label, LabelKind, weekly_share
from chalicelib.tickets.errors import SmeNotFoundError, TicketNotFoundError, TicketStateError
from chalicelib.tickets.service import feedback, parsing
from tests.fakes.tickets.samples import ADA, BEN, CLEO, MONDAY_NOON, recommendation, sme
from tests.fakes.tickets.stores import FakeSmeDirectory, FakeTicketStore

OPERATOR = Person("U0OPS", "Olu", frozenset({"operator"}))


class Desk:
    def __init__(self) -> None:
        self.smes = FakeSmeDirectory([ADA, BEN, CLEO, sme(9)])
        self.store = FakeTicketStore(self.smes)
        self.store.save_recommendation(recommendation())
        parsing.offer(recommendation(), self.store)
        self.clock = FixedClock(MONDAY_NOON)

    def press(self, kind: LabelKind, cre_id: str, by: Person | None = None, who: str = "") -> Message:
        self.clock.at += timedelta(minutes=1)
        slack_id = self.smes.profiles[cre_id].slack_id if cre_id in self.smes.profiles else "U"
        one = feedback.Press(kind, "12345", "run-1", cre_id, who)
        return feedback.press(
            one,
            by or Person(slack_id, "x", frozenset({"viewer"})),
            feedback.Ports(self.store, self.smes),
            self.clock,
        )

    def holder(self) -> tuple[str, str]:
        assignment = self.store.assignment("12345")
        assert assignment is not None
        return assignment.cre_id, str(assignment.state)

    def loads(self) -> dict[str, int]:
        return {one.cre_id: one.open_assignments for one in self.smes.all() if one.open_assignments}

    def kinds(self) -> list[str]:
        return [str(row.kind) for row in self.store.labels("12345")]


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_accepting_keeps_the_ticket_and_is_a_labelled_row(desk: Desk) -> None:
    message = desk.press(LabelKind.ACCEPTED, "cre001")
    assert desk.holder() == ("cre001", "accepted")
    assert "Ada Ruiz has the ticket." in str(message.blocks)
    assert "button" not in str(message.blocks)
    row = desk.store.labels("12345")[-1]
    assert (row.kind, row.confidence, row.rank, row.by) == ("accepted", 0.92, 1, "U00ADA")


def test_busy_moves_it_to_the_next_and_the_last_refusal_to_nobody(desk: Desk) -> None:
    desk.press(LabelKind.BUSY, "cre001")
    assert (desk.holder(), desk.loads()) == (("cre002", "offered"), {"cre002": 1})
    desk.press(LabelKind.NOT_ME, "cre002")
    assert desk.holder()[0] == "cre003"
    message = desk.press(LabelKind.BUSY, "cre003")
    assert (desk.holder(), desk.loads()) == (("", "offered"), {})
    assert "an operator is needed" in str(message.blocks)


def test_not_me_names_who_is_right(desk: Desk) -> None:
    desk.press(LabelKind.NOT_ME, "cre001", who="cre009")
    assert desk.holder() == ("cre009", "offered")
    row = desk.store.labels("12345")[-1]
    assert (row.kind, row.moved_to) == ("not_me", "cre009")
    with pytest.raises(SmeNotFoundError):
        desk.press(LabelKind.NOT_ME, "cre009", who="cre404")


def test_the_same_press_again_changes_nothing(desk: Desk) -> None:
    first = desk.press(LabelKind.BUSY, "cre001")
    assert desk.press(LabelKind.BUSY, "cre001") == first
    desk.press(LabelKind.ACCEPTED, "cre002")
    desk.press(LabelKind.ACCEPTED, "cre002")
    assert desk.kinds() == ["offered", "busy", "accepted"]
    assert desk.loads() == {"cre002": 1}


@pytest.mark.parametrize("kind", [LabelKind.ACCEPTED, LabelKind.BUSY, LabelKind.NOT_ME])
def test_the_same_press_at_the_same_time_is_one_press(desk: Desk, kind: LabelKind) -> None:
    """Slack tries again after three seconds, while the first call may still be at work."""

    class Slow(FakeTicketStore):
        """Somebody else's call comes between what this one read and what it writes."""

        def move(self, before: Assignment | None, after: Assignment, label: Label) -> None:
            FakeTicketStore.move(desk.store, before, after, replace(label, by="the first call"))
            super().move(before, after, label)

    slow = Slow(desk.smes)
    slow.__dict__.update(desk.store.__dict__)
    one = feedback.Press(kind, "12345", "run-1", "cre001")
    by = Person(desk.smes.get("cre001").slack_id, "x", frozenset({"viewer"}))
    message = feedback.press(one, by, feedback.Ports(slow, desk.smes), desk.clock)
    assert message == desk.press(kind, "cre001")
    assert desk.kinds() == ["offered", str(kind)]
    assert sum(desk.loads().values()) == 1


def test_another_candidate_may_take_it_and_then_nobody_else(desk: Desk) -> None:
    desk.press(LabelKind.ACCEPTED, "cre003")
    assert (desk.holder(), desk.loads()) == (("cre003", "accepted"), {"cre003": 1})
    with pytest.raises(TicketStateError, match="Cleo Lindqvist has the ticket"):
        desk.press(LabelKind.ACCEPTED, "cre001")


def test_who_is_no_longer_asked_cannot_refuse(desk: Desk) -> None:
    desk.press(LabelKind.BUSY, "cre001")
    with pytest.raises(TicketStateError, match="moved on to Ben Okoro"):
        desk.press(LabelKind.NOT_ME, "cre001")


def test_only_the_expert_or_an_operator_answers(desk: Desk) -> None:
    with pytest.raises(TicketStateError, match="only Ada Ruiz or an operator"):
        desk.press(LabelKind.BUSY, "cre001", by=Person("U00BEN", "Ben", frozenset({"viewer"})))
    desk.press(LabelKind.BUSY, "cre001", by=OPERATOR)
    assert desk.store.labels("12345")[-1].by == "U0OPS"


def test_buttons_of_an_older_message_say_so(desk: Desk) -> None:
    desk.store.save_recommendation(recommendation(recommendation_id="run-2"))
    parsing.offer(recommendation(recommendation_id="run-2"), desk.store)
    with pytest.raises(TicketStateError, match="newer message"):
        desk.press(LabelKind.ACCEPTED, "cre001")


def test_what_never_was_recommended(desk: Desk) -> None:
    one = feedback.Press(LabelKind.ACCEPTED, "12345", "run-9", "cre001")
    with pytest.raises(TicketNotFoundError):
        feedback.press(one, OPERATOR, feedback.Ports(desk.store, desk.smes), desk.clock)


def test_a_second_recommendation_leaves_an_accepted_ticket_alone(desk: Desk) -> None:
    desk.press(LabelKind.ACCEPTED, "cre001")
    parsing.offer(recommendation(recommendation_id="run-2"), desk.store)
    assert desk.holder() == ("cre001", "accepted")


def test_the_weeks_share_counts_a_ticket_once(desk: Desk) -> None:
    desk.press(LabelKind.BUSY, "cre001")
    desk.press(LabelKind.ACCEPTED, "cre002")
    labels = desk.store.labels_of("2026-W23")
    other = [replace(row, ticket_id="7") for row in labels]
    shares = {one.cre_id: one for one in weekly_share([*labels, *other])}
    assert (shares["cre002"].taken, shares["cre002"].share, shares["cre001"].refused) == (2, 1.0, 2)
    assert weekly_share([]) == []
