from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.core.ai.embedded import HashingEmbeddingModel
from chalicelib.core.clock import FixedClock
from chalicelib.core.errors import InvalidInputError, TransientError
from chalicelib.tickets.domain.assignment import AssignmentState
from chalicelib.tickets.domain.record import Standing
from chalicelib.tickets.domain.ticket import fingerprint
from chalicelib.tickets.errors import TicketNotFoundError, TicketStateError
from chalicelib.tickets.service import embedding, intake, parsing
from chalicelib.tickets.service.reading import ticket_of
from tests.fakes.tickets.samples import ADA, BEN, CLEO, MONDAY_NOON, recommendation, record
from tests.fakes.tickets.stores import FakeMatchRuns, FakeSmeDirectory, FakeTicketFiles, FakeTicketStore
from tests.fakes.tickets.world import FakeIndex

KEY = "raw-tickets/year=2026/month=06/day=01/ticket-12345.json"
OPEN = {"id": 12345, "subject": "Replica lags", "created_at": "2026-06-01T08:00:00Z"}
SOLVED = OPEN | {"status": "solved", "solver": "cre002", "solved_at": "2026-06-01T11:00:00Z"}


class Desk:
    def __init__(self) -> None:
        self.clock = FixedClock(MONDAY_NOON)
        self.smes = FakeSmeDirectory([ADA, BEN, CLEO])
        self.store = FakeTicketStore(self.smes)
        self.files, self.runs, self.index = FakeTicketFiles(), FakeMatchRuns(), FakeIndex()
        self.ports = intake.Ports(self.files, self.store, self.runs)
        self.evidence = embedding.Ports(self.files, HashingEmbeddingModel(), self.index)

    def receive(self, ticket: dict[str, Any]) -> tuple[str, str, bool]:
        return intake.receive(json.dumps(ticket).encode(), self.ports, self.clock)

    def stored(self, key: str = KEY, version: str = "") -> str:
        return str(intake.stored(key, version, self.ports, self.evidence, self.clock)["outcome"])


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_ticket_is_written_where_tickets_lie(desk: Desk) -> None:
    assert desk.receive(OPEN) == ("12345", KEY, True)
    assert json.loads(desk.files.versions[KEY][0]) == OPEN


def test_the_same_body_again_is_no_second_version(desk: Desk) -> None:
    desk.receive(OPEN)
    assert desk.receive(OPEN) == ("12345", KEY, False)
    assert len(desk.files.versions[KEY]) == 1
    assert desk.receive(OPEN | {"status": "pending"}) == ("12345", KEY, True)


def test_without_a_date_it_lies_under_today_and_stays_there(desk: Desk) -> None:
    _, key, _ = desk.receive({"id": 7})
    assert key == "raw-tickets/year=2026/month=06/day=01/ticket-7.json"
    desk.store.save(record(ticket_id="7", key=key))
    desk.clock.at = MONDAY_NOON.replace(day=9)
    assert desk.receive({"id": 7, "status": "open"})[1] == key


def test_of_two_writers_both_are_kept_in_order(desk: Desk) -> None:
    desk.files.refusals = 2
    assert desk.receive(OPEN)[2]
    desk.files.refusals = 99
    with pytest.raises(TransientError):
        desk.receive(SOLVED)


def test_what_is_no_ticket_is_not_written(desk: Desk) -> None:
    with pytest.raises(InvalidInputError):
        desk.receive({"subject": "no id"})
    assert not desk.files.versions


def test_a_new_ticket_starts_one_execution_named_by_its_version(desk: Desk) -> None:
    desk.receive(OPEN)
    assert desk.stored(version="v1") == desk.stored(version="v1") == "started"
    assert list(desk.runs.started) == [intake.execution_name("12345", "v1")]
    (run_input,) = desk.runs.started.values()
    assert run_input == {
        "ticket_id": "12345", "bucket": "tickets", "key": KEY, "timestamp": "2026-06-01T12:00:00+00:00",
    }  # fmt: skip


def test_a_ticket_whose_words_did_not_change_is_left(desk: Desk) -> None:
    desk.receive(OPEN)
    unchanged = fingerprint(ticket_of(json.dumps(OPEN).encode()))
    desk.store.save(record(fingerprint=unchanged))
    assert desk.stored() == "unchanged"
    desk.receive(OPEN | {"subject": "Replica lags and disk is full"})
    assert desk.stored() == "started"


def test_a_solved_ticket_is_evidence_and_frees_its_expert(desk: Desk) -> None:
    desk.store.save(record())
    desk.store.save_recommendation(recommendation())
    parsing.offer(recommendation(), desk.store)
    assert desk.smes.get("cre001").open_assignments == 1
    desk.receive(SOLVED)
    assert desk.stored() == desk.stored() == "evidence"
    assert desk.smes.get("cre001").open_assignments == 0
    indexed = desk.index.tickets["12345"]
    assert (indexed.solver, indexed.solved_at) == ("cre002", MONDAY_NOON.replace(hour=11))
    solved = desk.store.labels("12345")[-1]
    assert (solved.kind, solved.cre_id, solved.rank, solved.confidence) == ("solved", "cre002", 2, 0.88)
    assert desk.store.records["12345"].standing is Standing.SOLVED
    assert not desk.runs.started


