"""Brings an answer back: into the response URL Slack gave, as a modal, or to the person directly."""

from __future__ import annotations

from typing import Any

from chalicelib.core import slack
from chalicelib.core.log import logger
from chalicelib.core.slack import Message, Reply
from chalicelib.slack.domain.orders import Order


def answer(order: Order, reply: Reply) -> None:
    """Send the reply; one that Slack does not take is in the log, as the work behind it is done."""
    try:
        message = reply.message
        if reply.modal is not None:
            message = _opened(order, reply.modal) or message
        if message is None:
            return
        if order.response_url:
            slack.respond(order.response_url, message, in_channel=reply.in_channel, replaces=reply.replaces)
        else:  # a modal has no response URL: the person gets a direct message
            slack.post(order.user_id, message)
    except (slack.SlackUnavailableError, slack.SlackRejectedError):
        logger().exception("nobody could be told", order=order.key, what=order.name)


def _opened(order: Order, view: dict[str, Any]) -> Message | None:
    """Open a modal; returns what to say when it was too late for it."""
    try:
        slack.open_modal(order.trigger_id, view)
    except slack.SlackRejectedError as error:
        logger().warning("a modal did not open", reason=str(error))
        return Message("That took longer than the three seconds Slack gives. Please press it again.")
    return None
