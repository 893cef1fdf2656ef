"""An execution that failed, timed out or was stopped is told in Slack, once.

Its error's name is said and not its cause, input or output: they may speak of people, and the console shows them
to those who may see them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from chalicelib.core import slack
from chalicelib.core.log import logger
from chalicelib.core.slack import Message

_WORDS = {"FAILED": "❌ failed", "TIMED_OUT": "⌛ ran out of time", "ABORTED": "⏹️ was stopped"}

Post = Callable[[str, Message], object]


def post_to_slack(channel: str, message: Message) -> object:
    """Say it in Slack; raises what `chalicelib.core.slack.post` raises."""
    return slack.post(channel, message)


def tell(detail: Mapping[str, Any], channel: str, console_url: str, arn_prefix: str, post: Post) -> bool:
    """Post what became of an execution, and where to look and what to do.

    Args:
        detail: of EventBridge's "Step Functions Execution Status Change".
        channel: id of the Slack channel; "" tells nobody.
        console_url: the console's address.
        arn_prefix: with which our machines' ARNs begin; what follows it is the workflow's name.
        post: says a message in a channel.
    """
    if not channel:
        logger().warning("no channel hears of failed executions", execution_arn=detail["executionArn"])
        return False
    post(channel, message(detail, console_url, arn_prefix))
    return True


def message(detail: Mapping[str, Any], console_url: str, arn_prefix: str) -> Message:
    """Return what is said; the event that comes twice has the same key, a redriven execution another."""
    run = f"{detail['stateMachineArn'].removeprefix(arn_prefix)}:{detail['name']}"
    words = _WORDS.get(detail["status"], detail["status"])
    error = slack.escaped(str(detail.get("error") or "no error was named"))
    link = f"{console_url}#/runs/{quote(run, safe='')}"
    lines = [
        f"*`{run}`* {words}: *{error}*",
        f"<{link}|Open it in the console>, or `/workflow status {run}`",
    ]
    if detail["status"] != "ABORTED":
        lines.append(f"Once its cause is gone: `/workflow redrive {run} the reason`")
    text = "\n".join(lines)
    key = f"run-failed:{detail['executionArn']}:{detail.get('redriveCount') or 0}"
    return Message(f"{run} {words}: {error}", [slack.section(text)], key=key)
