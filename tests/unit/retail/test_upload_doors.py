"""The doors of uploads: routes, the event, the task."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from chalice.test import Client
from moto import mock_aws

from app import app
from chalicelib.core import aws
from chalicelib.retail.domain.uploads import upload_id_of
from tests.fakes.api import SignedIn, signed_in
from tests.fakes.retail.sale_rows import json_lines, row
from tests.fakes.tables import make_tables

KEY = "uploads/day.jsonl"


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[SignedIn]:
    monkeypatch.setenv("FACTS_TABLE", "facts")
    monkeypatch.setenv("RETAIL_BUCKET", "retail")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    aws.client.cache_clear()
    with mock_aws():
        make_tables("retail", {"FactsTable": "facts"})
        aws.client("s3").create_bucket(Bucket="retail")
        role = "arn:aws:iam::123456789012:role/uploads"
        definition = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}})
        made = aws.client("stepfunctions").create_state_machine(
            name="upload-processor", definition=definition, roleArn=role
        )
        monkeypatch.setenv("UPLOAD_MACHINE_ARN", made["stateMachineArn"])
        with signed_in(app) as client:
            yield client
    aws.client.cache_clear()


def post(api: SignedIn, body: Any) -> Any:
    return api.post("/uploads", headers={"Content-Type": "application/json"}, body=json.dumps(body).encode())


def test_an_upload_gets_a_place_named_by_time_and_form(api: SignedIn) -> None:
    answer = post(api, {"sizeBytes": 100, "format": "json", "gzip": True, "name": "store-7"})
    assert answer.status_code == 202
    target = answer.json_body
    assert target["uploadId"] == upload_id_of(target["key"])
    assert target["key"].startswith(f"uploads/{datetime.now(UTC):%Y%m%d}_")
    assert target["key"].endswith(".json.gz")
    assert target["headers"] == {"Content-Type": "application/gzip", "Content-Length": "100"}
    assert answer.headers["Location"] == f"/uploads/{target['uploadId']}"


def test_everything_wrong_with_a_wish_is_named(api: SignedIn) -> None:
    answer = post(api, {"sizeBytes": 0, "format": "csv", "name": "../x"})
    assert answer.status_code == 422
    assert {one["path"] for one in answer.json_body["errors"]} == {"sizeBytes", "format", "name"}


def test_a_correction_belongs_to_the_upload_it_corrects(api: SignedIn) -> None:
    assert post(api, {"sizeBytes": 1, "replaces": "0" * 12}).status_code == 404
    aws.client("s3").put_object(Bucket="retail", Key=KEY, Body=json_lines(row(0)).encode())
    process(KEY)
    answer = post(api, {"sizeBytes": 1, "replaces": upload_id_of(KEY)}).json_body
    assert answer["uploadId"] == upload_id_of(KEY)
    assert answer["headers"]["x-amz-meta-replaces"] == KEY


def test_what_became_of_an_upload_is_shown(api: SignedIn) -> None:
    assert api.get("/uploads/nothing").status_code == 404
    assert api.get(f"/uploads/{upload_id_of(KEY)}").status_code == 404
    aws.client("s3").put_object(Bucket="retail", Key=KEY, Body=json_lines(row(0), "broken").encode())
    result = process(KEY)
    shown = api.get(f"/uploads/{upload_id_of(KEY)}").json_body
    assert (shown["status"], shown["result"]) == ("done", result)


def test_an_arrival_starts_one_run(api: SignedIn) -> None:
    detail = {"bucket": {"name": "retail"}, "object": {"key": KEY, "etag": "e", "sequencer": "1"}}
    with Client(app) as client:
        event = client.events.generate_cw_event("aws.s3", "Object Created", detail, [])
        first = client.lambda_.invoke("on-store-upload", event).payload
        assert first["started"]
        assert client.lambda_.invoke("on-store-upload", event).payload["run"] == first["run"]
    machine = os.environ["UPLOAD_MACHINE_ARN"]
    (run,) = aws.client("stepfunctions").list_executions(stateMachineArn=machine)["executions"]
    assert run["name"] == first["run"]


def test_a_file_that_was_corrected_before_its_turn_came_ends_well(api: SignedIn) -> None:
    first, second = "uploads/first.jsonl", "uploads/second.jsonl"
    s3 = aws.client("s3")
    s3.put_object(Bucket="retail", Key=first, Body=json_lines(row(0, store="late")).encode())
    process(first)
    correction = json_lines(row(0, store="late", quantity=9)).encode()
    s3.put_object(Bucket="retail", Key=second, Body=correction, Metadata={"replaces": first})
    process(second)
    aws.client("dynamodb").update_item(  # as if it had come later: S3 tells arrivals apart by the second
        TableName=os.environ["FACTS_TABLE"],
        Key={"pk": {"S": f"upload#{upload_id_of(first)}"}, "sk": {"S": "record"}},
        UpdateExpression="SET moment = :later",
        ExpressionAttributeValues={":later": {"S": "2999-01-01"}},
    )
    assert process(first)["status"] == "superseded"
    assert api.get(f"/uploads/{upload_id_of(first)}").json_body["key"] == second


def process(key: str) -> Any:
    detail = {"bucket": {"name": "retail"}, "object": {"key": key}}
    with Client(app) as client:
        return client.lambda_.invoke("process-upload", {"detail": detail, "executionArn": "arn"}).payload
