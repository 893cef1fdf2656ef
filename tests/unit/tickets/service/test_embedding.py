from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.core.ai.embedded import HashingEmbeddingModel
from chalicelib.core.clock import FixedClock
from chalicelib.core.errors import InvalidInputError
from chalicelib.tickets.errors import EmbeddingNotReadyError, IndexModelError, TicketNotFoundError
from chalicelib.tickets.service import embedding
from tests.fakes.tickets.samples import MONDAY_NOON
from tests.fakes.tickets.simulation import KEY
from tests.fakes.tickets.stores import FakeTicketFiles
from tests.fakes.tickets.world import FakeIndex


def embedded(index: FakeIndex, **ticket: Any) -> dict[str, object]:
    files = FakeTicketFiles()
    files.write(KEY, json.dumps({"id": 1, **ticket}).encode(), replacing=None)
    return embedding.generate(KEY, embedding.Ports(files, HashingEmbeddingModel(), index), FixedClock(MONDAY_NOON))


def test_a_ticket_is_put_and_found() -> None:
    index = FakeIndex()
    assert embedded(index, subject="Replica lags", product="Cloud", fields={"component": "db"}) == {
        "ticket_id": "1",
        "model_id": "embedded-hashing-1",
        "dimension": 512,
    }
    kept = index.tickets["1"]
    assert (kept.subject, kept.solver, dict(kept.fields)) == (
        "Replica lags",
        None,
        {"component": "db", "product": "Cloud"},
    )
    assert kept.arrived_at == MONDAY_NOON
    assert embedding.check("1", index) == {"ticket_id": "1", "found": True}


def test_a_ticket_that_is_not_shown_yet_is_asked_for_again() -> None:
    with pytest.raises(EmbeddingNotReadyError):
        embedding.check("1", FakeIndex())
    with pytest.raises(InvalidInputError):
        embedding.check("", FakeIndex())


@pytest.mark.parametrize("text", ["", "<script>alert(1)</script>", "x " * 500_000, "遅延 в базе"])
def test_any_text_has_a_vector(text: str) -> None:
    index = FakeIndex()
    embedded(index, description=text)
    assert len(index.tickets["1"].vector) == 512


def test_no_secret_is_kept_in_the_index() -> None:
    index = FakeIndex()
    embedded(index, subject="ana@example.com", description="card 4111 1111 1111 1111 password: hunter2")
    kept = index.tickets["1"]
    assert not {"ana", "4111", "hunter2"} & set(kept.terms)
    assert kept.subject == "[e-mail]"


def test_an_index_of_another_model_refuses() -> None:
    index = FakeIndex()
    index.model_id = "another"
    with pytest.raises(IndexModelError):
        embedded(index, subject="Replica")


def test_a_ticket_that_is_gone() -> None:
    ports = embedding.Ports(FakeTicketFiles(), HashingEmbeddingModel(), FakeIndex())
    with pytest.raises(TicketNotFoundError):
        embedding.generate(KEY, ports, FixedClock(MONDAY_NOON))
