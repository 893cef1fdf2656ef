"""Secrets are read once, and errors name them without telling them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws

from chalicelib.core import aws, secrets
from chalicelib.core.errors import ConfigurationError


@pytest.fixture
def manager(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("STAGE", "dev")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        _forget()
        yield aws.client("secretsmanager")
    _forget()


def _forget() -> None:
    aws.client.cache_clear()
    secrets._read.cache_clear()


def test_a_secret_is_read_once(manager: Any) -> None:
    manager.create_secret(Name="signalbox/dev/slack", SecretString='{"bot_token": "xoxb-1"}')
    assert secrets.secret("slack", "bot_token") == "xoxb-1"
    manager.put_secret_value(SecretId="signalbox/dev/slack", SecretString='{"bot_token": "xoxb-2"}')
    assert secrets.secret("slack", "bot_token") == "xoxb-1"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "there is no secret signalbox/dev/slack"),
        ("{}", "secret signalbox/dev/slack has no bot_token"),
        ('{"bot_token": ""}', "secret signalbox/dev/slack has no bot_token"),
        ("xoxb-very-secret", "secret signalbox/dev/slack is no JSON object"),
        ('["xoxb-very-secret"]', "secret signalbox/dev/slack is no JSON object"),
    ],
)
def test_what_is_missing_is_named_and_nothing_told(manager: Any, text: str | None, message: str) -> None:
    if text is not None:
        manager.create_secret(Name="signalbox/dev/slack", SecretString=text)
    with pytest.raises(ConfigurationError) as refused:
        secrets.secret("slack", "bot_token")
    assert str(refused.value) == message