def test_a_ticket_solved_before_anybody_matched_it_is_evidence_too(desk: Desk) -> None:
    desk.receive(SOLVED)
    assert desk.stored() == "evidence"
    assert desk.store.records["12345"].standing is Standing.SOLVED


def test_a_solved_ticket_copied_onto_itself_goes_into_an_index_made_anew(desk: Desk) -> None:
    desk.receive(SOLVED)
    desk.stored()
    kept, desk.index.tickets = desk.index.tickets, {}
    desk.files.versions[KEY].append(desk.files.versions[KEY][-1])
    assert desk.stored() == "evidence"
    assert desk.index.tickets == kept


def test_a_solved_ticket_without_a_solver_is_no_evidence_for_anybody(desk: Desk) -> None:
    desk.receive(SOLVED | {"solver": ""})
    desk.stored()
    assert desk.index.tickets["12345"].solver is None


def test_a_reopened_ticket_is_matched_and_offered_again(desk: Desk) -> None:
    desk.store.save(record())
    desk.store.save_recommendation(recommendation())
    parsing.offer(recommendation(), desk.store)
    desk.receive(SOLVED)
    desk.stored()
    desk.receive(OPEN)
    assert desk.stored() == "started"
    parsing.offer(recommendation(recommendation_id="run-2"), desk.store)
    assignment = desk.store.assignment("12345")
    assert assignment is not None
    assert (assignment.state, assignment.recommendation_id) == (AssignmentState.OFFERED, "run-2")


@pytest.mark.parametrize("body", [b"no json", b"{}", b"", b'{"id": "../../etc"}'])
def test_an_object_that_is_no_ticket_starts_nothing(desk: Desk, body: bytes) -> None:
    desk.files.write(KEY, body, replacing=None)
    assert desk.stored() == "unreadable"
    assert not desk.runs.started


def test_events_that_come_late_or_twice_change_nothing_that_a_newer_version_says(desk: Desk) -> None:
    """S3 promises no order of its events: the first version's may come behind the last one's."""
    desk.store.save(record())
    desk.store.save_recommendation(recommendation())
    for ticket in (OPEN, OPEN | {"subject": "Replica lags, still"}, SOLVED):
        desk.receive(ticket)
    assert desk.stored(version="v3") == "evidence"
    assert desk.stored(version="v1") == desk.stored(version="v2") == "overtaken"
    assert desk.store.records["12345"].standing is Standing.SOLVED
    assert not desk.runs.started
    desk.receive(OPEN | {"subject": "It is back"})
    assert desk.stored(version="v4") == desk.stored(version="v4") == "started"
    desk.index.tickets.clear()
    assert desk.stored(version="v3") == "overtaken", "reopened: what was its solution is none"
    assert (len(desk.runs.started), desk.index.tickets) == (1, {})


def test_an_object_that_is_gone_starts_nothing(desk: Desk) -> None:
    assert desk.stored() == "gone"


def test_matched_again_by_the_same_wish_it_is_one_execution(desk: Desk) -> None:
    desk.receive(OPEN)
    desk.store.save(record(key=KEY))
    first = intake.match_again("12345", "wish-1", desk.ports, desk.clock)
    assert intake.match_again("12345", "wish-1", desk.ports, desk.clock) == first
    assert intake.match_again("12345", "wish-2", desk.ports, desk.clock) != first
    assert len(desk.runs.started) == 2


def test_what_cannot_be_matched_again(desk: Desk) -> None:
    with pytest.raises(TicketNotFoundError):
        intake.match_again("404", "wish", desk.ports, desk.clock)
    desk.store.save(record(key="raw-tickets/gone.json"))
    with pytest.raises(TicketNotFoundError, match="bucket"):
        intake.match_again("12345", "wish", desk.ports, desk.clock)
    desk.store.save(replace(desk.store.records["12345"], standing=Standing.SOLVED))
    with pytest.raises(TicketStateError, match="solved"):
        intake.match_again("12345", "wish", desk.ports, desk.clock)


@pytest.mark.parametrize("ticket_id", ["1", "A.b_c-1", "x" * 64])
def test_execution_names_are_what_aws_takes(ticket_id: str) -> None:
    name = intake.execution_name(ticket_id, "v" * 1024)
    assert len(name) <= 80
    assert all(character.isalnum() or character == "-" for character in name)


def test_tickets_that_look_alike_have_names_of_their_own() -> None:
    assert intake.execution_name("a.b", "v") != intake.execution_name("a_b", "v")
