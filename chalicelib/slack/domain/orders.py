"""What Slack sends, read: commands, pressed buttons, submitted modals.

https://docs.slack.dev/interactivity/implementing-slash-commands
https://docs.slack.dev/reference/interaction-payloads
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qsl


class UnreadableOrderError(ValueError):
    """The body is none that Slack sends; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Order:
    """One thing somebody asked for in Slack."""

    key: str
    """The same for every time Slack sends it again: its body has a trigger id of its own."""
    kind: Literal["command", "action", "submission"]
    name: str
    """The command with its slash, or the action_id (of a modal: the callback_id)."""
    text: str
    """What follows the command; a button's value; a modal's private_metadata."""
    user_id: str
    user_name: str
    channel: str = ""
    response_url: str = ""
    trigger_id: str = ""
    message_ts: str = ""
    """Of an action: the message the button stands in."""
    inputs: dict[str, str] = field(default_factory=dict)
    """block_id -> what was put in."""

    @property
    def family(self) -> str:
        """Return the name of the `Action` that answers: the part of the action_id before ":"."""
        return self.name.partition(":")[0]


def read_command(body: bytes) -> Order:
    """Return a slash command.

    Raises:
        UnreadableOrderError: see there.
    """
    fields = _form(body)
    return Order(
        key=key_of(body),
        kind="command",
        name=_needed(fields, "command"),
        text=fields.get("text", "").strip(),
        user_id=_needed(fields, "user_id"),
        user_name=fields.get("user_name", ""),
        channel=fields.get("channel_id", ""),
        response_url=fields.get("response_url", ""),
        trigger_id=fields.get("trigger_id", ""),
    )


def read_interaction(body: bytes) -> Order | None:
    """Return a pressed button or a submitted modal; None for what nobody needs to answer, such as a closed modal.

    Raises:
        UnreadableOrderError: see there.
    """
    try:
        payload = json.loads(_needed(_form(body), "payload"))
    except json.JSONDecodeError as error:
        raise UnreadableOrderError(f"payload is no JSON: {error}") from None
    if not isinstance(payload, dict):
        raise UnreadableOrderError("payload is no object")
    try:
        if payload.get("type") == "block_actions":
            return _action(payload, key_of(body))
        if payload.get("type") == "view_submission":
            return _submission(payload, key_of(body))
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise UnreadableOrderError(f"payload lacks {error}") from None
    return None


def key_of(body: bytes) -> str:
    """Return an order's key."""
    return hashlib.sha256(body).hexdigest()


def _action(payload: dict[str, Any], key: str) -> Order:
    action = payload["actions"][0]
    container = payload.get("container") or {}
    message = payload.get("message") or {}
    return Order(
        key=key,
        kind="action",
        name=str(action["action_id"]),
        text=_given(action),
        user_id=str(payload["user"]["id"]),
        user_name=str(payload["user"].get("username") or payload["user"].get("name") or ""),
        channel=str((payload.get("channel") or {}).get("id") or container.get("channel_id") or ""),
        response_url=str(payload.get("response_url") or ""),
        trigger_id=str(payload.get("trigger_id") or ""),
        message_ts=str(message.get("ts") or container.get("message_ts") or ""),
        inputs=_inputs(payload.get("state") or {}),
    )


def _submission(payload: dict[str, Any], key: str) -> Order:
    view = payload["view"]
    return Order(
        key=key,
        kind="submission",
        name=str(view["callback_id"]),
        text=str(view.get("private_metadata") or ""),
        user_id=str(payload["user"]["id"]),
        user_name=str(payload["user"].get("username") or payload["user"].get("name") or ""),
        trigger_id=str(payload.get("trigger_id") or ""),
        inputs=_inputs(view.get("state") or {}),
    )


def _inputs(state: dict[str, Any]) -> dict[str, str]:
    """Return block_id -> value of a modal's or message's inputs; each block has one element."""
    return {
        str(block): _given(element)
        for block, elements in (state.get("values") or {}).items()
        for element in elements.values()
    }


def _given(element: dict[str, Any]) -> str:
    """Return what a button carries or somebody put into an element."""
    if isinstance(chosen := element.get("selected_option"), dict):
        return str(chosen.get("value") or "")
    if isinstance(several := element.get("selected_options"), list):
        return " ".join(str(one.get("value") or "") for one in several)
    names = (
        "value",
        "selected_user",
        "selected_channel",
        "selected_conversation",
        "selected_date",
        "selected_time",
    )
    return next((str(element[name]) for name in names if element.get(name)), "")


def _form(body: bytes) -> dict[str, str]:
    try:
        return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=100))
    except ValueError as error:
        raise UnreadableOrderError(f"the body is no form: {error}") from None


def _needed(fields: dict[str, str], name: str) -> str:
    if not fields.get(name):
        raise UnreadableOrderError(f"the form has no {name}")
    return fields[name]
