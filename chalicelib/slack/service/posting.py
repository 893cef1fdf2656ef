"""Says in Slack what a state machine asks to say."""

from __future__ import annotations

from typing import Any

import msgspec

from chalicelib.core import payload, slack
from chalicelib.core.errors import InvalidInputError, Problem
from chalicelib.slack.service import rooms


class _Order(msgspec.Struct, forbid_unknown_fields=True):
    """What to say."""

    room: str
    message: str
    data: dict[str, Any]


def post(event: Any) -> dict[str, Any]:
    """Post the message and return ``{"message_ts", "channel"}``.

    Raises:
        InvalidInputError: there is no such room or message.
        SlackUnavailableError, SlackRejectedError: see `chalicelib.core.slack`.
    """
    order = payload.parse(_Order, event)
    messages = getattr(rooms.slack_of(order.room), "MESSAGES", {})
    build = messages.get(order.message)
    if build is None:
        known = ", ".join(sorted(messages)) or "no message at all"
        raise InvalidInputError(
            [Problem("$.message", "unknown", f"is {order.message!r}; {order.room} knows {known}")]
        )
    channel, message = build(order.data)
    posted = slack.post(channel, message)
    return {"message_ts": posted.ts, "channel": posted.channel}
