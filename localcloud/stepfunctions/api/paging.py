"""Pages of lists: maxResults and nextToken."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any, TypeVar

from localcloud.stepfunctions.api.arguments import Arguments
from localcloud.stepfunctions.errors import InvalidToken

T = TypeVar("T")
DEFAULT_RESULTS = 100


def page(items: Sequence[T], arguments: Arguments, of: str) -> tuple[list[T], dict[str, Any]]:
    """One page of `items` and what the answer says of the next: {} or {"nextToken": ...}.

    `of` names the list, so that a token of another list is refused. Raises InvalidToken.
    """
    start = start_of(arguments, of)
    end = start + size(arguments)
    more = {"nextToken": token(of, end)} if end < len(items) else {}
    return list(items[start:end]), more


def size(arguments: Arguments) -> int:
    """How many results were asked for."""
    return int(arguments.get("maxResults") or DEFAULT_RESULTS)


def start_of(arguments: Arguments, of: str) -> int:
    """Where the page starts. Raises InvalidToken."""
    if "nextToken" not in arguments:
        return 0
    try:
        owner, _bar, number = base64.urlsafe_b64decode(arguments["nextToken"]).decode().rpartition("|")
    except (binascii.Error, ValueError):
        raise InvalidToken from None
    if owner != of or not number.isdigit():
        raise InvalidToken
    return int(number)


def token(of: str, start: int) -> str:
    """The nextToken of the page that starts there."""
    return base64.urlsafe_b64encode(f"{of}|{start}".encode()).decode()
