"""Topics and Slack: what each failure says about whether the message was taken."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.stub import Stubber
from moto import mock_aws

from chalicelib.core import aws, secrets
from chalicelib.core import slack as core_slack
from chalicelib.fleet.adapters.incident_channels import SnsAndSlackChannels
from chalicelib.fleet.domain.incidents.words import Words
from chalicelib.fleet.errors.incidents import (
    NotificationBusyError,
    NotificationRefusedError,
    NotificationUnsureError,
)
from localcloud.standins.slack import BOT_TOKEN, Workspace
from localcloud.standins.slack_api import serve_slack
from localcloud.standins.slack_people import elements

TOPIC = "arn:aws:sns:us-east-1:123456789012:owner-alerts"
WORDS = Words("Panic button, vehicle VEH-1", "Panic button\nNote: <!channel> & co")
ATTRIBUTES = {"incidentId": "INC-VEH-1-1", "type": "panic_button"}


@pytest.fixture(autouse=True)
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("STAGE", "dev")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    caches = (aws.client, secrets._read, core_slack._client)
    for cache in caches:
        cache.cache_clear()
    with mock_aws():
        yield
    for cache in caches:
        cache.cache_clear()


@pytest.fixture
def workspace(monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    known = json.dumps({"bot_token": BOT_TOKEN})
    aws.client("secretsmanager").create_secret(Name="signalbox/dev/slack", SecretString=known)
    space = Workspace(lambda: 1_772_445_600.0)
    serving = serve_slack(space)
    monkeypatch.setenv("SLACK_API_URL", f"{serving.url}/api/")
    yield space
    serving.stop()


def channels(slack_channel: str = "fleet") -> SnsAndSlackChannels:
    return SnsAndSlackChannels({"owner": TOPIC}, slack_channel)


def publish_answered(code: str, status: int) -> type[Exception]:
    """Return what sending raises when SNS answers so."""
    with Stubber(aws.client("sns", attempts=1)) as stub:
        stub.add_client_error("publish", service_error_code=code, http_status_code=status)
        with pytest.raises(Exception, match="SNS") as caught:
            channels().send("owner", WORDS, ATTRIBUTES)
    return caught.type


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        ("Throttling", 400, NotificationBusyError),
        ("TooManyRequests", 429, NotificationBusyError),
        ("AuthorizationError", 403, NotificationRefusedError),
        ("NotFound", 404, NotificationRefusedError),
        ("InternalError", 500, NotificationUnsureError),
        ("ServiceUnavailable", 503, NotificationUnsureError),
    ],
)
def test_what_sns_says_decides_whether_to_send_again(code: str, status: int, error: type[Exception]) -> None:
    assert publish_answered(code, status) is error


def test_a_topic_gets_words_and_attributes() -> None:
    expected: dict[str, Any] = {
        "TopicArn": TOPIC,
        "Subject": WORDS.subject,
        "Message": WORDS.text,
        "MessageAttributes": {
            name: {"DataType": "String", "StringValue": value} for name, value in ATTRIBUTES.items()
        },
    }
    with Stubber(aws.client("sns", attempts=1)) as stub:
        stub.add_response("publish", {"MessageId": "m-1"}, expected)
        assert channels().send("owner", WORDS, ATTRIBUTES) == "m-1"


def test_a_message_in_slack_has_a_button_until_it_is_closed(workspace: Workspace) -> None:
    place = channels().send("slack", WORDS, ATTRIBUTES)
    (message,) = workspace.messages
    assert place == f"{message['channel']}/{message['ts']}"
    assert [one["value"] for one in elements(message)] == ["INC-VEH-1-1"]
    assert "&lt;!channel&gt; &amp; co" in str(message["blocks"]), "a device's words call nobody"
    channels().close(place, Words(WORDS.subject, "Acknowledged by ana"))
    assert list(elements(message)) == []
    assert "Acknowledged by ana" in str(message["blocks"])
    channels().close("m-1", WORDS)  # a topic's message has no button


def test_a_channel_that_is_not_named_takes_nothing() -> None:
    with pytest.raises(NotificationRefusedError, match="INCIDENT_SLACK_CHANNEL"):
        channels("").send("slack", WORDS, ATTRIBUTES)


def test_a_secret_that_is_missing_is_refused_before_anything_is_posted() -> None:
    with pytest.raises(NotificationRefusedError, match="secret"):
        channels().send("slack", WORDS, ATTRIBUTES)


def test_slack_that_does_not_answer_may_have_taken_it(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/api/")
    with pytest.raises(NotificationUnsureError):
        channels().send("slack", WORDS, ATTRIBUTES)
