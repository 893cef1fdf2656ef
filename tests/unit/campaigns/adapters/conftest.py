"""DynamoDB and SQS as the template makes them, in process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws

from chalicelib.campaigns.adapters.dynamo_campaigns import DynamoCampaignStore
from chalicelib.campaigns.adapters.dynamo_contacts import DynamoContactStore
from chalicelib.campaigns.adapters.dynamo_intake import DynamoContactIntake
from chalicelib.campaigns.adapters.dynamo_people import DynamoPeople, DynamoSuppressionList
from chalicelib.core import aws
from infrastructure.room_file import read_room_file

ROOT = Path(__file__).resolve().parents[4]
TABLES = {"CampaignsTable": "campaigns", "ContactsTable": "contacts", "SuppressionsTable": "suppressions"}


@pytest.fixture
def aws_here() -> Iterator[None]:
    aws.client.cache_clear()
    with mock_aws():
        yield
    aws.client.cache_clear()


@pytest.fixture
def tables(aws_here: None) -> None:
    resources = read_room_file(ROOT / "infrastructure" / "campaigns.yaml", ROOT).sections["Resources"]
    wanted = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
    for resource, name in TABLES.items():
        properties: dict[str, Any] = resources[resource]["Properties"]
        aws.client("dynamodb").create_table(
            TableName=name, **{key: properties[key] for key in wanted if key in properties}
        )


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
