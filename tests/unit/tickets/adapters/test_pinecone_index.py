"""Pinecone's own SDK against a stand-in of its HTTP API."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.core.errors import ConfigurationError
from chalicelib.tickets.adapters.pinecone_index import PineconeIndex
from chalicelib.tickets.errors import IndexModelError, IndexUnavailableError
from chalicelib.tickets.ports.index import IndexedTicket
from localcloud.standins.pinecone import API_KEY, PineconeService, serve_pinecone

NOW = datetime(2026, 11, 21, tzinfo=UTC)
SOLVED = IndexedTicket("t-1", "s", {}, [0.6, 0.8], "m:1", NOW, solver="cre001", solved_at=NOW)


@pytest.fixture
def service() -> PineconeService:
    return PineconeService(dimension=2)


@pytest.fixture
def host(service: PineconeService) -> Iterator[str]:
    serving = serve_pinecone(service)
    yield serving.url
    serving.stop()


@pytest.fixture
def opened(host: str) -> Iterator[Callable[..., PineconeIndex]]:
    made: list[PineconeIndex] = []

    def of(model: str = "m:1", dimension: int = 2, key: str = API_KEY) -> PineconeIndex:
        made.append(PineconeIndex(model, dimension, host, key))
        return made[-1]

    yield of
    for index in made:
        index.close()


def test_the_nearest_solved_tickets_are_found(opened: Callable[..., PineconeIndex]) -> None:
    index = opened()
    near, far = replace(SOLVED, ticket_id="near"), replace(SOLVED, ticket_id="far", vector=[-1.0, 0.0])
    still_open = replace(SOLVED, ticket_id="open", solver=None, solved_at=None)
    index.upsert([far, near, still_open, replace(SOLVED, ticket_id="wordless", vector=[0.0, 0.0])])
    found = index.search([0.6, 0.8], "m:1", 5)
    assert [one.ticket_id for one in found] == ["near", "far"]
    assert found[0].similarity == pytest.approx(1.0)
    assert index.has("open")
    assert not index.has("wordless")
    assert index.search([0.0, 0.0], "m:1", 5) == []


def test_models_do_not_meet(opened: Callable[..., PineconeIndex]) -> None:
    opened().upsert([SOLVED])
    other = opened("m:2")
    assert other.search([0.6, 0.8], "m:2", 5) == []
    with pytest.raises(IndexModelError, match="m:1"):
        other.search([0.6, 0.8], "m:1", 5)
    with pytest.raises(IndexModelError, match="m:1"):
        other.upsert([SOLVED])


def test_an_index_of_another_dimension_is_refused(opened: Callable[..., PineconeIndex]) -> None:
    with pytest.raises(IndexModelError, match="vectors of 2"):
        opened("m:1", 3).search([1.0, 0.0, 0.0], "m:1", 5)


def test_a_wrong_key_is_said_and_not_shown(opened: Callable[..., PineconeIndex]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        opened(key="pcsk_wrong").has("t-1")
    assert "pcsk" not in str(caught.value)


def test_silence_is_worth_another_try(service: PineconeService, opened: Callable[..., PineconeIndex]) -> None:
    index = opened()
    index.upsert([SOLVED])
    service.failing = 100
    with pytest.raises(IndexUnavailableError):
        index.has("t-1")
    service.failing = 0
    assert index.has("t-1")
