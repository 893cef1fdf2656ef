"""What only a laptop can do, beside the API: the console finds it by `GET /_localcloud`, which AWS does not have.

GET  /_localcloud              -> {"doors": ["clock", "runs", ...]}
any  /_localcloud/NAME[/REST]  whatever the door of that name answers

Every request needs a bearer token of the API with the scope for it (`read` to look, `run` to change): a page of
another site that is open in the same browser can send requests here, and knows no token.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from typing import Any

PATH = "/_localcloud"


class LocalDoor(ABC):
    """One thing a laptop can do."""

    @abstractmethod
    def answer(self, method: str, rest: str, query: dict[str, str], body: Any) -> tuple[int, Any]:
        """Return (HTTP status, what is sent as JSON); from 400, ``{"detail": ...}`` for people.

        Args:
            method: ``GET``, ``POST``.
            rest: the path behind the door's name, without slashes at its ends; may be empty.
            query: the query's parameters, the last of each name.
            body: the request's JSON, None without one.
        """


class LocalDoors:
    """The doors by name."""

    def __init__(self, doors: dict[str, LocalDoor]) -> None:
        self._doors = doors

    def answer(self, method: str, path: str, query: dict[str, str], raw: bytes) -> tuple[int, Any]:
        """Answer a request whose path is below `PATH`; see `LocalDoor.answer`."""
        name, _, rest = path.removeprefix(PATH).strip("/").partition("/")
        if not name:
            return 200, {"doors": sorted(self._doors)}
        door = self._doors.get(name)
        if door is None:
            return 404, {"detail": f"the local cloud has no door {name[:40]!r}"}
        try:
            body = json.loads(raw) if raw.strip() else None
        except (ValueError, RecursionError) as error:
            return 400, {"detail": f"the body is no JSON that can be read: {error}"}
        return door.answer(method, rest, query, body)
