"""Slack as a workspace: channels, messages and open modals. What people do in it is in slack_people.py."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from typing import Any

SIGNING_SECRET = "local-signing-secret"  # noqa: S105 - the stand-in's own
BOT_TOKEN = "xoxb-local"  # noqa: S105 - the stand-in takes any
TEAM, BOT, PERSON = "T0LOCAL", "U0SIGNALBOX", "U0PERSON"

PEOPLE = {PERSON: "you", "U0MANAGER": "maria", "U0GUEST": "guest"}
"""Who is in the workspace. The guest is known to nobody."""

CHANNELS = {"C0GENERAL": "general", "C0OPERATIONS": "operations", "C0SUPPORT": "support"}
"""Those that were there before anybody posted: the settings name some by id, as they do on AWS."""


class SlackError(Exception):
    """Slack's answer is {"ok": false, "error": ...}."""


class Workspace:
    """Channels, messages and open views."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self.app_url = ""
        """Where the application answers Slack."""
        self._counter = itertools.count(1)
        self._lock = threading.Lock()
        self.channels: dict[str, str] = dict(CHANNELS)
        """Id -> name; a channel that is posted to by name comes into being, and so does a talk with a person."""
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
                "ts": f"{self.now():.6f}"[:-4] + f"{next(self._counter) % 10_000:04d}",
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
                    message["edited"] = {"user": BOT, "ts": f"{self.now():.6f}"}
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

    def respond(self, place: str, body: dict[str, Any]) -> None:
        """Take what was sent to the response URL of ``place``: "CHANNEL", or "CHANNEL/TS" of a message.

        Raises:
            SlackError: the message is gone.
        """
        channel, _, ts = place.partition("/")
        with self._lock:
            self.responses.append(body)
        if ts and body.get("replace_original"):
            self.update({"ts": ts, **body})
        elif any(body.get(key) for key in ("text", "blocks")):
            alone = None if body.get("response_type") == "in_channel" else PERSON
            self.post({"channel": channel, **body}, ephemeral_for=alone)

    def close_view(self, view_id: str) -> dict[str, Any]:
        """Take a modal off the screen and return it; raises SlackError when it is not open."""
        with self._lock:
            for view in self.views:
                if view["id"] == view_id:
                    self.views.remove(view)
                    return view
        raise SlackError("view_not_found")

    def message(self, ts: str) -> dict[str, Any]:
        """Return a message; raises SlackError when there is none of that ts."""
        with self._lock:
            for message in self.messages:
                if message["ts"] == ts:
                    return message
        raise SlackError("message_not_found")

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
        self.channels[channel_id] = f"@{PEOPLE[name]}" if name in PEOPLE else name
        return channel_id
