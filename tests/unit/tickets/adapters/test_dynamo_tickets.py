from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.tickets.adapters.dynamo_smes import DynamoSmeDirectory
from chalicelib.tickets.adapters.dynamo_tickets import DynamoTicketStore
from chalicelib.tickets.domain.assignment import Assignment, AssignmentState, Label, LabelKind, label
from chalicelib.tickets.errors import TicketNotFoundError, TicketStateError
from tests.fakes.tickets.samples import ADA, BEN, MONDAY_NOON, recommendation, record


@pytest.fixture
def tickets(tables: None) -> DynamoTicketStore:
    return DynamoTicketStore("tickets", "smes")


def assigned(cre_id: str, revision: int = 1, state: AssignmentState = AssignmentState.OFFERED) -> Assignment:
    return Assignment("12345", cre_id, state, "run-1", MONDAY_NOON, revision)


def row(kind: LabelKind, cre_id: str, revision: int) -> Label:
    return label(
        kind,
        cre_id,
        ticket_id="12345",
        by="U00ADA",
        at=MONDAY_NOON + timedelta(minutes=revision),
        recommendation=recommendation(),
        revision=revision,
    )


def test_a_record_is_kept_and_counted_up(tickets: DynamoTicketStore) -> None:
    assert tickets.find("12345") is None
    tickets.save(record())
    assert tickets.find("12345") == replace(record(), revision=1)


def test_who_read_an_older_record_may_not_write(tickets: DynamoTicketStore) -> None:
    tickets.save(record())
    with pytest.raises(TicketStateError):
        tickets.save(record())
    tickets.save(replace(record(), revision=1, problem="x"))
    with pytest.raises(TicketStateError):
        tickets.save(replace(record(), revision=1))


def test_a_recommendation_is_kept_whole(tickets: DynamoTicketStore) -> None:
    tickets.save_recommendation(recommendation())
    tickets.save_recommendation(recommendation())
    assert tickets.recommendation("12345", "run-1") == recommendation()
    with pytest.raises(TicketNotFoundError):
        tickets.recommendation("12345", "run-2")


def test_the_load_moves_with_the_assignment(tickets: DynamoTicketStore, smes: DynamoSmeDirectory) -> None:
    smes.put(ADA)
    smes.put(BEN)
    offered, moved = assigned("cre001"), assigned("cre002", 2)
    closed = assigned("cre002", 3, AssignmentState.CLOSED)

    def loads() -> list[int]:
        return [one.open_assignments for one in smes.all()]

    tickets.move(None, offered, row(LabelKind.OFFERED, "cre001", 0))
    assert loads() == [1, 0]
    tickets.move(offered, moved, row(LabelKind.BUSY, "cre001", 1))
    assert loads() == [0, 1]
    tickets.move(moved, closed, row(LabelKind.SOLVED, "cre002", 2))
    assert loads() == [0, 0]
    assert tickets.assignment("12345") == closed
    assert [one.kind for one in tickets.labels("12345")] == ["offered", "busy", "solved"]


def test_a_change_decided_on_an_older_assignment_changes_nothing(
    tickets: DynamoTicketStore, smes: DynamoSmeDirectory
) -> None:
    smes.put(ADA)
    offered = assigned("cre001")
    tickets.move(None, offered, row(LabelKind.OFFERED, "cre001", 0))
    for before in (None, assigned("cre001", 7)):
        with pytest.raises(TicketStateError):
            tickets.move(before, assigned("cre002", 8), row(LabelKind.BUSY, "cre001", 7))
    assert smes.get("cre001").open_assignments == 1
    assert len(tickets.labels("12345")) == 1


def test_labels_of_a_week_in_order_of_time(tickets: DynamoTicketStore) -> None:
    tickets.move(None, assigned("cre001"), row(LabelKind.OFFERED, "cre001", 0))
    tickets.move(assigned("cre001"), assigned("cre002", 2), row(LabelKind.BUSY, "cre001", 1))
    assert [one.kind for one in tickets.labels_of("2026-W23")] == ["offered", "busy"]
    assert tickets.labels_of("2026-W24") == []
    assert tickets.labels_of("2026-W23")[0] == row(LabelKind.OFFERED, "cre001", 0)


def test_an_empty_id_is_nobodys(tickets: DynamoTicketStore) -> None:
    assert (tickets.find(""), tickets.assignment("")) == (None, None)
