"""S3, Scheduler and Step Functions as the desk uses them, on AWS's stand-in."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from chalicelib.campaigns.adapters.lambda_imports import LambdaImportContinuations
from chalicelib.campaigns.adapters.s3_assets import BLOCK_BYTES, S3AudioFiles, S3Models, S3Uploads
from chalicelib.campaigns.adapters.s3_reports import S3Reports
from chalicelib.campaigns.adapters.scheduler import EventBridgeStartSchedule
from chalicelib.campaigns.adapters.stepfunctions import StepFunctionsCampaignRuns
from chalicelib.core import aws

ROLE = "arn:aws:iam::123456789012:role/any"
MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:campaign-execution"
LETTERS = "arn:aws:sqs:us-east-1:123456789012:letters"


@pytest.fixture
def bucket(aws_here: None) -> str:
    aws.client("s3").create_bucket(Bucket="assets")
    return "assets"


def test_audio_is_known_by_its_content_type(bucket: str) -> None:
    aws.client("s3").put_object(Bucket=bucket, Key="audio/a.wav", Body=b"RIFF", ContentType="audio/wav")
    audio = S3AudioFiles(bucket)
    assert (audio.content_type("audio/a.wav"), audio.content_type("audio/gone.wav")) == ("audio/wav", None)


@pytest.mark.parametrize("size", [0, 1, BLOCK_BYTES, BLOCK_BYTES + 1])
@pytest.mark.parametrize("offset", [0, 1])
def test_uploads_are_read_in_blocks_from_any_byte(bucket: str, size: int, offset: int) -> None:
    body = bytes(range(256)) * (size // 256 + 1)
    uploads = S3Uploads(bucket)
    uploads.write("contacts/c/u.csv", body[:size], "text/csv")
    assert b"".join(uploads.chunks("contacts/c/u.csv", offset)) == body[:size][offset:]
    assert uploads.size_bytes("contacts/c/u.csv") == size


def test_what_is_not_there_is_none(bucket: str) -> None:
    uploads = S3Uploads(bucket)
    assert list(uploads.chunks("contacts/c/gone.csv", 0)) == []
    assert uploads.size_bytes("contacts/c/gone.csv") is None
    assert uploads.read_json("contacts/c/gone.json") is None
    uploads.delete("contacts/c/gone.json")
    assert S3Models(bucket).read("models/gone.json") is None
    assert S3Reports(bucket).read_json("campaigns/c/report.json") is None


def test_upload_links_are_signed_version_4_with_the_content_type(bucket: str) -> None:
    target = S3Uploads(bucket).target("contacts/c/u.csv", "text/csv")
    assert "X-Amz-Algorithm=AWS4-HMAC-SHA256" in target.url
    assert "X-Amz-SignedHeaders=content-type%3Bhost" in target.url
    assert target.headers == {"Content-Type": "text/csv"}


def test_reports_are_written_and_linked(bucket: str) -> None:
    reports = S3Reports(bucket)
    reports.write("campaigns/c/report.json", b'{"calls": 1}', "application/json")
    assert reports.read_json("campaigns/c/report.json") == {"calls": 1}
    assert "AWS4-HMAC-SHA256" in reports.url("campaigns/c/report.json", "campaign-c.json")


def test_a_schedule_entry_starts_the_named_execution_once_and_is_gone_then(aws_here: None) -> None:
    scheduler = aws.client("scheduler")
    scheduler.create_schedule_group(Name="group")
    schedule = EventBridgeStartSchedule("group", MACHINE, ROLE, LETTERS)
    place: dict[str, Any] = {"zone": "Europe/Berlin", "run": "c-1", "payload": {"campaignId": "c"}}
    schedule.put("campaign-c", local_time=datetime.fromisoformat("2026-06-02T10:00:00"), **place)
    schedule.put("campaign-c", local_time=datetime.fromisoformat("2026-06-03T11:30:00"), **place)
    entry = scheduler.get_schedule(GroupName="group", Name="campaign-c")
    assert entry["ScheduleExpression"] == "at(2026-06-03T11:30:00)"
    assert entry["ScheduleExpressionTimezone"] == "Europe/Berlin"
    assert entry["Target"]["Arn"] == "arn:aws:scheduler:::aws-sdk:sfn:startExecution"
    start = json.loads(entry["Target"]["Input"])
    assert start == {"StateMachineArn": MACHINE, "Name": "c-1", "Input": '{"campaignId": "c"}'}
    schedule.remove("campaign-c")
    schedule.remove("campaign-c")
    assert scheduler.list_schedules(GroupName="group")["Schedules"] == []


def test_an_execution_name_used_twice_is_one_run(aws_here: None) -> None:
    states = aws.client("stepfunctions")
    machine = states.create_state_machine(
        name="campaign-execution",
        roleArn=ROLE,
        definition=json.dumps({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}),
    )["stateMachineArn"]
    runs = StepFunctionsCampaignRuns(machine)
    assert runs.start("c-1", {"campaignId": "c"}) == runs.arn("c-1")
    assert runs.start("c-1", {"campaignId": "c", "executionSource": "other"}) == runs.arn("c-1")
    assert [run["name"] for run in states.list_executions(stateMachineArn=machine)["executions"]] == ["c-1"]


def test_a_continuation_is_an_event_as_s3_sends_it() -> None:
    from chalice.app import CloudWatchEvent

    sent = LambdaImportContinuations("function", "assets").event("contacts/c/u.csv")
    event = CloudWatchEvent(json.loads(json.dumps(sent)), None)
    assert event.detail["object"]["key"] == "contacts/c/u.csv"
    assert (event.source, event.detail_type) == ("aws.s3", "Object Created")
