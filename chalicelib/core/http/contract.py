"""What a route promises: who may, what it takes, what it gives. The API's description is made of these.

A type is named by class, or by ``"module:Class"`` where importing it early would slow the cold start.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field
from typing import Any

Kind = type | str
"""A msgspec.Struct, or its name as ``"module:Class"``."""


@dataclass(frozen=True, slots=True)
class Contract:
    """A route's promise."""

    scope: str | None
    """The scope it asks for; None: anybody, or whoever the view itself checks (a webhook's signature)."""
    takes: Kind | None = None
    """The JSON body; the view gets it as its argument ``body``. None: a body is refused, as it would go unread."""
    reads_raw: bool = False
    """The view reads the body itself, as webhooks must whose signature covers its bytes."""
    form: tuple[str, ...] = ()
    """Of a raw body that is a form: the names of its fields."""
    query: Kind | None = None
    """The query's parameters; the view gets them as its argument ``query``. None: there is none to give."""
    gives: Kind | None = None
    """The JSON it answers with when all went well; None: any object."""
    answers: tuple[int, ...] = (200,)
    """The statuses of success."""
    refuses: tuple[int, ...] = ()
    """The errors beyond those its other promises bring: 404, 409, ..."""
    media: str = "application/json"
    """What a success is, where it is no JSON."""
    headers: tuple[str, ...] = field(default=())
    """Request headers it looks at, such as ``Idempotency-Key``."""


def kind_of(named: Kind) -> Any:
    """Return the class."""
    if isinstance(named, str):
        module, _, name = named.partition(":")
        return getattr(importlib.import_module(module), name)
    return named
