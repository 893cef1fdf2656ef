from __future__ import annotations

from typing import Any

import pytest

from chalicelib.campaigns.adapters.sqs_dial_queue import SqsDialQueue
from chalicelib.campaigns.ports.calls import DialTask
from chalicelib.core import aws, payload


@pytest.fixture
def url(aws_here: None) -> str:
    return str(aws.client("sqs").create_queue(QueueName="dial-tasks")["QueueUrl"])


def received(url: str) -> list[DialTask]:
    found: list[DialTask] = []
    while messages := aws.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [payload.parse_json(DialTask, message["Body"]) for message in messages]
    return found


def test_tasks_go_ten_a_request_and_come_out_as_they_were(url: str) -> None:
    requests: list[Any] = []
    sqs = aws.client("sqs", validate=False)
    sqs.meta.events.register("before-call.sqs.SendMessageBatch", lambda params, **_: requests.append(params))
    tasks = [DialTask("spring", f"c{n}", 1, 2, due_at=1_780_000_000) for n in range(23)]
    assert SqsDialQueue(url).send(iter(tasks)) == 23
    assert len(requests) == 3
    assert sorted(received(url), key=lambda task: int(task.contact_id[1:])) == tasks


def test_a_delay_keeps_a_task_back(url: str) -> None:
    SqsDialQueue(url).send([DialTask("spring", "now", 1, 1), DialTask("spring", "later", 1, 1, delay_seconds=600)])
    assert [task.contact_id for task in received(url)] == ["now"]


def test_nothing_to_send_is_no_request(url: str) -> None:
    assert SqsDialQueue(url).send([]) == 0
