"""The sales history in moto's S3 and Glue, with the template's own tables, and the laptop's Athena over it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from moto import mock_aws

from chalicelib.core import aws
from localcloud.athena.dialect import to_duckdb
from localcloud.athena.lake import Lake
from localcloud.demos.sales_history import SalesHistory
from tests.fakes.tables import sections_of

ROOT = Path(__file__).resolve().parents[3]
TABLES = ("sales_pipeline", "accounts", "products", "sales_teams")
BUCKET = "sales"


class Warehouse:
    """Runs Athena's SQL over a sales history."""

    def __init__(self, lake: Lake) -> None:
        self._lake = lake

    def rows(self, sql: str, parameters: list[str] | None = None) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Return columns and rows."""
        found = self._lake.run(to_duckdb(sql, parameters or []), "sales", {name for name in TABLES if name in sql})
        return found.names, found.rows


@contextlib.contextmanager
def warehouse(history: SalesHistory) -> Iterator[Warehouse]:
    """Open one."""
    aws.client.cache_clear()
    with mock_aws():
        aws.client("s3").create_bucket(Bucket=BUCKET)
        for key, body in history.files().items():
            aws.client("s3").put_object(Bucket=BUCKET, Key=key, Body=body)
        create_tables("sales", BUCKET)
        lake = Lake(aws.client)
        yield Warehouse(lake)
        lake.close()
    aws.client.cache_clear()


def create_tables(database: str, bucket: str) -> None:
    """Make the template's tables over a bucket."""
    resources = sections_of("opportunities")["Resources"]
    glue = aws.client("glue")
    glue.create_database(DatabaseInput={"Name": database})
    for resource in resources.values():
        if resource["Type"] == "AWS::Glue::Table":
            table = dict(resource["Properties"]["TableInput"])
            storage = {**table["StorageDescriptor"], "Location": f"s3://{bucket}/{table['Name']}/"}
            glue.create_table(
                DatabaseName=database, TableInput={**table, "StorageDescriptor": storage, "Parameters": {}}
            )
