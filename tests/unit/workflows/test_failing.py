"""What is said of an execution that failed."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.core.slack import Message
from chalicelib.workflows.service import failing

PREFIX = "arn:aws:states:us-east-1:123456789012:stateMachine:signalbox-dev-"
CONSOLE = "https://api.example.com/dev/console"


def detail(**other: Any) -> dict[str, Any]:
    return {
        "executionArn": "arn:aws:states:us-east-1:123456789012:execution:signalbox-dev-business-workflow:order-7",
        "stateMachineArn": f"{PREFIX}business-workflow",
        "name": "order-7",
        "status": "FAILED",
        "input": '{"document_id": "900123456-7"}',
        "error": "PaymentDeclinedError",
        "cause": "the card of Ana Pérez was declined",
        **other,
    }


def said(**other: Any) -> Message:
    return failing.message(detail(**other), CONSOLE, PREFIX)


def test_it_names_run_and_error_and_where_to_look() -> None:
    text = said().blocks[0]["text"]["text"]
    assert "`business-workflow:order-7`* ❌ failed: *PaymentDeclinedError*" in text
    assert f"<{CONSOLE}#/runs/business-workflow%3Aorder-7|" in text
    assert "/workflow redrive business-workflow:order-7" in text


def test_nothing_of_people_is_said() -> None:
    message = said()
    assert "Ana" not in str(message)
    assert "900123456" not in str(message)


@pytest.mark.parametrize(("status", "words"), [("TIMED_OUT", "ran out of time"), ("ABORTED", "was stopped")])
def test_other_ends(status: str, words: str) -> None:
    message = said(status=status, error=None, cause=None)
    assert words in message.text
    assert ("redrive" in str(message.blocks)) == (status != "ABORTED")


def test_an_error_is_no_markup() -> None:
    assert "<!channel>" not in str(said(error="<!channel>"))


def test_the_same_event_has_the_same_key_and_a_redriven_one_another() -> None:
    assert said().key == said().key != said(redriveCount=1).key


def test_without_a_channel_nobody_is_told() -> None:
    posts: list[tuple[str, Message]] = []
    assert failing.tell(detail(), "", CONSOLE, PREFIX, lambda *post: posts.append(post)) is False
    assert failing.tell(detail(), "C1", CONSOLE, PREFIX, lambda *post: posts.append(post)) is True
    assert [channel for channel, _ in posts] == ["C1"]
