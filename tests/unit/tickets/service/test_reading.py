from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.core.errors import InvalidInputError
from chalicelib.tickets.domain.ticket import Ticket, fingerprint
from chalicelib.tickets.service.reading import LARGEST_TICKET_BYTES, ticket_of


def read(**given: Any) -> Ticket:
    return ticket_of(json.dumps(given).encode())


def test_a_ticket_as_it_lies_in_s3() -> None:
    ticket = read(
        id=12345,
        subject="Replica lags",
        description="<p>Since noon</p>",
        status="Solved",
        product="Cloud",
        tags=["postgres", "replica"],
        fields={"component": "db", "priority": 1, "opener": None},
        created_at="2026-11-21T10:30:00+01:00",
        solver="cre001",
        solved_at="2026-11-21T12:00:00Z",
        reassignments=2,
        unknown={"left": "unread"},
    )
    assert ticket == Ticket(
        "12345",
        "Replica lags",
        "<p>Since noon</p>",
        "solved",
        "Cloud",
        ("postgres", "replica"),
        {"component": "db", "priority": "1"},
        datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
        "cre001",
        datetime(2026, 11, 21, 12, 0, tzinfo=UTC),
        2,
    )
    assert ticket.is_solved


def test_a_template_filled_with_texts() -> None:
    ticket = read(id="77", tags="postgres replica", reassignments="3", solver="", created_at="2026-11-21T09:30:00")
    assert (ticket.tags, ticket.reassignments, ticket.solver) == (("postgres", "replica"), 3, None)
    assert ticket.created_at == datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def test_an_id_is_enough() -> None:
    assert read(id="A-1") == Ticket("A-1")


def test_every_problem_is_told_and_no_value_repeated() -> None:
    with pytest.raises(InvalidInputError) as caught:
        read(
            id="../etc", subject={"password": "hunter2"}, tags=[1], fields={"a": ["hunter2"]},
            solved_at="hunter2", reassignments=-1,
        )  # fmt: skip
    assert [one.path for one in caught.value.problems] == [
        "id", "subject", "tags", "fields.a", "solved_at", "reassignments",
    ]  # fmt: skip
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "body", [b"", b"no json", b"[]", b"\xff", b'"text"', b'{"id": true}', b'{"id": null}', b"{}", b"[" * 100_000]
)
def test_what_is_no_ticket(body: bytes) -> None:
    with pytest.raises(InvalidInputError):
        ticket_of(body)


def test_a_megabyte_is_a_ticket_and_five_are_not() -> None:
    assert len(read(id=1, description="x" * 1_000_000).description) == 1_000_000
    with pytest.raises(InvalidInputError, match="bytes"):
        read(id=1, description="x" * LARGEST_TICKET_BYTES)


def test_what_decides_who_is_right_is_in_the_fingerprint() -> None:
    first = fingerprint(read(id=1, subject="a", status="new", tags="x y"))
    assert first == fingerprint(read(id=1, subject="a", status="open", tags="y x", reassignments=1))
    assert first != fingerprint(read(id=1, subject="b", tags="x y"))
