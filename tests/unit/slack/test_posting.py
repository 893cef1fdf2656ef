"""Messages reach Slack's real API through Slack's own client, here answered by the stand-in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from moto import mock_aws

from chalicelib.core import aws, secrets, slack
from chalicelib.core.errors import InvalidInputError
from chalicelib.slack.handlers import slack_bot
from chalicelib.slack.service import rooms
from localcloud.standins.slack import BOT_TOKEN, Workspace
from localcloud.standins.slack_api import serve_slack
from localcloud.web_server import QuietHandler, serve

CONTEXT = SimpleNamespace(aws_request_id="r-1")


def _forget() -> None:
    for kept in (aws.client, secrets._read, slack._client):
        kept.cache_clear()


@pytest.fixture
def secret_of_slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("STAGE", "dev")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        _forget()
        text = json.dumps({"bot_token": BOT_TOKEN})
        aws.client("secretsmanager").create_secret(Name="signalbox/dev/slack", SecretString=text)
        yield
    _forget()


@pytest.fixture
def workspace(monkeypatch: pytest.MonkeyPatch, secret_of_slack: None) -> Iterator[Workspace]:
    del secret_of_slack
    space = Workspace(lambda: 1_700_000_000.0)
    serving = serve_slack(space)
    monkeypatch.setenv("SLACK_API_URL", f"{serving.url}/api/")
    yield space
    serving.stop()


def failing(status: int, body: dict[str, Any], headers: dict[str, str]) -> Any:
    class Handler(QuietHandler):
        def respond(self) -> None:
            self.read_body()
            self.answer(status, json.dumps(body).encode(), {"Content-Type": "application/json", **headers})

    return serve(Handler, 0, what="Slack")


def test_a_message_is_posted_and_edited(workspace: Workspace) -> None:
    posted = slack.post("#operations", slack.Message("Hello", [{"type": "divider"}]))
    slack.update(posted, slack.Message("Bye", []))
    (message,) = workspace.messages
    assert (message["text"], message["blocks"], message["ts"]) == ("Bye", [], posted.ts)
    assert workspace.channels[posted.channel] == "operations"


def test_a_key_is_posted_once(workspace: Workspace) -> None:
    message = slack.Message("Hello", key="ticket-1/run-1")
    first = slack.post("C0TEAM", message)
    assert slack.post("C0TEAM", message) == first
    assert slack.post("C0TEAM", slack.Message("Hello", key="ticket-2")) != first
    assert slack.post("C0TEAM", slack.Message("Hello")) != first
    assert len(workspace.messages) == 3


def test_a_key_that_cannot_be_looked_for_is_posted(workspace: Workspace) -> None:
    slack.post("#team", slack.Message("Hello", key="k"))
    assert [message["text"] for message in workspace.messages] == ["Hello"]


def test_what_slack_refuses_has_slacks_own_code(workspace: Workspace) -> None:
    with pytest.raises(slack.SlackRejectedError, match="message_not_found"):
        slack.update(slack.Posted("C0GENERAL", "1.0"), slack.Message("x"))


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (500, {}, {}),
        (503, {"ok": False, "error": "service_unavailable"}, {}),
        (200, {"ok": False, "error": "internal_error"}, {}),
        (429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "0"}),
    ],
)
def test_what_may_work_later_says_so(
    monkeypatch: pytest.MonkeyPatch,
    secret_of_slack: None,
    status: int,
    body: dict[str, Any],
    headers: dict[str, str],
) -> None:
    serving = failing(status, body, headers)
    monkeypatch.setenv("SLACK_API_URL", f"{serving.url}/api/")
    with pytest.raises(slack.SlackUnavailableError):
        slack.post("#operations", slack.Message("Hello"))
    serving.stop()


def test_a_slack_out_of_reach_may_be_tried_again(monkeypatch: pytest.MonkeyPatch, secret_of_slack: None) -> None:
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/api/")
    with pytest.raises(slack.SlackUnavailableError):
        slack.post("#operations", slack.Message("Hello"))


@pytest.mark.parametrize(
    ("event", "message"),
    [
        ({"room": "nowhere", "message": "m", "data": {}}, "is 'nowhere'; known are"),
        ({"room": "core", "message": "m", "data": {}}, "is 'core'; known are"),
        ({"room": "slack"}, "message"),
    ],
)
def test_slack_bot_refuses_what_no_room_says(event: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        slack_bot(event, CONTEXT)


def test_every_message_belongs_to_a_room_that_has_it(workspace: Workspace) -> None:
    for room in rooms.names():
        with pytest.raises(InvalidInputError, match="is 'no such message'"):
            slack_bot({"room": room, "message": "no such message", "data": {}}, CONTEXT)
    assert workspace.messages == []
