"""Notifications to people, by SNS."""

from __future__ import annotations

import json
from typing import Any

from chalicelib.campaigns.ports.world import Notifications
from chalicelib.core.aws import client

LONGEST_SUBJECT = 100
"""What SNS allows; printable ASCII on one line at that."""


class SnsNotifications(Notifications):
    """Publishes the message as JSON."""

    def __init__(self, topic_arn: str) -> None:
        self._topic_arn = topic_arn

    def publish(self, subject: str, message: dict[str, Any]) -> None:
        """See `Notifications.publish`."""
        plain = " ".join(subject.encode("ascii", "replace").decode().split())
        client("sns").publish(
            TopicArn=self._topic_arn,
            Subject=plain[:LONGEST_SUBJECT],
            Message=json.dumps(message, ensure_ascii=False),
        )
