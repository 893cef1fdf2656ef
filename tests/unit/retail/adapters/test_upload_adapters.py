"""Uploads on S3 and DynamoDB as moto plays them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.core import aws
from chalicelib.core.clock import FixedClock
from chalicelib.retail.adapters import s3_uploads
from chalicelib.retail.adapters.dynamo_facts import DynamoDailyFacts, DynamoFactWriter
from chalicelib.retail.adapters.dynamo_uploads import DynamoUploadRecords
from chalicelib.retail.adapters.s3_uploads import S3UploadFiles
from chalicelib.retail.adapters.upload_executions import StepFunctionsUploadRuns
from chalicelib.retail.errors.uploads import UploadBusyError, UploadChangedError, UploadNotFoundError
from chalicelib.retail.ports.uploads import UploadFile
from chalicelib.retail.service import uploading
from tests.fakes.retail.sale_rows import json_lines, row

NOW = datetime(2025, 1, 16, 6, 0, tzinfo=UTC)
KEY = "uploads/day.jsonl"
FIRST = UploadFile(KEY, "e1", 10, NOW, None)
SECOND = UploadFile(KEY, "e2", 10, NOW + timedelta(minutes=1), None)


@pytest.fixture
def bucket(aws_here: None) -> str:
    aws.client("s3").create_bucket(Bucket="retail")
    return "retail"


@pytest.fixture
def files(bucket: str) -> S3UploadFiles:
    return S3UploadFiles(bucket)


@pytest.fixture
def records(table: str) -> DynamoUploadRecords:
    return DynamoUploadRecords(table)


def put(content: bytes, **more: str) -> None:
    aws.client("s3").put_object(Bucket="retail", Key=KEY, Body=content, Metadata=more)


def moment(file: UploadFile) -> str:
    return file.arrived_at.isoformat()


def test_a_file_is_read_in_pieces_of_one_version(files: S3UploadFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3_uploads, "BLOCK_BYTES", 4)
    put(b"0123456789", replaces="uploads/before.json")
    file = files.look(KEY)
    assert (file.size_bytes, file.replaces) == (10, "uploads/before.json")
    assert list(files.chunks(file)) == [b"0123", b"4567", b"89"]
    reading = files.chunks(file)
    next(reading)
    put(b"other")
    with pytest.raises(UploadChangedError):
        next(reading)
    with pytest.raises(UploadNotFoundError):
        files.look("uploads/none.json")


def test_a_quarantine_is_one_object_small_or_large(files: S3UploadFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    s3 = aws.client("s3")
    for part_bytes in (8 * 2**20, 5 * 2**20):
        monkeypatch.setattr(s3_uploads, "PART_BYTES", part_bytes)
        quarantine = files.quarantine("quarantine/day.jsonl")
        for number in range(12):
            quarantine.add({"line": number, "row": "x" * 500_000})
        assert quarantine.close() == "quarantine/day.jsonl"
        quarantine.abandon()
        body = s3.get_object(Bucket="retail", Key="quarantine/day.jsonl")["Body"].read()
        assert [json.loads(line)["line"] for line in body.splitlines()] == list(range(12))
    assert files.quarantine("quarantine/day.jsonl").close() is None
    assert s3.list_objects_v2(Bucket="retail")["KeyCount"] == 0


def test_a_quarantine_that_is_abandoned_leaves_nothing(
    files: S3UploadFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3_uploads, "PART_BYTES", 10)
    quarantine = files.quarantine("quarantine/day.jsonl")
    quarantine.add({"line": 1, "row": "abcdefghij"})
    quarantine.abandon()
    s3 = aws.client("s3")
    assert "Uploads" not in s3.list_multipart_uploads(Bucket="retail")
    assert s3.list_objects_v2(Bucket="retail")["KeyCount"] == 0


def test_type_and_size_are_signed(files: S3UploadFiles) -> None:
    target = files.target(KEY, content_type="application/gzip", size_bytes=7, replaces="uploads/x.json")
    (signed,) = parse_qs(urlsplit(target.url).query)["X-Amz-SignedHeaders"]
    assert {"content-type", "content-length", "x-amz-meta-replaces"} <= set(signed.split(";"))


def test_a_file_of_any_name_can_be_corrected(files: S3UploadFiles) -> None:
    first = "uploads/Straße 1+2 %20.json"
    target = files.target(KEY, content_type="application/gzip", size_bytes=7, replaces=first)
    name = "x-amz-meta-replaces-quoted"
    assert target.headers[name].isascii()
    assert name in parse_qs(urlsplit(target.url).query)["X-Amz-SignedHeaders"][0].split(";")
    put(b"{}", **{"replaces-quoted": target.headers[name]})
    assert files.look(KEY).replaces == first
    put(b"{}", replaces="uploads/a%20b.json")
    assert files.look(KEY).replaces == "uploads/a%20b.json"


def test_a_claim_counts_versions_and_makes_them_take_turns(records: DynamoUploadRecords) -> None:
    first = records.claim("u1", FIRST, moment(FIRST), NOW)
    assert first is not None
    assert (first.status, first.restatement, first.etags) == ("processing", 1, frozenset({"e1"}))
    again = records.claim("u1", FIRST, moment(FIRST), NOW)
    assert again is not None
    assert again.restatement == 1
    with pytest.raises(UploadBusyError):
        records.claim("u1", SECOND, moment(SECOND), NOW)
    records.finish("u1", "e1", {"complete": True})
    second = records.claim("u1", SECOND, moment(SECOND), NOW)
    assert second is not None
    assert (second.restatement, second.etags, second.result) == (2, frozenset({"e1", "e2"}), {"complete": True})
    records.finish("u1", "e1", {"late": True})
    stored = records.get("u1")
    assert stored is not None
    assert (stored.status, stored.etag) == ("processing", "e2")
    assert records.claim("u1", FIRST, moment(FIRST), NOW + timedelta(hours=1)) is None
    third = UploadFile(KEY, "e3", 1, NOW + timedelta(minutes=2), None)
    assert records.claim("u1", third, moment(third), NOW + timedelta(hours=1)) is not None, "the lease is over"


def test_content_belongs_to_one_upload_at_a_time(records: DynamoUploadRecords) -> None:
    copy = UploadFile("uploads/copy.jsonl", "e1", 10, NOW, None)
    assert records.holder("e1") is None
    records.claim("u1", FIRST, moment(FIRST), NOW)
    holder = records.holder("e1")
    assert holder is not None
    assert holder.upload_id == "u1"
    with pytest.raises(UploadBusyError, match="same content"):
        records.claim("u2", copy, moment(copy), NOW)
    records.finish("u1", "e1", {})
    records.claim("u1", SECOND, moment(SECOND), NOW)
    assert records.holder("e1") is None
    assert records.claim("u2", copy, moment(copy), NOW) is not None


def test_two_uploads_of_one_content_at_the_same_moment_are_one(
    records: DynamoUploadRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = DynamoUploadRecords._holder

    def slowly(self: DynamoUploadRecords, owned: Any, etag: str) -> Any:
        found = look(self, owned, etag)
        monkeypatch.setattr(DynamoUploadRecords, "_holder", look)
        records.claim("u2", UploadFile("uploads/copy.jsonl", "e1", 10, NOW, None), moment(FIRST), NOW)
        return found

    monkeypatch.setattr(DynamoUploadRecords, "_holder", slowly)
    with pytest.raises(UploadBusyError):
        records.claim("u1", FIRST, moment(FIRST), NOW)
    assert records.get("u1") is None


def test_a_rejection_stands_beside_what_was_taken_in(records: DynamoUploadRecords) -> None:
    assert records.get("u1") is None
    records.reject("u1", {"key": KEY, "reason": "empty"})
    rejected = records.get("u1")
    assert rejected is not None
    assert (rejected.status, rejected.rejected["reason"]) == ("rejected", "empty")
    claimed = records.claim("u1", FIRST, moment(FIRST), NOW)
    assert claimed is not None
    assert claimed.restatement == 1


def test_pages_come_back_by_number(records: DynamoUploadRecords) -> None:
    pages = {number: [(f"s{number}", date(2025, 1, 15), 0)] for number in (7, 100, 20)}
    records.put_pages("u1", "e1", pages)
    records.put_pages("u1", "e2", {20: []})
    assert [page[:2] for page in records.pages("u1")] == [(7, "e1"), (20, "e1"), (20, "e2"), (100, "e1")]
    records.remove_page("u1", "e1", 20)
    assert list(records.pages("u1"))[1] == (20, "e2", [])


def test_a_name_starts_one_run(aws_here: None) -> None:
    states = aws.client("stepfunctions")
    definition = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}})
    role = "arn:aws:iam::123456789012:role/uploads"
    made = states.create_state_machine(name="upload-processor", definition=definition, roleArn=role)
    runs = StepFunctionsUploadRuns(made["stateMachineArn"])
    assert runs.start("one", {"detail": {}})
    assert not runs.start("one", {"detail": {"other": 1}})


def test_the_whole_way_on_aws(
    files: S3UploadFiles, records: DynamoUploadRecords, facts: DynamoDailyFacts, writer: DynamoFactWriter
) -> None:
    ports = uploading.Ports(files, records, writer)
    day = date(2025, 1, 15)
    put(json_lines(*(row(n, store=f"s{n % 3}") for n in range(30)), "broken").encode())
    result = uploading.process(KEY, ports, FixedClock(NOW), held=4)
    assert result["rows"] == {"in": 31, "kept": 30, "quarantined": 1}
    assert sum(one.rows for one in facts.store_days(day, day)) == 30
    put(json_lines(row(0)).encode())
    result = uploading.process(KEY, ports, FixedClock(NOW), held=4)
    assert (result["restatement"], result["removedStoreDays"]) == (2, 2)
    (left,) = facts.store_days(day, day)
    assert (left.store_id, left.rows, left.restatement) == ("s1", 1, 2)
    assert [sheet.store_id for sheet in facts.product_sheets(day)] == ["s1"]
    assert aws.client("s3").list_objects_v2(Bucket="retail")["KeyCount"] == 1, "the quarantine went with its rows"
