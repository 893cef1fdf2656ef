"""`clock`: what time it is in the local cloud that runs in another terminal; skip nights, or let it run faster."""

from __future__ import annotations

import argparse
import json
import re
import urllib.error
import urllib.request
from typing import Any

from localcloud.clock_control import PATH
from localcloud.errors import UsageError

_UNITS = {"d": 86_400, "h": 3600, "m": 60, "s": 1}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)([dhms])")


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    change = parser.add_mutually_exclusive_group()
    change.add_argument("--skip", metavar="TIME", help="move on by this much, such as 24h, 90m or 1d12h")
    change.add_argument("--next", action="store_true", help="move on to the next moment something is due")
    change.add_argument("--speed", type=float, metavar="N", help="let N seconds pass in one")
    parser.add_argument("--aws-port", type=int, default=4566, help="port of the local cloud's AWS API")


def run(arguments: argparse.Namespace) -> int:
    """Change the clock if asked to, and print it."""
    wish: dict[str, Any] | None = None
    if arguments.skip is not None:
        wish = {"skip_seconds": seconds_of(arguments.skip)}
    elif arguments.next:
        wish = {"skip_to_next": True}
    elif arguments.speed is not None:
        wish = {"speed": arguments.speed}
    clock = _ask(arguments.aws_port, wish)
    faster = "" if clock["speed"] == 1 else f"  running {clock['speed']:g} times as fast"
    print(f"{clock['now']}{faster}")
    return 0


def seconds_of(text: str) -> float:
    """Return a duration in seconds.

    >>> seconds_of("1d12h")
    129600.0

    Raises:
        UsageError: it is none.
    """
    parts = _DURATION.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise UsageError(f"{text!r} is no time; write it like 24h, 90m or 1d12h")
    return sum(float(number) * _UNITS[unit] for number, unit in parts)


def _ask(port: int, wish: dict[str, Any] | None) -> dict[str, Any]:
    data = None if wish is None else json.dumps(wish).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}{PATH}", data)
    try:
        with urllib.request.urlopen(request, timeout=600) as response:  # noqa: S310 - this machine alone
            return dict(json.load(response))
    except urllib.error.HTTPError as error:
        raise UsageError(json.load(error)["message"]) from None
    except (urllib.error.URLError, ConnectionError):
        raise UsageError(f"no local cloud answers on port {port}; start one with `make run`") from None
