"""The stand-in for Athena, through boto3, over tables and files as a template makes them."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from localcloud.cloud import LocalCloud
from tests.unit.localcloud.conftest import MakeCloud

RESOURCES: dict[str, Any] = {
    "Files": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "files"}},
    "Database": {"Type": "AWS::Glue::Database", "Properties": {"DatabaseInput": {"Name": "shop"}}},
    "Table": {
        "Type": "AWS::Glue::Table",
        "Properties": {
            "DatabaseName": {"Ref": "Database"},
            "TableInput": {
                "Name": "sales",
                "PartitionKeys": [{"Name": "year", "Type": "int"}],
                "StorageDescriptor": {
                    "Location": "s3://files/sales/",
                    "Columns": [{"Name": "product", "Type": "string"}, {"Name": "paid", "Type": "double"}],
                },
            },
        },
    },
    "Group": {
        "Type": "AWS::Athena::WorkGroup",
        "Properties": {"Name": "g", "WorkGroupConfiguration": {"BytesScannedCutoffPerQuery": 10_000_000}},
    },
}


def put(cloud: LocalCloud, year: int, rows: list[dict[str, Any]]) -> None:
    body = gzip.compress("\n".join(map(json.dumps, rows)).encode())
    cloud.client("s3").put_object(Bucket="files", Key=f"sales/year={year}/a.json.gz", Body=body)


def start(cloud: LocalCloud, sql: str, **more: Any) -> str:
    context = {"Database": "shop"}
    answer = cloud.client("athena").start_query_execution(
        QueryString=sql, WorkGroup="g", QueryExecutionContext=context, **more
    )
    return str(answer["QueryExecutionId"])


def status(cloud: LocalCloud, query_id: str) -> dict[str, Any]:
    found: dict[str, Any] = cloud.client("athena").get_query_execution(QueryExecutionId=query_id)["QueryExecution"]
    return found


def rows(cloud: LocalCloud, sql: str, **more: Any) -> list[list[str | None]]:
    pages = (
        cloud.client("athena")
        .get_paginator("get_query_results")
        .paginate(QueryExecutionId=start(cloud, sql, **more), PaginationConfig={"PageSize": 2})
    )
    return [[c.get("VarCharValue") for c in row["Data"]] for page in pages for row in page["ResultSet"]["Rows"]]


def test_files_of_partitions_are_read_and_read_again_when_they_change(make_cloud: MakeCloud) -> None:
    cloud = make_cloud(RESOURCES)
    sql = "SELECT year, count(*) AS n, sum(paid) AS paid FROM sales GROUP BY year ORDER BY year"
    assert rows(cloud, sql) == [["year", "n", "paid"]]
    put(cloud, 2025, [{"product": "a", "paid": 1.5}, {"product": "b", "paid": None}])
    put(cloud, 2026, [{"product": "c", "paid": 2}])
    assert rows(cloud, sql) == [["year", "n", "paid"], ["2025", "2", "1.5"], ["2026", "1", "2.0"]]
    put(cloud, 2026, [{"product": "c", "paid": 3}] * 2)
    assert rows(cloud, sql)[-1] == ["2026", "2", "6.0"]


def test_parameters_are_literals_in_the_order_of_the_text(make_cloud: MakeCloud) -> None:
    cloud = make_cloud(RESOURCES)
    put(cloud, 2026, [{"product": "O'Brien", "paid": 3}, {"product": "x", "paid": 4}])
    sql = "SELECT ? AS said, product FROM (SELECT * FROM sales WHERE product = ?) t WHERE paid > ?"
    found = rows(cloud, sql, ExecutionParameters=["'first'", "'O''Brien'", "1"])
    assert found[1:] == [["first", "O'Brien"]]
    refused = start(cloud, "SELECT ? AS x FROM sales", ExecutionParameters=["(SELECT 1)"])
    assert status(cloud, refused)["Status"]["State"] == "FAILED"


@pytest.mark.parametrize("sql", ["SELECT nothing FROM sales", "SELECT * FROM elsewhere", "SELEC"])
def test_what_cannot_be_run_is_failed_with_a_reason(make_cloud: MakeCloud, sql: str) -> None:
    cloud = make_cloud(RESOURCES)
    found = status(cloud, start(cloud, sql))["Status"]
    assert found["State"] == "FAILED"
    assert found["StateChangeReason"]
    with pytest.raises(ClientError, match="did not finish successfully"):
        rows(cloud, sql)


def test_a_token_used_again_is_the_same_query(make_cloud: MakeCloud) -> None:
    cloud, token = make_cloud(RESOURCES), "t" * 40
    first = start(cloud, "SELECT 1 AS x", ClientRequestToken=token)
    assert start(cloud, "SELECT 1 AS x", ClientRequestToken=token) == first
    with pytest.raises(ClientError, match="do not match"):
        start(cloud, "SELECT 2 AS x", ClientRequestToken=token)
    with pytest.raises(ClientError, match="not found"):
        status(cloud, "nothing")


def test_lists_maps_and_truth_are_written_as_athena_writes_them(make_cloud: MakeCloud) -> None:
    sql = "SELECT array[1, 2] AS a, map(array['k'], array[1]) AS m, true AS t, 7 / 2 AS q"
    found = rows(make_cloud(RESOURCES), sql)
    assert found[1] == ["[1, 2]", "{k=1}", "true", "3"]
