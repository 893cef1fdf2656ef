"""The function slack-bot, invoked and not waited for."""

from __future__ import annotations

import json

from chalicelib.core import aws, payload
from chalicelib.slack.domain.orders import Order
from chalicelib.slack.ports import Bot


class LambdaBot(Bot):
    """See `Bot`."""

    def __init__(self, function: str) -> None:
        self._function = function

    def hand_on(self, order: Order) -> None:
        """See `Bot.hand_on`."""
        event = {"order": payload.to_json_types(order)}
        aws.client("lambda").invoke(
            FunctionName=self._function, InvocationType="Event", Payload=json.dumps(event).encode()
        )
