"""The room's doors with a Lambda of their own."""

from __future__ import annotations

from typing import Any

from chalice import Blueprint

from chalicelib.core.task import task

bp = Blueprint(__name__)


@bp.lambda_function(name="slack-bot")
@task
def slack_bot(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Say what a state machine asks to say, or do what somebody asked for in Slack.

    ``event`` is ``{"room", "message", "data"}``: the room whose ``slack.py`` has that message in its MESSAGES, and
    what the message is about; returns ``{"message_ts", "channel"}``. Or it is ``{"order": ...}``, see
    `chalicelib.slack.domain.orders.Order`; returns ``{"worked"}``, False when it was done before.
    """
    if "order" in event:
        from chalicelib.core import payload
        from chalicelib.slack import wiring
        from chalicelib.slack.domain.orders import Order
        from chalicelib.slack.service import working

        return {"worked": working.work(payload.parse(Order, event["order"]), wiring.work())}
    from chalicelib.slack.service import posting

    return posting.post(event)
