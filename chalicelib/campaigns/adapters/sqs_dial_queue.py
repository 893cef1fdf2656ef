"""The dial queue in SQS: ten messages a request."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

import msgspec

from chalicelib.campaigns.ports.calls import DialQueue, DialTask
from chalicelib.core.aws import client
from chalicelib.core.log import logger

MESSAGES_A_REQUEST = 10


class SqsDialQueue(DialQueue):
    """Bodies are the task's fields as JSON; the delay is the message's own."""

    def __init__(self, url: str) -> None:
        self._url = url

    def send(self, tasks: Iterable[DialTask]) -> int:
        """See `DialQueue.send`; an entry SQS refuses is tried once more."""
        sqs = client("sqs", validate=False)
        remaining, taken = iter(tasks), 0
        while batch := list(islice(remaining, MESSAGES_A_REQUEST)):
            entries = [_entry(str(place), task) for place, task in enumerate(batch)]
            for _ in range(2):
                answer = sqs.send_message_batch(QueueUrl=self._url, Entries=entries)
                refused = {entry["Id"] for entry in answer.get("Failed", ())}
                taken += len(entries) - len(refused)
                entries = [entry for entry in entries if entry["Id"] in refused]
                if not entries:
                    break
            else:
                logger().warning("the dial queue refused tasks", tasks=len(entries))
        return taken


def _entry(entry_id: str, task: DialTask) -> dict[str, Any]:
    return {
        "Id": entry_id,
        "MessageBody": msgspec.json.encode(task).decode(),
        "DelaySeconds": task.delay_seconds,
    }
