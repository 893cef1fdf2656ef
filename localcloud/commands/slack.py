"""Use the application as somebody in Slack would: type a command, or press a button of a message.

python -m localcloud slack /campaign list
python -m localcloud slack --press approvals:approve          a button of the latest message that has it
"""

from __future__ import annotations

import argparse
import json
import time
import urllib.error
import urllib.request
from typing import Any

from localcloud.errors import UsageError
from localcloud.standins.slack import PEOPLE, PERSON
from localcloud.standins.slack_people import elements

_PATIENCE_SECONDS = 10.0
_LOOK_SECONDS = 0.1


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("words", nargs="*", help="the command, such as: /campaign list")
    parser.add_argument("--press", metavar="ACTION", help="press this button (its action_id)")
    parser.add_argument("--choose", metavar="VALUE", help="choose this option of it")
    parser.add_argument("--as", dest="user", default=PERSON, choices=list(PEOPLE), help=f"who you are ({PERSON})")
    parser.add_argument("--port", type=int, default=4567, help="port of the local cloud's Slack")


def run(arguments: argparse.Namespace) -> int:
    """Do it, and print what is said in return."""
    if bool(arguments.words) == bool(arguments.press):
        raise UsageError("type a command, or name a button with --press")
    base = f"http://127.0.0.1:{arguments.port}"
    before = _ask(f"{base}/messages")
    if arguments.words:
        wish: dict[str, Any] = {"text": " ".join(arguments.words)}
        answer = _ask(f"{base}/person/command", wish | {"as": arguments.user})
    else:
        wish = {"ts": _message_with(before["messages"], arguments.press), "action_id": arguments.press}
        answer = _ask(f"{base}/person/press", wish | {"value": arguments.choose, "as": arguments.user})
    print(f"answered {answer['status']} after {answer['milliseconds']:.0f} ms {answer['body']}".rstrip())
    for response in _answers(base, len(before["responses"])):
        print(response.get("text", ""))
    return 0 if answer["status"] == 200 else 1


def _message_with(messages: list[dict[str, Any]], action_id: str) -> str:
    for message in reversed(messages):
        if any(one.get("action_id") == action_id for one in elements(message)):
            return str(message["ts"])
    raise UsageError(f"no message has a button {action_id}")


def _answers(base: str, seen: int) -> list[dict[str, Any]]:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        responses: list[dict[str, Any]] = _ask(f"{base}/messages")["responses"][seen:]
        if responses:
            return responses
        time.sleep(_LOOK_SECONDS)
    return []


def _ask(url: str, wish: dict[str, Any] | None = None) -> Any:
    data = None if wish is None else json.dumps(wish).encode()
    try:
        with urllib.request.urlopen(url, data, timeout=30) as response:  # noqa: S310 - this machine alone
            return json.load(response)
    except urllib.error.HTTPError as error:
        raise UsageError(str(json.load(error).get("error"))) from None
    except (urllib.error.URLError, ConnectionError):
        raise UsageError("no local cloud answers there; start one with `make run`") from None
