"""Uploads seen from outside: a place to send a file to, and what became of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from chalicelib.core.clock import Clock
from chalicelib.retail.domain.uploads import upload_id_of
from chalicelib.retail.errors.uploads import UploadNotFoundError
from chalicelib.retail.ports.uploads import UploadFiles, UploadRecords

_CONTENT_TYPES = {"json": "application/json", "jsonl": "application/x-ndjson"}


@dataclass(frozen=True, slots=True)
class Ports:
    """What this needs of the world."""

    files: UploadFiles
    records: UploadRecords


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that someone wants to send."""

    name: str
    file_format: str
    """``json`` (an array) or ``jsonl`` (a row a line)."""
    gzip: bool
    size_bytes: int
    replaces: str | None
    """Id of the upload it corrects."""


def new_upload(wanted: Wanted, ports: Ports, clock: Clock) -> dict[str, Any]:
    """Return where to PUT the file; keys are such as ``uploads/20250122_143022_sales_1f0c2a9b.jsonl.gz``.

    Raises:
        UploadNotFoundError: the upload it would correct does not exist.
    """
    replaced = None if wanted.replaces is None else _record_key(wanted.replaces, ports)
    unique = uuid.uuid4().hex[:8]
    stem = f"{clock.now():%Y%m%d_%H%M%S}_{wanted.name}_{unique}"
    key = f"uploads/{stem}.{wanted.file_format}{'.gz' if wanted.gzip else ''}"
    content_type = "application/gzip" if wanted.gzip else _CONTENT_TYPES[wanted.file_format]
    target = ports.files.target(key, content_type=content_type, size_bytes=wanted.size_bytes, replaces=replaced)
    return {
        "uploadId": wanted.replaces or upload_id_of(key),
        "key": key,
        "method": "PUT",
        "url": target.url,
        "headers": target.headers,
        "expiresInSeconds": target.expires_in_seconds,
    }


def show(upload_id: str, ports: Ports) -> dict[str, Any]:
    """Return what became of an upload.

    Raises:
        UploadNotFoundError: nothing has been taken in or rejected under this id, or not yet.
    """
    record = ports.records.get(upload_id)
    if record is None:
        raise UploadNotFoundError(f"nothing has arrived as upload {upload_id} yet")
    return {
        "uploadId": upload_id,
        "status": record.status,
        "key": record.key or record.rejected.get("key"),
        "restatement": record.restatement,
        "result": record.result or None,
        "rejected": record.rejected or None,
    }


def _record_key(upload_id: str, ports: Ports) -> str:
    record = ports.records.get(upload_id)
    if record is None:
        raise UploadNotFoundError(f"there is no upload {upload_id} to replace")
    return record.key or str(record.rejected["key"])
