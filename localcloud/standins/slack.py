"""Slack as a workspace with one person in it: messages are kept, and buttons and commands can be used.

What the application receives is what Slack sends: form-encoded, signed with the signing secret
(https://docs.slack.dev/authentication/verifying-requests-from-slack).
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import itertools
import json
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

SIGNING_SECRET = "local-signing-secret"  # noqa: S105 - the stand-in's own
BOT_TOKEN = "xoxb-local"  # noqa: S105 - the stand-in takes any
TEAM, BOT, PERSON = "T0LOCAL", "U0SIGNALBOX", "U0PERSON"


class SlackError(Exception):
    """Slack's answer is {"ok": false, "error": ...}."""


class Workspace:
    """Channels, messages and open views."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._counter = itertools.count(1)
        self._lock = threading.Lock()
        self.channels: dict[str, str] = {"C0GENERAL": "general"}
        """Id -> name; a channel that is posted to by name comes into being."""
        self.messages: list[dict[str, Any]] = []
        """Oldest first; an updated message stays in its place."""
        self.views: list[dict[str, Any]] = []
        self.responses: list[dict[str, Any]] = []
        """What was sent to response URLs."""

    def post(self, arguments: dict[str, Any], *, ephemeral_for: str | None = None) -> dict[str, Any]:
        """Add a message and return it; raises SlackError as chat.postMessage would."""
        if not any(arguments.get(key) for key in ("text", "blocks", "attachments")):
            raise SlackError("no_text")
        with self._lock:
            message: dict[str, Any] = {
                "type": "message",
                "channel": self._channel(arguments.get("channel")),
                "ts": f"{self._now():.6f}"[:-4] + f"{next(self._counter) % 10_000:04d}",
                "user": BOT,
                **{key: arguments[key] for key in ("text", "blocks", "thread_ts", "metadata") if key in arguments},
            }
            if ephemeral_for:
                message["ephemeral_for"] = ephemeral_for
            self.messages.append(message)
            return message

    def update(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Change a message; raises SlackError when there is none of that ts."""
        with self._lock:
            for message in self.messages:
                if message["ts"] == arguments.get("ts"):
                    message.update({key: arguments[key] for key in ("text", "blocks") if key in arguments})
                    message["edited"] = {"user": BOT}
                    return message
        raise SlackError("message_not_found")

    def open_view(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Open a modal."""
        if not arguments.get("trigger_id"):
            raise SlackError("invalid_arguments")
        with self._lock:
            view = {"id": f"V{next(self._counter):08d}", "team_id": TEAM, **arguments["view"]}
            self.views.append(view)
            return view

    def channel_name(self, channel_id: str) -> str:
        """Return a channel's name; raises SlackError when there is none."""
        if channel_id not in self.channels:
            raise SlackError("channel_not_found")
        return self.channels[channel_id]

    def respond(self, body: dict[str, Any]) -> None:
        """Take what was sent to a response URL."""
        with self._lock:
            self.responses.append(body)

    def _channel(self, name_or_id: Any) -> str:
        if not isinstance(name_or_id, str) or not name_or_id:
            raise SlackError("channel_not_found")
        name = name_or_id.removeprefix("#")
        if name in self.channels:
            return name
        for channel_id, known in self.channels.items():
            if known == name:
                return channel_id
        channel_id = name if name[:1] in "CDUG" and name.isupper() else f"C{next(self._counter):08d}"
        self.channels[channel_id] = name
        return channel_id


class Person:
    """Uses the application from within Slack."""

    def __init__(self, workspace: Workspace, app_url: str, response_url: str, now: Callable[[], float]) -> None:
        self._workspace = workspace
        self._app_url = app_url
        self._response_url = response_url
        self._now = now

    def command(self, command: str, text: str, *, path: str, channel: str = "C0GENERAL") -> str:
        """Type ``/command text`` and return what the application answers at once."""
        fields = {
            "command": command,
            "text": text,
            "user_id": PERSON,
            "team_id": TEAM,
            "channel_id": channel,
            "response_url": self._response_url,
            "trigger_id": f"trigger.{self._now()}",
        }
        return self._send(path, urlencode(fields))

    def press(self, message: dict[str, Any], action: dict[str, Any], *, path: str) -> str:
        """Press a button (its element, with ``action_id`` and ``value``) of a message."""
        payload = {
            "type": "block_actions",
            "user": {"id": PERSON, "team_id": TEAM},
            "team": {"id": TEAM},
            "channel": {"id": message["channel"]},
            "message": message,
            "container": {"type": "message", "message_ts": message["ts"], "channel_id": message["channel"]},
            "actions": [{"type": "button", "action_ts": f"{self._now():.6f}", **action}],
            "response_url": self._response_url,
            "trigger_id": f"trigger.{self._now()}",
        }
        return self._send(path, urlencode({"payload": json.dumps(payload)}))

    def _send(self, path: str, body: str) -> str:
        stamp = str(int(self._now()))
        address = urlsplit(self._app_url)
        connection = http.client.HTTPConnection(address.hostname or "127.0.0.1", address.port, timeout=10)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature(SIGNING_SECRET, stamp, body),
        }
        try:
            connection.request("POST", address.path.rstrip("/") + path, body.encode(), headers)
            return connection.getresponse().read().decode()
        finally:
            connection.close()


def signature(secret: str, stamp: str, body: str) -> str:
    """Return Slack's signature of a request."""
    digest = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return f"v0={digest}"
