"""The room on AWS's stand-in: its tables, its bucket, its machines, and the doors of the whole application."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from chalice.test import Client
from moto import mock_aws

from app import app
from chalicelib.core import aws
from tests.fakes.api import SignedIn, signed_in
from tests.fakes.tables import make_tables

_TABLES = {"FACTS_TABLE": "FactsTable", "SALES_REPORTS_TABLE": "SalesReportsTable"}
_MACHINES = {"UPLOAD_MACHINE_ARN": "upload-processor", "DAILY_ANALYSIS_ARN": "daily-analysis"}
_ROLE = "arn:aws:iam::123456789012:role/retail"
_DEFINITION = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}})


@pytest.fixture(scope="module")
def api() -> Iterator[SignedIn]:
    """The API; its module shares one world, as stores share one."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
        aws.client.cache_clear()
        with mock_aws():
            for setting, logical_id in _TABLES.items():
                environment.setenv(setting, logical_id)
                make_tables("retail", {logical_id: logical_id})
            for setting, name in _MACHINES.items():
                made = aws.client("stepfunctions").create_state_machine(
                    name=name, definition=_DEFINITION, roleArn=_ROLE
                )
                environment.setenv(setting, made["stateMachineArn"])
            environment.setenv("RETAIL_BUCKET", "retail")
            aws.client("s3").create_bucket(Bucket="retail")
            with signed_in(app) as client:
                yield client
        aws.client.cache_clear()


Invoke = Callable[[str, dict[str, Any]], Any]


@pytest.fixture(scope="module")
def invoke(api: SignedIn) -> Iterator[Invoke]:
    """Calls one of the room's functions by its name on AWS."""
    with Client(app) as client:
        yield lambda name, event: client.lambda_.invoke(name, event).payload
