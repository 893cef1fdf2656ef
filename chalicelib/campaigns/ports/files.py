"""Files: audio, uploads, reports and models."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


class AudioFiles:
    """The audio of voice campaigns (S3)."""

    def content_type(self, key: str) -> str | None:
        """Return the object's content type, or None when it does not exist."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class UploadTarget:
    """Where a client sends a file itself: one HTTP PUT of the bytes to ``url`` with exactly ``headers``."""

    url: str
    headers: dict[str, str]
    expires_in_seconds: int


class Uploads:
    """Contact lists as they were uploaded, and the documents written beside them (S3, ``contacts/``)."""

    def target(self, key: str, content_type: str) -> UploadTarget:
        """Return where to PUT the upload ``key``."""
        raise NotImplementedError

    def size_bytes(self, key: str) -> int | None:
        """Return the size of ``key`` in bytes, or None when it does not exist."""
        raise NotImplementedError

    def chunks(self, key: str, offset: int) -> Iterator[bytes]:
        """Yield the bytes of ``key`` from ``offset`` on, in pieces of a few MiB, fetched as they are asked for."""
        raise NotImplementedError

    def write(self, key: str, body: bytes, content_type: str) -> None:
        """Store ``body`` under ``key``, replacing what was there."""
        raise NotImplementedError

    def read_json(self, key: str) -> dict[str, Any] | None:
        """Return the JSON object stored under ``key``, or None when there is none."""
        raise NotImplementedError

    def delete(self, key: str) -> None:
        """Remove ``key``; one that is not there is fine."""
        raise NotImplementedError


class Reports:
    """Finished reports (S3)."""

    def write(self, key: str, body: bytes, content_type: str) -> None:
        """Store ``body`` under ``key``, replacing what was there."""
        raise NotImplementedError

    def url(self, key: str, file_name: str) -> str:
        """Return a link that lets whoever has it download ``key`` as ``file_name`` for a limited time."""
        raise NotImplementedError

    def read_json(self, key: str) -> dict[str, Any] | None:
        """Return the JSON object stored under ``key``, or None when there is none."""
        raise NotImplementedError


class Models:
    """Priority models (S3, ``models/``)."""

    def read(self, key: str) -> dict[str, Any] | None:
        """Return the model stored under ``key`` as JSON, or None when there is none."""
        raise NotImplementedError
