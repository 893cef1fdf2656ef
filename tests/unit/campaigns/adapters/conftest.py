"""DynamoDB and SQS as the template makes them, in process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from moto import mock_aws

from chalicelib.campaigns.adapters.dynamo_campaigns import DynamoCampaignStore
from chalicelib.campaigns.adapters.dynamo_contacts import DynamoContactStore
from chalicelib.campaigns.adapters.dynamo_intake import DynamoContactIntake
from chalicelib.campaigns.adapters.dynamo_people import DynamoPeople, DynamoSuppressionList
from chalicelib.core import aws
from tests.fakes.tables import make_tables

TABLES = {"CampaignsTable": "campaigns", "ContactsTable": "contacts", "SuppressionsTable": "suppressions"}


@pytest.fixture
def aws_here() -> Iterator[None]:
    aws.client.cache_clear()
    with mock_aws():
        yield
    aws.client.cache_clear()


@pytest.fixture
def tables(aws_here: None) -> None:
    make_tables("campaigns", TABLES)


@pytest.fixture
def campaigns(tables: None) -> DynamoCampaignStore:
    return DynamoCampaignStore("campaigns")


@pytest.fixture
def contacts(tables: None) -> DynamoContactStore:
    return DynamoContactStore("contacts", "campaigns", "suppressions")


@pytest.fixture
def intake(tables: None) -> DynamoContactIntake:
    return DynamoContactIntake("contacts", "campaigns")


@pytest.fixture
def people(tables: None) -> DynamoPeople:
    return DynamoPeople("suppressions")


@pytest.fixture
def suppressions(tables: None) -> DynamoSuppressionList:
    return DynamoSuppressionList("suppressions")
