"""The room's doors with a Lambda of their own."""

from __future__ import annotations

from typing import Any

from chalice import Blueprint

from chalicelib.core.task import task

bp = Blueprint(__name__)


@bp.lambda_function(name="slack-bot")
@task
def slack_bot(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Post a room's message.

    ``event`` is ``{"room", "message", "data"}``: the room whose ``slack.py`` has that message in its MESSAGES, and
    what the message is about. Returns ``{"message_ts", "channel"}``.
    """
    from chalicelib.slack.service import posting

    return posting.post(event)
