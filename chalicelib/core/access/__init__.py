"""Who may: bearer tokens with scopes, kept as hashes, and how often.

A token is ``sbx_`` and 256 random bits. The table keeps its SHA-256 only (a slow hash is for passwords that can be
guessed, and nobody guesses 256 bits), with the holder's name, the scopes and an expiry.

    read     look at everything
    run      start, stop and change
    decide   decide approvals
    admin    all of it, and tokens
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime

SCOPES = ("read", "run", "decide", "admin")
_TOKEN = re.compile(r"sbx_[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls."""

    name: str
    scopes: frozenset[str]

    def may(self, scope: str) -> bool:
        """Return whether the scope is among theirs; admin has them all."""
        return scope in self.scopes or "admin" in self.scopes


@dataclass(frozen=True, slots=True)
class Grant:
    """What the table knows of a token."""

    principal: Principal
    expires_at: datetime


def new_token() -> str:
    """Return a fresh token; it is shown once and kept nowhere."""
    return "sbx_" + secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Return what the table keeps of a token: its SHA-256, in hex."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_of(header: str) -> str | None:
    """Return the token of an ``Authorization`` header, None where there is none of ours in it.

    >>> token_of("Basic dXNlcjpwYXNz")
    """
    scheme, _, token = header.strip().partition(" ")
    token = token.strip()
    return token if scheme.lower() == "bearer" and _TOKEN.fullmatch(token) else None
