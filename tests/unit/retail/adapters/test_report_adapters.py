"""The report's shelf, log and memory on AWS's stand-in."""

from __future__ import annotations

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from chalicelib.core import aws
from chalicelib.retail.adapters.dynamo_reports import DynamoMemory, DynamoReportLog
from chalicelib.retail.adapters.s3_shelf import S3Shelf
from chalicelib.retail.domain.calendars import Feedback, KnownEvent
from chalicelib.retail.ports.reports import ReportRecord
from chalicelib.retail.service.reporting import asking

TABLE, BUCKET, DAY = "sales-reports", "sales", "2025-01-15"


@pytest.fixture(autouse=True)
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        aws.client.cache_clear()
        boto3.client("s3").create_bucket(Bucket=BUCKET)
        boto3.client("dynamodb").create_table(
            TableName=TABLE,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[
                {"AttributeName": "pk", "AttributeType": "S"},
                {"AttributeName": "sk", "AttributeType": "S"},
            ],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        )
        yield
    aws.client.cache_clear()


def test_the_first_execution_may_mail_and_may_ask_again() -> None:
    log = DynamoReportLog(TABLE)
    assert log.claim(DAY, "one", force=False)
    assert log.claim(DAY, "one", force=False)
    assert not log.claim(DAY, "two", force=False)
    assert log.claim(DAY, "two", force=True)
    assert log.claim(DAY, "two", force=False)
    record = log.record(DAY)
    assert record is not None
    assert record.sent_by == "one"


def test_what_was_written_does_not_touch_who_mailed_it() -> None:
    log = DynamoReportLog(TABLE)
    log.claim(DAY, "one", force=False)
    log.written(ReportRecord(DAY, 2, "stamp", -12, ""))
    assert log.record(DAY) == ReportRecord(DAY, 2, "stamp", -12, "one")
    assert log.record("2025-01-16") is None


def test_records_come_in_order_with_both_ends() -> None:
    log = DynamoReportLog(TABLE)
    for day in ("2025-01-12", "2025-01-10", "2025-01-11", "2025-01-13"):
        log.written(ReportRecord(day, 1, "", 0, ""))
    assert [one.day for one in log.records("2025-01-11", "2025-01-12")] == ["2025-01-11", "2025-01-12"]


def test_knowledge_is_what_touches_the_days() -> None:
    memory = DynamoMemory(TABLE)
    events = [
        KnownEvent("over", "past", "2024-12-01", "2024-12-31"),
        KnownEvent("long", "works", "2024-12-20", "2025-02-01", "store:S#1"),
        KnownEvent("later", "fair", "2025-03-01", "2025-03-02"),
    ]
    for event in events:
        memory.add_event(event)
    answer = Feedback("sales_low|store:S#1", DAY, "expected", "U1", "2025-01-16T08:00:00+00:00")
    memory.add_feedback(answer)
    memory.add_feedback(answer)
    knowledge = memory.knowledge("2025-01-01", DAY)
    assert list(knowledge.events) == [events[1]]
    assert list(knowledge.feedback) == [answer]


def test_an_event_is_replaced_by_its_id_and_forgotten() -> None:
    memory = DynamoMemory(TABLE)
    memory.add_event(KnownEvent("fair", "Fair", "2025-01-10", "2025-01-20"))
    memory.add_event(KnownEvent("fair", "Fair", "2025-01-10", "2025-01-11"))
    assert memory.knowledge(DAY, DAY).events == []
    (event,) = memory.knowledge("2025-01-10", "2025-01-11").events
    assert event.last == "2025-01-11"
    for _ in range(2):
        memory.remove_event("fair")
    assert memory.knowledge("2025-01-10", "2025-01-11").events == []


def test_files_are_kept_replaced_and_missed() -> None:
    shelf = S3Shelf(BUCKET)
    shelf.put("a/b", b"1", "text/plain")
    shelf.put("a/b", b"2", "text/plain")
    assert shelf.get("a/b") == b"2"
    assert shelf.get("a/c") is None
    assert "a/b" in shelf.link("a/b", "b.txt")


def test_reports_are_listed_the_latest_first_and_claims_alone_are_no_report() -> None:
    log = DynamoReportLog(TABLE)
    for day, net in (("2025-01-13", 10), ("2025-01-14", 20), (DAY, 30)):
        log.written(ReportRecord(day, 1, "stamp", net, ""))
    log.claim(DAY, "one", force=False)
    log.claim("2025-01-16", "one", force=False)
    assert asking.listed(None, 2, log)["reports"] == [
        {"date": DAY, "version": 1, "netCents": 30, "sent": True},
        {"date": "2025-01-14", "version": 1, "netCents": 20, "sent": False},
    ]
    assert [one["date"] for one in asking.listed("2025-01-13", 9, log)["reports"]] == ["2025-01-13"]
