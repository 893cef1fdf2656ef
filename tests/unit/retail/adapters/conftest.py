"""The facts table as the template makes it, in process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from moto import mock_aws

from chalicelib.core import aws
from chalicelib.retail.adapters.dynamo_facts import DynamoDailyFacts, DynamoFactWriter
from infrastructure.room_file import read_room_file

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
def aws_here() -> Iterator[None]:
    aws.client.cache_clear()
    with mock_aws():
        yield
    aws.client.cache_clear()


@pytest.fixture
def table(aws_here: None) -> str:
    resources = read_room_file(ROOT / "infrastructure" / "retail.yaml", ROOT).sections["Resources"]
    properties = resources["FactsTable"]["Properties"]
    wanted = ("BillingMode", "AttributeDefinitions", "KeySchema")
    aws.client("dynamodb").create_table(TableName="facts", **{key: properties[key] for key in wanted})
    return "facts"


@pytest.fixture
def facts(table: str) -> DynamoDailyFacts:
    return DynamoDailyFacts(table)


@pytest.fixture
def writer(table: str) -> DynamoFactWriter:
    return DynamoFactWriter(table)
