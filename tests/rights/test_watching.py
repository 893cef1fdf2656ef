"""A right that is taken away and a right too many are both found, by the calls that a function really made."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from localcloud.cloud import LocalCloud
from localcloud.stepfunctions import VirtualTimeline
from tests.rights.watching import Extent, Verdict, judged

HANDLER = """
import boto3

def send(event, context):
    boto3.client("sqs", region_name="us-east-1").send_message(QueueUrl=event["url"], MessageBody="hello")
"""
ARN = "arn:aws:sqs:us-east-1:123456789012:letters"


def verdict(
    folder: Path, *actions: str, extent: Extent = Extent.WHOLE, exceptions: str = "", called: bool = True
) -> Verdict:
    """Let a function with the right to ``actions`` send one message, and judge what was recorded of it."""
    (folder / "letter_doors.py").write_text(HANDLER)
    (folder / "exceptions.yaml").write_text(exceptions)
    recordings = folder / "recordings"
    recordings.mkdir()
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": [ARN]}
    policy = {"PolicyName": "own", "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
    trust = {"Version": "2012-10-17", "Statement": []}
    role = {"AssumeRolePolicyDocument": trust, "Policies": [policy]}
    sender = {"Handler": "letter_doors.send", "Role": {"Fn::GetAtt": ["SenderRole", "Arn"]}}
    resources = {
        "Letters": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "letters"}},
        "SenderRole": {"Type": "AWS::IAM::Role", "Properties": role},
        "Sender": {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": "sender", **sender}},
    }
    timeline = VirtualTimeline()
    with LocalCloud({"Resources": resources}, folder, timeline=timeline, recordings=recordings) as cloud:
        url = cloud.client("sqs").get_queue_url(QueueName="letters")["QueueUrl"]
        if called:
            answer = cloud.client("lambda").invoke(FunctionName="sender", Payload=json.dumps({"url": url}))
            assert "FunctionError" not in answer, answer["Payload"].read()
    return judged(recordings, folder / "exceptions.yaml", extent)


def test_exact_rights_are_right(tmp_path: Path) -> None:
    assert verdict(tmp_path, "sqs:SendMessage") == Verdict()


@pytest.mark.parametrize("extent", Extent)
def test_a_right_that_was_taken_away_fails_any_run(tmp_path: Path, extent: Extent) -> None:
    found = verdict(tmp_path, "logs:PutLogEvents", extent=extent)
    assert found == Verdict([f"Sender lacks sqs:SendMessage on {ARN}"])


def test_a_right_too_many_fails_a_run_of_all_tests(tmp_path: Path) -> None:
    found = verdict(tmp_path, "sqs:SendMessage", "sqs:PurgeQueue")
    assert found == Verdict([f"Sender needs not sqs:PurgeQueue on {ARN}"])


def test_a_part_of_the_tests_says_nothing_of_rights_they_did_not_use(tmp_path: Path) -> None:
    exceptions = "- {who: Sender, needs not: sqs:DeleteMessage, because: never}"
    found = verdict(tmp_path, "sqs:SendMessage", extent=Extent.PART, exceptions=exceptions, called=False)
    assert found == Verdict()


def test_tests_that_could_not_run_may_have_used_the_right(tmp_path: Path) -> None:
    found = verdict(tmp_path, "sqs:SendMessage", extent=Extent.SOME_SKIPPED, called=False)
    assert found == Verdict([], [f"Sender needs not sqs:SendMessage on {ARN}"])


def test_an_exception_excuses_by_pattern_and_has_to_excuse_something(tmp_path: Path) -> None:
    exceptions = """
- {who: "*", needs not: "sqs:Purge* on *:letters", because: by hand}
- {who: Nobody, lacks: "sqs:SendMessage", because: gone}
"""
    found = verdict(tmp_path, "sqs:SendMessage", "sqs:PurgeQueue", exceptions=exceptions)
    assert found == Verdict(["exceptions.yaml: Nobody lacks sqs:SendMessage on *: excuses nothing"])


def test_a_cloud_that_is_not_the_projects_writes_nothing_unless_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOCALCLOUD_CALLS", str(tmp_path))
    with LocalCloud({"Resources": {}}, tmp_path, timeline=VirtualTimeline()):
        pass
    assert list(tmp_path.glob("*.json")) == []
