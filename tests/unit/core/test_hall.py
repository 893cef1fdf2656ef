"""Clock, settings, clients, errors and the task decorator."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.core import aws, clock, config
from chalicelib.core.errors import ConfigurationError, InvalidInputError, Problem
from chalicelib.core.task import task


def test_the_installed_clock_is_the_current_one() -> None:
    fixed = clock.FixedClock(datetime(2026, 3, 8, 7, tzinfo=UTC))
    replaced = clock.use(fixed)
    try:
        assert clock.current().now() == datetime(2026, 3, 8, 7, tzinfo=UTC)
    finally:
        assert clock.use(replaced) is fixed


def test_the_system_clock_is_aware() -> None:
    assert clock.SystemClock().now().tzinfo is UTC


def test_a_missing_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOME_TABLE", raising=False)
    with pytest.raises(ConfigurationError, match="SOME_TABLE is not set"):
        config.setting("SOME_TABLE")
    assert config.optional_setting("SOME_TABLE", "x") == "x"


@pytest.mark.parametrize(("text", "problem"), [("ten", "not a whole number"), ("-1", "below 0")])
def test_a_malformed_number_is_explained(monkeypatch: pytest.MonkeyPatch, text: str, problem: str) -> None:
    monkeypatch.setenv("SIZE", text)
    with pytest.raises(ConfigurationError, match=problem):
        config.whole_number("SIZE", 5)


def test_numbers_are_read_or_take_their_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIZE", "7")
    assert config.whole_number("SIZE", 5) == 7
    monkeypatch.delenv("SIZE")
    assert config.whole_number("SIZE", 5) == 5


def test_a_client_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    aws.client.cache_clear()
    assert aws.client("sqs") is aws.client("sqs")
    aws.client.cache_clear()


def test_an_invalid_input_says_all_its_problems() -> None:
    error = InvalidInputError([Problem("a", "x", "is wrong"), Problem("b[0]", "y", "is worse")])
    assert str(error) == "a: is wrong; b[0]: is worse"
    assert error.problems[1].as_dict() == {"path": "b[0]", "code": "y", "message": "is worse"}


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_task_logs_its_ids_and_returns_the_result(capsys: pytest.CaptureFixture[str]) -> None:
    @task
    def door(event: dict[str, Any], context: Any) -> int:
        return 7

    assert door({"executionArn": "arn:x"}, SimpleNamespace(aws_request_id="r-1")) == 7
    (line,) = lines(capsys)
    assert (line["message"], line["function"], line["request_id"], line["execution_arn"]) == (
        "done",
        "door",
        "r-1",
        "arn:x",
    )


def test_a_failing_task_logs_and_raises_the_error_itself(capsys: pytest.CaptureFixture[str]) -> None:
    @task
    def door(event: Any) -> None:
        raise ConfigurationError("no table")

    with pytest.raises(ConfigurationError):
        door(SimpleNamespace(context=SimpleNamespace(aws_request_id="r-2")))
    (line,) = lines(capsys)
    assert (line["level"], line["error"], line["request_id"]) == ("ERROR", "ConfigurationError", "r-2")
