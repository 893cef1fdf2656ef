"""What an upload is called, and what is remembered of it.

Facts belong to an upload. Its id is made from the key of its first file, so a new version under the same key, and
a file that declares to replace it, are the same upload: their facts take the place of the earlier ones.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import Any

_KEY = re.compile(r"uploads/(?P<name>[^/].*?)\.(?i:json|jsonl|ndjson)(?i:\.gz)?", re.DOTALL)
_ID_HEX = 12
_NAME_HEX = 24
_LONGEST_STEM = 40


@dataclass(frozen=True, slots=True)
class UploadRecord:
    """What is known of an upload."""

    upload_id: str
    key: str
    """Of the version that made the facts there are, or is making them."""
    etag: str
    moment: str
    """When that version arrived, so that an older one is never taken after it; sorts as text."""
    status: str
    """``processing``, ``done``, or ``rejected`` when no version has been taken in yet."""
    restatement: int
    """1 for the first version, one more for each that replaced it."""
    etags: frozenset[str]
    """Of every version taken in so far."""
    result: dict[str, Any] = field(default_factory=dict)
    """Of a version that is done, see `uploading.process`."""
    rejected: dict[str, Any] = field(default_factory=dict)
    """The latest version that was not taken in: its key, etag and the reason."""


def is_upload(key: str) -> bool:
    """Return whether the object of this key is an upload: below ``uploads/``, JSON by its name, gzip or not."""
    return _KEY.fullmatch(key) is not None


def upload_id_of(key: str) -> str:
    """Return the id of the upload that begins with the file of this key; 12 hexadecimal digits."""
    return hashlib.sha256(key.encode()).hexdigest()[:_ID_HEX]


def quarantine_key(key: str) -> str:
    """Return where the refused rows of a file go: ``quarantine/day.json.jsonl`` for ``uploads/day.json``."""
    return f"quarantine/{key.removeprefix('uploads/')}.jsonl"


def run_name(key: str, etag: str, again: str = "") -> str:
    """Return the execution's name for a file: the same file is the same name.

    Args:
        key: of the object.
        etag: of its content.
        again: tells this arrival from an earlier one of the same content, where that is wanted.
    """
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", key.removeprefix("uploads/"))[:_LONGEST_STEM].strip("-")
    digest = hashlib.sha256("\n".join((key, etag, again)).encode()).hexdigest()[:_NAME_HEX]
    return f"{stem or 'upload'}-{digest}"
