"""People in the workspace: they type commands, press buttons and submit modals.

What the application receives is what Slack sends: form-encoded, signed with the signing secret
(https://docs.slack.dev/authentication/verifying-requests-from-slack).
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import itertools
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from localcloud.standins.slack import PEOPLE, PERSON, SIGNING_SECRET, TEAM, SlackError, Workspace

_TIMEOUT_SECONDS = 30
_triggers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the application answered at once."""

    status: int
    body: str
    milliseconds: float
    """Slack gives 3,000."""


class Person:
    """Somebody who uses the application from within Slack."""

    def __init__(
        self, workspace: Workspace, slack_url: str, user: str = PERSON, *, secret: str = SIGNING_SECRET
    ) -> None:
        """``slack_url`` is where response URLs lead; another ``secret`` is that of another application."""
        self._workspace, self._slack_url, self._user, self._secret = workspace, slack_url, user, secret

    def command(self, text: str, *, channel: str = "C0GENERAL") -> Answer:
        """Type ``/command words``."""
        name, _, words = text.strip().partition(" ")
        fields = {
            "command": name,
            "text": words.strip(),
            "user_id": self._user,
            "user_name": PEOPLE.get(self._user, self._user),
            "team_id": TEAM,
            "channel_id": channel,
            "response_url": f"{self._slack_url}/response/{channel}",
            "trigger_id": self._trigger(),
        }
        return self.send("/slack/commands", urlencode(fields))

    def press(self, message: Mapping[str, Any], element: Mapping[str, Any]) -> Answer:
        """Press a button or choose: ``element`` has an ``action_id``, a ``value`` or a ``selected_option``."""
        channel, ts = message["channel"], message["ts"]
        payload = {
            "type": "block_actions",
            "user": self._as_user(),
            "team": {"id": TEAM},
            "channel": {"id": channel},
            "message": message,
            "container": {"type": "message", "message_ts": ts, "channel_id": channel},
            "actions": [{"type": "button", "action_ts": f"{self._workspace.now():.6f}", **element}],
            "response_url": f"{self._slack_url}/response/{channel}/{ts}",
            "trigger_id": self._trigger(),
        }
        return self.send("/slack/interactions", urlencode({"payload": json.dumps(payload)}))

    def submit(self, view: Mapping[str, Any], inputs: Mapping[str, str]) -> Answer:
        """Submit a modal with these texts in its blocks."""
        elements = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
        if strangers := sorted(inputs.keys() - elements.keys()):
            raise SlackError(f"the modal has no block {strangers[0]}")
        values = {
            block: {elements[block]["action_id"]: _put_in(elements[block], text)} for block, text in inputs.items()
        }
        payload = {
            "type": "view_submission",
            "user": self._as_user(),
            "team": {"id": TEAM},
            "view": {**view, "state": {"values": values}},
            "trigger_id": self._trigger(),
        }
        return self.send("/slack/interactions", urlencode({"payload": json.dumps(payload)}))

    def send(self, path: str, body: str, *, headers: Mapping[str, str] | None = None) -> Answer:
        """Send a signed request; ``headers`` are added, and replace the signature where they name it."""
        stamp = str(int(self._workspace.now()))
        signed = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature(self._secret, stamp, body),
        }
        address = urlsplit(self._workspace.app_url)
        connection = http.client.HTTPConnection(
            address.hostname or "127.0.0.1", address.port, timeout=_TIMEOUT_SECONDS
        )
        started = time.perf_counter()
        try:
            connection.request(
                "POST", address.path.rstrip("/") + path, body.encode(), {**signed, **(headers or {})}
            )
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        return Answer(response.status, text, round((time.perf_counter() - started) * 1000, 1))

    def _as_user(self) -> dict[str, str]:
        return {"id": self._user, "username": PEOPLE.get(self._user, self._user), "team_id": TEAM}

    def _trigger(self) -> str:
        return f"{next(_triggers)}.{self._workspace.now():.6f}"


def do(workspace: Workspace, slack_url: str, deed: str, what: dict[str, Any]) -> dict[str, Any]:
    """Do what was asked over HTTP, see slack_api.py, and return the application's answer.

    Raises:
        SlackError: there is no such message, button, modal or person, or nobody to talk to.
    """
    if not workspace.app_url:
        raise SlackError("the application is not up yet")
    user = what.get("as", PERSON)
    if user not in PEOPLE:
        raise SlackError(f"there is no {user!r} here; there are {', '.join(PEOPLE)}")
    person = Person(workspace, slack_url, user)
    if deed == "command":
        answer = person.command(str(what["text"]))
    elif deed == "press":
        message = workspace.message(str(what["ts"]))
        answer = person.press(message, _element(message, str(what["action_id"]), what.get("value")))
    elif deed == "submit":
        view = workspace.close_view(str(what["view_id"]))
        answer = person.submit(view, {str(key): str(text) for key, text in dict(what["inputs"]).items()})
    else:
        raise SlackError(f"a person can command, press or submit, not {deed!r}")
    return {"status": answer.status, "body": answer.body, "milliseconds": answer.milliseconds}


def signature(secret: str, stamp: str, body: str) -> str:
    """Return Slack's signature of a request."""
    digest = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return f"v0={digest}"


def elements(message: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the buttons and choosers of a message."""
    for block in message.get("blocks") or ():
        yield from block.get("elements", ()) if block["type"] == "actions" else ()
        if "accessory" in block:
            yield block["accessory"]


def _element(message: Mapping[str, Any], action_id: str, value: Any) -> dict[str, Any]:
    """Return what pressing the element of this action_id sends; ``value`` chooses among its options."""
    for one in elements(message):
        if one.get("action_id") != action_id:
            continue
        if one["type"] == "button":
            return {"type": "button", "action_id": action_id, "value": one.get("value", "")}
        option = next((o for o in one.get("options", ()) if o["value"] == value), None)
        if option is not None:
            return {"type": one["type"], "action_id": action_id, "selected_option": option}
        if not one.get("options"):  # users_select and the like take anybody
            return {"type": one["type"], "action_id": action_id, "selected_user": str(value)}
    raise SlackError(f"the message has no {action_id!r} to press")


def _put_in(element: Mapping[str, Any], text: str) -> dict[str, Any]:
    kind = element["type"]
    if kind == "static_select":
        return {"type": kind, "selected_option": {"value": text}}
    if kind == "users_select":
        return {"type": kind, "selected_user": text}
    return {"type": kind, "value": text}
