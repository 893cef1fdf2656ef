"""A desk in process: bucket, experts, an index, and the environment of a match."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from moto import mock_aws

from chalicelib.core import aws, clock, secrets
from chalicelib.core.ai.embedded import HashingEmbeddingModel
from chalicelib.tickets.adapters.dynamo_smes import DynamoSmeDirectory
from chalicelib.tickets.adapters.file_index import FileIndex
from chalicelib.tickets.domain.sme import SmeProfile
from chalicelib.tickets.domain.text import term_counts
from chalicelib.tickets.ports.index import IndexedTicket
from rag_engine.__main__ import main

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
MODEL = HashingEmbeddingModel()
TICKET = "raw-tickets/ticket-t-new.json"
RESULT = "recommendations/t-new.json"


def solved(
    ticket_id: str, subject: str, solver: str | None, days_ago: float = 1.0, **fields: str
) -> IndexedTicket:
    at = NOW - timedelta(days=days_ago)
    return IndexedTicket(
        ticket_id, subject, term_counts(subject), MODEL.embed([subject])[0], MODEL.model_id, at, fields, solver, at
    )


class Desk:
    """What a test puts in and reads out."""

    def __init__(self) -> None:
        self.index = FileIndex("tickets", MODEL.model_id, MODEL.dimension)
        self.smes = DynamoSmeDirectory("smes")

    def ticket(self, body: Any) -> None:
        data = body if isinstance(body, bytes) else json.dumps({"id": "t-new"} | body).encode()
        aws.client("s3").put_object(Bucket="tickets", Key=TICKET, Body=data)

    def experts(self, *profiles: SmeProfile) -> None:
        for profile in profiles:
            self.smes.put(profile)

    def match(self) -> tuple[int, dict[str, Any]]:
        status = main(["match"])
        found = aws.client("s3").list_objects_v2(Bucket="tickets", Prefix=RESULT)
        if not found["KeyCount"]:
            return status, {}
        return status, json.loads(aws.client("s3").get_object(Bucket="tickets", Key=RESULT)["Body"].read())


@pytest.fixture(scope="module")
def own_clients() -> Iterator[None]:
    """AWS clients made by this module's tests and used by no other; making one takes longer than most tests."""
    aws.client.cache_clear()
    yield
    aws.client.cache_clear()


@pytest.fixture
def desk(own_clients: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    environment = {
        "AWS_DEFAULT_REGION": "us-east-1", "STAGE": "local", "TICKET_ID": "t-new", "TICKET_BUCKET": "tickets",
        "TICKET_KEY": TICKET, "RESULT_BUCKET": "tickets", "RESULT_KEY": RESULT, "EXECUTION_ARN": "arn:x:1",
        "INDEX_BUCKET": "tickets", "EMBEDDING_MODEL": "embedded", "VECTOR_INDEX": "file", "SMES_TABLE": "smes",
    }  # fmt: skip
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with ExitStack() as stack:
        secrets._read.cache_clear()
        stack.callback(secrets._read.cache_clear)
        stack.callback(clock.use, clock.use(clock.FixedClock(NOW)))
        stack.enter_context(mock_aws())
        aws.client("s3").create_bucket(Bucket="tickets")
        aws.client("dynamodb").create_table(
            TableName="smes",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "cre_id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "cre_id", "AttributeType": "S"}],
        )
        yield Desk()
