"""Task tokens: handed out, answered once, and known as closed ever after."""

from __future__ import annotations

import base64
import secrets
from typing import TYPE_CHECKING

from localcloud.stepfunctions.errors import InvalidToken, TaskTimedOut

if TYPE_CHECKING:
    from localcloud.stepfunctions.states.attempt import Attempt

_PREFIX = "AQCEAAAAKgAAAAMAAAAA"
_RANDOM_BYTES = 480


class TokenBook:
    """Every token of one engine, by its text."""

    def __init__(self) -> None:
        self._attempts: dict[str, Attempt | None] = {}

    def issue(self) -> str:
        """A new token: some 660 characters with `+`, `/` and `=` in them, as AWS's have."""
        return _PREFIX + base64.b64encode(secrets.token_bytes(_RANDOM_BYTES)).decode()

    def open(self, token: str, attempt: Attempt) -> None:
        """The token's task waits from now on."""
        self._attempts[token] = attempt

    def close(self, token: str) -> None:
        """The token's task has ended."""
        self._attempts[token] = None

    def find(self, token: str) -> Attempt:
        """The task that waits for a token. Raises InvalidToken and TaskTimedOut."""
        try:
            attempt = self._attempts[token]
        except KeyError:
            raise InvalidToken from None
        if attempt is None:
            raise TaskTimedOut
        return attempt

    def take(self, token: str) -> Attempt:
        """As `find`, and close the token: the second answer is refused."""
        attempt = self.find(token)
        self._attempts[token] = None
        return attempt
