"""Notices by SNS."""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.approvals.ports.world import Notices
from chalicelib.core.aws import client
from chalicelib.core.errors import TransientError


class SnsNotices(Notices):
    """One topic; subscriptions filter by the attribute ``event``."""

    def __init__(self, topic_arn: str) -> None:
        self._topic_arn = topic_arn

    def publish(self, event: str, body: dict[str, Any]) -> None:
        """See `Notices.publish`."""
        try:
            client("sns").publish(
                TopicArn=self._topic_arn,
                Message=json.dumps({"event": event, **body}),
                MessageAttributes={"event": {"DataType": "String", "StringValue": event}},
            )
        except (ClientError, BotoCoreError) as error:
            raise TransientError(f"SNS did not take {event}: {type(error).__name__}") from error
