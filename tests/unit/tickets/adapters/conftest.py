"""The desk's tables and bucket as the template makes them, in process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from moto import mock_aws

from chalicelib.core import aws
from chalicelib.tickets.adapters.dynamo_smes import DynamoSmeDirectory
from tests.fakes.tables import make_tables

TABLES = {"TicketsTable": "tickets", "SmesTable": "smes"}


@pytest.fixture(scope="module")
def own_clients() -> Iterator[None]:
    """AWS clients made by this module's tests and used by no other; making one takes longer than most tests."""
    aws.client.cache_clear()
    yield
    aws.client.cache_clear()


@pytest.fixture
def aws_here(own_clients: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        yield


@pytest.fixture
def tables(aws_here: None) -> None:
    make_tables("tickets", TABLES)


@pytest.fixture
def smes(tables: None) -> DynamoSmeDirectory:
    return DynamoSmeDirectory("smes")
