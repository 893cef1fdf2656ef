from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.core.aws import client
from chalicelib.tickets.adapters.file_index import MANIFEST, PENDING, FileIndex, row_of, ticket_of_row
from chalicelib.tickets.errors import IndexModelError, IndexUnavailableError
from chalicelib.tickets.ports.index import IndexedTicket

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
OPEN = IndexedTicket(
    "t-1", "Replica lags", {"replica": 2, "größe": 1}, [0.6, 0.8], "m-1", NOW, {"component": "db"}
)
SOLVED = replace(OPEN, solver="cre001", solved_at=NOW, reassignments=1)


@pytest.fixture
def bucket(aws_here: None) -> str:
    client("s3").create_bucket(Bucket="tickets")
    return "tickets"


def keys(bucket: str, prefix: str = "index/") -> list[str]:
    found = client("s3").list_objects_v2(Bucket=bucket, Prefix=prefix)
    return [one["Key"] for one in found.get("Contents", [])]


def test_a_ticket_is_found_once_it_is_kept(bucket: str) -> None:
    index = FileIndex(bucket, "m-1", 2)
    assert not index.has("t-1")
    index.upsert([OPEN])
    assert index.has("t-1")
    assert not index.has("t-2")
    assert keys(bucket, PENDING) == []


def test_a_solved_one_waits_for_the_engine_once(bucket: str) -> None:
    index = FileIndex(bucket, "m-1", 2)
    index.upsert([OPEN])
    index.upsert([SOLVED])
    index.upsert([SOLVED])
    (key,) = keys(bucket, PENDING)
    body = client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    assert ticket_of_row(body).solver == "cre001"
    index.upsert([replace(SOLVED, solver="cre002")])
    assert len(keys(bucket, PENDING)) == 2


def test_rows_are_read_as_they_were_written() -> None:
    read = ticket_of_row(row_of(SOLVED))
    assert list(read.vector) == pytest.approx([0.6, 0.8])
    assert replace(read, vector=SOLVED.vector) == SOLVED


@pytest.mark.parametrize(
    "stranger", [replace(OPEN, model_id="m-2"), replace(OPEN, vector=[1.0, 0.0, 0.0])], ids=["model", "dimension"]
)
def test_a_vector_of_another_model_or_dimension_is_refused_and_none_is_kept(
    bucket: str, stranger: IndexedTicket
) -> None:
    index = FileIndex(bucket, "m-1", 2)
    with pytest.raises(IndexModelError, match=r"m-1 with 2"):
        index.upsert([replace(OPEN, ticket_id="t-0"), stranger])
    assert keys(bucket) == []


@pytest.mark.parametrize(("model", "dimension"), [("m-2", 2), ("m-1", 3)])
def test_an_index_of_another_model_or_dimension_is_refused(bucket: str, model: str, dimension: int) -> None:
    FileIndex(bucket, "m-1", 2).upsert([OPEN])
    other = replace(OPEN, ticket_id="t-9", model_id=model, vector=[0.0] * dimension)
    with pytest.raises(IndexModelError, match="make the index anew"):
        FileIndex(bucket, model, dimension).upsert([other])
    assert json.loads(client("s3").get_object(Bucket=bucket, Key=MANIFEST)["Body"].read())["modelId"] == "m-1"
    assert not FileIndex(bucket, model, dimension).has("t-9")


class CountedS3:
    """S3 with its requests counted, failing from the nth on."""

    def __init__(self, fails_from: int = 10**9) -> None:
        self.requests, self._fails_from = 0, fails_from
        self._events = client("s3").meta.events

    def __enter__(self) -> CountedS3:
        self._events.register("before-send.s3", self._count)
        return self

    def __exit__(self, *_error: object) -> None:
        self._events.unregister("before-send.s3", self._count)

    def _count(self, **_: Any) -> Any:
        self.requests += 1
        if self.requests >= self._fails_from:
            from botocore.exceptions import EndpointConnectionError

            raise EndpointConnectionError(endpoint_url="https://s3")
        return None


def test_adding_costs_the_same_whatever_the_index_holds(bucket: str) -> None:
    index = FileIndex(bucket, "m-1", 2)
    index.upsert([replace(SOLVED, ticket_id=f"t-{n}") for n in range(5)])
    with CountedS3() as few:
        index.upsert([replace(SOLVED, ticket_id="few")])
    for n in range(5, 60):
        client("s3").put_object(Bucket=bucket, Key=f"{PENDING}t-{n}/x.json", Body=b"{}")
    with CountedS3() as many:
        index.upsert([replace(SOLVED, ticket_id="many")])
    assert many.requests == few.requests == 3


@pytest.mark.parametrize("fails_from", [1, 2, 3])
def test_a_crash_between_two_writes_loses_nothing(bucket: str, fails_from: int) -> None:
    index = FileIndex(bucket, "m-1", 2)
    index.upsert([replace(OPEN, ticket_id="t-0")])
    with CountedS3(fails_from), pytest.raises(IndexUnavailableError):
        index.upsert([SOLVED])
    assert not index.has("t-1"), "what is not wholly kept is not shown"
    index.upsert([SOLVED])
    assert index.has("t-1")
    assert len(keys(bucket, PENDING)) == 1
