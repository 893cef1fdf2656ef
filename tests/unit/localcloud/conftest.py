"""A small project of its own, so that the local cloud is tested without the application."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from localcloud.cloud import LocalCloud
from localcloud.stepfunctions import VirtualTimeline

HANDLERS = '''
"""Doors of a tiny project. What they see is kept in SEEN."""

SEEN = []
FAILING = set()

def note(event, context):
    SEEN.append(event)
    return {"noted": len(SEEN)}

def batch(event, context):
    bodies = [record["body"] for record in event["Records"]]
    SEEN.append(bodies)
    failed = [r["messageId"] for r in event["Records"] if r["body"] in FAILING]
    return {"batchItemFailures": [{"itemIdentifier": one} for one in failed]}

def broken(event, context):
    SEEN.append(event)
    raise ValueError("never works")
'''

START = 1_767_225_600.0
"""2026-01-01T00:00:00Z, a Thursday."""

MakeCloud = Callable[[dict[str, Any]], LocalCloud]


def function(handler: str, **properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::Lambda::Function", "Properties": {"Handler": f"tiny_doors.{handler}", **properties}}


def queue(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::SQS::Queue", "Properties": properties}


def mapping(function_id: str, queue_id: str, **properties: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::Lambda::EventSourceMapping",
        "Properties": {
            "FunctionName": {"Ref": function_id},
            "EventSourceArn": {"Fn::GetAtt": [queue_id, "Arn"]},
            **properties,
        },
    }


def rule(target: Any, **properties: Any) -> dict[str, Any]:
    entry = target if isinstance(target, dict) and "Arn" in target else {"Arn": target}
    return {"Type": "AWS::Events::Rule", "Properties": {"Targets": [{"Id": "t", **entry}], **properties}}


@pytest.fixture
def make_cloud(tmp_path: Path) -> Iterator[MakeCloud]:
    """Open clouds of {"LogicalId": resource}, on a virtual clock that starts at START."""
    (tmp_path / "tiny_doors.py").write_text(HANDLERS)
    with ExitStack() as stack:

        def make(resources: dict[str, Any]) -> LocalCloud:
            cloud = LocalCloud({"Resources": resources}, tmp_path, timeline=VirtualTimeline(START))
            return stack.enter_context(cloud)

        yield make


def seen() -> list[Any]:
    """What the handlers noted."""
    import tiny_doors  # type: ignore[import-not-found]

    return tiny_doors.SEEN  # type: ignore[no-any-return]


def failing() -> set[str]:
    """Bodies the batch handler reports as failed."""
    import tiny_doors

    return tiny_doors.FAILING  # type: ignore[no-any-return]


def send(cloud: LocalCloud, name: str, body: str, **more: Any) -> None:
    sqs = cloud.client("sqs")
    sqs.send_message(QueueUrl=sqs.get_queue_url(QueueName=name)["QueueUrl"], MessageBody=body, **more)


def bodies(cloud: LocalCloud, name: str) -> list[Any]:
    """What lies in a queue, as parsed JSON where it is JSON."""
    sqs = cloud.client("sqs")
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    found = []
    for message in messages:
        try:
            found.append(json.loads(message["Body"]))
        except ValueError:
            found.append(message["Body"])
    return found


def idle(cloud: LocalCloud) -> None:
    """Let everything happen that will ever happen."""
    assert isinstance(cloud.timeline, VirtualTimeline)
    cloud.timeline.run_until_idle()
