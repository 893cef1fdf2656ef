"""The facts table as the template makes it, in process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from moto import mock_aws

from chalicelib.core import aws
from chalicelib.retail.adapters.dynamo_facts import DynamoDailyFacts, DynamoFactWriter
from tests.fakes.tables import make_tables


@pytest.fixture
def aws_here() -> Iterator[None]:
    aws.client.cache_clear()
    with mock_aws():
        yield
    aws.client.cache_clear()


@pytest.fixture
def table(aws_here: None) -> str:
    make_tables("retail", {"FactsTable": "facts"})
    return "facts"


@pytest.fixture
def facts(table: str) -> DynamoDailyFacts:
    return DynamoDailyFacts(table)


@pytest.fixture
def writer(table: str) -> DynamoFactWriter:
    return DynamoFactWriter(table)
