"""Slack over HTTP: the Web API for slack_sdk with base_url "http://127.0.0.1:PORT/api/", and a way to be a person.

    POST /api/METHOD              what the application calls
    POST /response/CHANNEL[/TS]   response URLs
    GET  /messages                what can be seen: messages, modals, responses
    POST /person/command          {"text": "/campaign list"}
    POST /person/press            {"ts", "action_id", "value"?}
    POST /person/submit           {"view_id", "inputs": {block_id: text}}

What a person does may name one of `PEOPLE` in "as"; the answer is what the application answered, and how soon.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from localcloud.standins.slack import BOT, PERSON, TEAM, SlackError, Workspace
from localcloud.standins.slack_people import do
from localcloud.web_server import QuietHandler, Serving, serve

Arguments = dict[str, Any]


def serve_slack(workspace: Workspace, port: int = 0) -> Serving:
    """Serve Slack, see above; people can do something once ``workspace.app_url`` says where the application is."""
    methods = _methods(workspace)

    class Handler(QuietHandler):
        def respond(self) -> None:
            body = self.read_body()
            parts = urlsplit(self.path)
            if parts.path == "/messages":
                kept = {"messages": workspace.messages, "views": workspace.views, "responses": workspace.responses}
                self._send(kept)
                return
            if parts.path.startswith("/person/"):
                self._person(parts.path.removeprefix("/person/"), body)
                return
            if self.command == "POST":
                arguments = _arguments(self.headers.get("Content-Type", ""), body)
            else:
                arguments = dict(parse_qsl(parts.query))
            if parts.path.startswith("/response/"):
                self._take(parts.path.removeprefix("/response/"), arguments)
                return
            token = self.headers.get("Authorization") or arguments.pop("token", "")
            self._send(_call(methods, parts.path.removeprefix("/api/"), token, arguments))

        def _take(self, place: str, arguments: Arguments) -> None:
            try:
                workspace.respond(place, arguments)
            except SlackError as error:
                self.answer(404, str(error).encode())
            else:
                self.answer(200, b"ok")

        def _person(self, deed: str, body: bytes) -> None:
            here = f"http://{self.headers.get('Host')}"
            try:
                self._send(do(workspace, here, deed, json.loads(body or b"{}")))
            except (SlackError, ValueError, KeyError, TypeError) as error:
                self._send({"error": f"{type(error).__name__}: {error}"}, 422)

        def _send(self, body: Any, status: int = 200) -> None:
            self.answer(status, json.dumps(body).encode(), {"Content-Type": "application/json; charset=utf-8"})

    return serve(Handler, port, what="Slack")


def _methods(workspace: Workspace) -> dict[str, Callable[[Arguments], dict[str, Any]]]:
    def posted(message: dict[str, Any]) -> dict[str, Any]:
        return {"channel": message["channel"], "ts": message["ts"], "message": message}

    def ephemeral(arguments: Arguments) -> dict[str, Any]:
        return {"message_ts": workspace.post(arguments, ephemeral_for=arguments.get("user", PERSON))["ts"]}

    def channel(channel_id: str) -> dict[str, Any]:
        name = workspace.channel_name(channel_id)
        return {"id": channel_id, "name": name, "is_channel": True, "is_member": True}

    def history(arguments: Arguments) -> dict[str, Any]:
        wanted = arguments.get("channel", "")
        workspace.channel_name(wanted)
        found = [message for message in workspace.messages if message["channel"] == wanted]
        return {"messages": found[::-1], "has_more": False}

    def opened(arguments: Arguments) -> dict[str, Any]:
        people = arguments.get("users") or PERSON
        return {"channel": {"id": f"D{people.split(',')[0][1:]}"}}

    return {
        "auth.test": lambda _a: {"team_id": TEAM, "user_id": BOT, "bot_id": "B0SIGNALBOX", "team": "local"},
        "chat.postMessage": lambda a: posted(workspace.post(a)),
        "chat.postEphemeral": ephemeral,
        "chat.update": lambda a: posted(workspace.update(a)),
        "views.open": lambda a: {"view": workspace.open_view(a)},
        "conversations.list": lambda _a: {"channels": [channel(one) for one in list(workspace.channels)]},
        "conversations.info": lambda a: {"channel": channel(a.get("channel", ""))},
        "conversations.history": history,
        "conversations.open": opened,
        "conversations.join": lambda a: {"channel": channel(a.get("channel", ""))},
    }


def _call(methods: dict[str, Any], name: str, token: str, arguments: Arguments) -> dict[str, Any]:
    if not token:
        return {"ok": False, "error": "not_authed"}
    if name not in methods:
        return {"ok": False, "error": "unknown_method", "req_method": name}
    try:
        return {"ok": True, **methods[name](arguments)}
    except SlackError as error:
        return {"ok": False, "error": str(error)}


def _arguments(content_type: str, body: bytes) -> Arguments:
    """Return a call's arguments; structured ones are JSON inside a form."""
    if "json" in content_type:
        parsed = json.loads(body or b"{}")
        return parsed if isinstance(parsed, dict) else {}
    arguments: Arguments = dict(parse_qsl(body.decode()))
    for name in ("blocks", "attachments", "view", "metadata"):
        if isinstance(arguments.get(name), str):
            arguments[name] = json.loads(arguments[name])
    return arguments
