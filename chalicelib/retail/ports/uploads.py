"""Uploads: the files, what is remembered of them, and the runs that take them in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chalicelib.retail.domain.uploads import UploadRecord

FactPlace = tuple[str, date, int]
"""Store, day and part: where one sheet of an upload lies. Part 0 stands for the store day as well."""


@dataclass(frozen=True, slots=True)
class UploadFile:
    """One version of a file, as it lies in the bucket."""

    key: str
    etag: str
    size_bytes: int
    arrived_at: datetime
    replaces: str | None
    """The key of the upload it declares to correct (S3 metadata ``replaces``)."""


@dataclass(frozen=True, slots=True)
class UploadTarget:
    """Where a client sends a file itself: one HTTP PUT of the bytes to ``url`` with exactly ``headers``."""

    url: str
    headers: dict[str, str]
    expires_in_seconds: int


class Quarantine:
    """The rows of one file that were not taken in, written while the file is read."""

    def add(self, entry: dict[str, Any]) -> None:
        """Put one row, as one line of JSON."""
        raise NotImplementedError

    def close(self) -> str | None:
        """Make what was added readable and return its key; without rows an earlier file is removed, and None."""
        raise NotImplementedError

    def abandon(self) -> None:
        """Leave nothing behind; after `close` this does nothing."""
        raise NotImplementedError


class UploadFiles:
    """Files as they were uploaded, and what is written about them (S3)."""

    def look(self, key: str) -> UploadFile:
        """Return the file's present version.

        Raises:
            UploadNotFoundError: there is none.
        """
        raise NotImplementedError

    def chunks(self, file: UploadFile) -> Iterator[bytes]:
        """Yield the bytes of this version, in pieces of a few MiB.

        Raises:
            UploadChangedError: the file was replaced or removed meanwhile.
        """
        raise NotImplementedError

    def quarantine(self, key: str) -> Quarantine:
        """Return an empty quarantine to be stored under ``key``, in the place of what is there."""
        raise NotImplementedError

    def target(self, key: str, *, content_type: str, size_bytes: int, replaces: str | None) -> UploadTarget:
        """Return where to PUT a file of exactly this type and size."""
        raise NotImplementedError


class UploadRecords:
    """What is remembered of uploads, and which facts each version has written."""

    def get(self, upload_id: str) -> UploadRecord | None:
        """Return the record, read consistently, or None."""
        raise NotImplementedError

    def refused_rows(self, upload_ids: Iterable[str]) -> dict[str, int]:
        """Return, by the file's key, how many rows these uploads have in quarantine; those without are left out.

        Raises:
            TransientError: the store left reads undone again and again.
        """
        raise NotImplementedError

    def claim(self, upload_id: str, file: UploadFile, moment: str, now: datetime) -> UploadRecord | None:
        """Take the upload for this version, which is about to write facts, and return the record then.

        The same version may claim again, which counts no new restatement. Returns None when a version of a later
        ``moment`` has been taken before.

        Raises:
            UploadBusyError: another version is being processed, or another upload took the same content just now.
        """
        raise NotImplementedError

    def holder(self, etag: str) -> UploadRecord | None:
        """Return the upload whose facts are made, or being made, of this content; None when there is none."""
        raise NotImplementedError

    def finish(self, upload_id: str, etag: str, result: dict[str, Any]) -> None:
        """Record that this version's facts are all there are."""
        raise NotImplementedError

    def reject(self, upload_id: str, rejected: dict[str, Any]) -> None:
        """Record that a version was not taken in."""
        raise NotImplementedError

    def put_pages(self, upload_id: str, etag: str, pages: Mapping[int, Sequence[FactPlace]]) -> None:
        """Remember, before they are written, which facts the version writes, by the number of the partition."""
        raise NotImplementedError

    def pages(self, upload_id: str) -> Iterator[tuple[int, str, list[FactPlace]]]:
        """Yield (number, etag, places) of every page of every version, by number."""
        raise NotImplementedError

    def remove_page(self, upload_id: str, etag: str, number: int) -> None:
        """Forget a page whose facts are gone or have been replaced."""
        raise NotImplementedError


class UploadRuns:
    """Executions of ``upload-processor`` (Step Functions)."""

    def start(self, name: str, payload: dict[str, Any]) -> bool:
        """Start the execution, or return False when one of this name is over.

        A run of the same name and input that still goes on is not started again either, and counts as started.

        Raises:
            TransientError: Step Functions is over its rate or out of order; try later.
        """
        raise NotImplementedError
