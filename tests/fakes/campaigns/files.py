"""Buckets in memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from chalicelib.campaigns.ports.files import AudioFiles, Models, Reports, Uploads, UploadTarget


class FakeAudioFiles(AudioFiles):
    """Audio by key; counts how often it was asked."""

    def __init__(self, **types: str) -> None:
        self.types = {"audio/spring.wav": "audio/wav"} | types
        self.asked: list[str] = []

    def content_type(self, key: str) -> str | None:
        self.asked.append(key)
        return self.types.get(key)


class FakeUploads(Uploads):
    """Objects by key, read in chunks of ``chunk_bytes``."""

    def __init__(self, chunk_bytes: int = 7) -> None:
        self.objects: dict[str, bytes] = {}
        self.chunk_bytes = chunk_bytes
        self.bytes_read = 0

    def target(self, key: str, content_type: str) -> UploadTarget:
        return UploadTarget(f"https://uploads.example/{key}", {"Content-Type": content_type}, 3600)

    def size_bytes(self, key: str) -> int | None:
        return len(self.objects[key]) if key in self.objects else None

    def chunks(self, key: str, offset: int) -> Iterator[bytes]:
        body = self.objects.get(key, b"")
        for start in range(offset, len(body), self.chunk_bytes):
            chunk = body[start : start + self.chunk_bytes]
            self.bytes_read += len(chunk)
            yield chunk

    def write(self, key: str, body: bytes, content_type: str) -> None:
        self.objects[key] = body

    def read_json(self, key: str) -> dict[str, Any] | None:
        return json.loads(self.objects[key]) if key in self.objects else None

    def delete(self, key: str) -> None:
        self.objects.pop(key, None)


class FakeReports(Reports):
    """Reports by key."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    def write(self, key: str, body: bytes, content_type: str) -> None:
        self.objects[key] = body

    def url(self, key: str, file_name: str) -> str:
        return f"https://reports.example/{key}?as={file_name}"

    def read_json(self, key: str) -> dict[str, Any] | None:
        return json.loads(self.objects[key]) if key in self.objects else None


class FakeModels(Models):
    """Models by key."""

    def __init__(self, **models: dict[str, Any]) -> None:
        self.models = models

    def read(self, key: str) -> dict[str, Any] | None:
        return self.models.get(key)
