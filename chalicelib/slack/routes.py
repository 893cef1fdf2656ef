"""The room's doors inside the API: what Slack calls. Slack's signature is the key; a token is not asked for."""

from __future__ import annotations

from typing import Any

from chalice import Blueprint, Response

from chalicelib.core import http

bp = Blueprint(__name__)

_COMMAND = ("command", "text", "user_id", "user_name", "channel_id", "response_url", "trigger_id")
_FORM = ["application/x-www-form-urlencoded"]


@bp.route("/slack/commands", methods=["POST"], content_types=_FORM)
@http.answering(scope=None, reads_raw=True, form=_COMMAND, refuses=(400, 401), media="text/plain")
def slack_commands() -> Response:
    """Take a slash command from Slack; the answer follows by itself."""
    from chalicelib.slack.domain.orders import read_command
    from chalicelib.slack.service import receiving

    return _empty(receiving.receive, read_command)


@bp.route("/slack/interactions", methods=["POST"], content_types=_FORM)
@http.answering(scope=None, reads_raw=True, form=("payload",), refuses=(400, 401), media="text/plain")
def slack_interactions() -> Response:
    """Take a pressed button or a submitted modal from Slack; the answer follows by itself."""
    from chalicelib.slack.domain.orders import read_interaction
    from chalicelib.slack.service import receiving

    return _empty(receiving.receive, read_interaction)


def _empty(receive: Any, read: Any) -> Response:
    """Return 200 without a body: Slack shows nothing of its own."""
    from chalicelib.slack import wiring
    from chalicelib.slack.errors import UnverifiedRequestError

    request = http.current_request()
    try:
        receive(request.raw_body, dict(request.headers), read, wiring.receive())
    except UnverifiedRequestError as error:
        raise http.HttpError(401, str(error)) from None
    except ValueError as error:
        raise http.HttpError(400, str(error)) from None
    return Response("", status_code=200, headers={"Content-Type": "text/plain"})
