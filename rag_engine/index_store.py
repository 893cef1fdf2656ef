"""The index in S3 as the engine reads it: the file, and what was solved since it was made."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chalicelib.core.aws import client
from chalicelib.tickets.adapters.file_index import (
    MANIFEST,
    PENDING,
    VERSION,
    require_model,
    ticket_key,
    ticket_of_row,
)
from chalicelib.tickets.adapters.s3_models import MODEL, S3ModelStore
from chalicelib.tickets.domain.matching.model import MatchingModel, as_json
from chalicelib.tickets.ports.index import IndexedTicket
from rag_engine.index_file import Index, empty_index, read, write
from rag_engine.joining import with_news

FILES = "index/files/"
COMPACT_FROM = 200
"""Solved tickets waiting, from which a match also makes the file anew."""
_READERS = 16


@dataclass(frozen=True, slots=True)
class Loaded:
    """The index of this moment."""

    index: Index
    news: tuple[IndexedTicket, ...]
    """Tickets that are in ``index`` and not yet in the file."""
    pending: tuple[str, ...]
    """Their keys."""
    manifest_etag: str | None


class IndexStore:
    """One bucket's index, of one embedding model."""

    def __init__(self, bucket: str, model_id: str, dimension: int, scratch: Path) -> None:
        """``scratch`` is a folder for the file while it is mapped."""
        self._bucket, self._model_id, self._dimension = bucket, model_id, dimension
        self._scratch = scratch

    def load(self, without: str = "") -> Loaded:
        """Return the index, without the ticket ``without``: no ticket is evidence for itself.

        Raises:
            IndexModelError: the index, or a ticket in it, is of another model or dimension.
        """
        manifest, etag = self._manifest()
        index = empty_index(self._dimension)
        if manifest is not None:
            require_model(self._model_id, self._dimension, manifest["modelId"], manifest["dimension"])
            if manifest["file"]:
                path = self._scratch / Path(manifest["file"]).name
                client("s3").download_file(self._bucket, manifest["file"], str(path))
                index = read(path)
        keys = self._pending()
        news = self._rows(keys)
        return Loaded(with_news(index, news, without), news, keys, etag)

    def compact(self) -> int:
        """Put what waits into a new file and return how many tickets it has.

        Of two at once one wins; what the other read stays pending, and is put in again, which changes nothing.
        """
        loaded = self.load()
        count = len(loaded.index.papers.solved)
        if not loaded.pending:
            return count
        before, _ = self._manifest()
        key = f"{FILES}{uuid.uuid4().hex}.bin"
        path = self._scratch / "new.bin"
        write(loaded.index, path)
        client("s3").upload_file(str(path), self._bucket, key)
        manifest = {"version": VERSION, "modelId": self._model_id, "dimension": self._dimension, "file": key}
        manifest["before"] = before["file"] if before else None
        try:
            client("s3").put_object(
                Bucket=self._bucket,
                Key=MANIFEST,
                Body=json.dumps(manifest).encode(),
                ContentType="application/json",
                **({"IfMatch": loaded.manifest_etag} if loaded.manifest_etag else {"IfNoneMatch": "*"}),
            )
        except client("s3").exceptions.ClientError as error:
            client("s3").delete_object(Bucket=self._bucket, Key=key)
            if error.response["Error"]["Code"] in ("PreconditionFailed", "ConditionalRequestConflict"):
                return count
            raise
        unused = [before["before"]] if before and before.get("before") else []
        for start in range(0, len([*loaded.pending, *unused]), 1_000):
            part = [{"Key": one} for one in [*loaded.pending, *unused][start : start + 1_000]]
            client("s3").delete_objects(Bucket=self._bucket, Delete={"Objects": part, "Quiet": True})
        return count

    def row(self, ticket_id: str) -> IndexedTicket | None:
        """Return the ticket's row, None when it was never put into the index."""
        body = self._get(ticket_key(ticket_id))[0]
        return ticket_of_row(body) if body is not None else None

    def model(self) -> MatchingModel:
        """Return the matching model in use, the documented prior when there is none."""
        return S3ModelStore(self._bucket, self._model_id).current().model

    def promote(self, model: MatchingModel) -> None:
        """Put the model into use."""
        body = json.dumps(as_json(model)).encode()
        client("s3").put_object(Bucket=self._bucket, Key=MODEL, Body=body, ContentType="application/json")

    def _manifest(self) -> tuple[dict[str, Any] | None, str | None]:
        body, etag = self._get(MANIFEST)
        return (json.loads(body) if body is not None else None), etag

    def _get(self, key: str) -> tuple[bytes | None, str | None]:
        try:
            found = client("s3").get_object(Bucket=self._bucket, Key=key)
        except client("s3").exceptions.NoSuchKey:
            return None, None
        return found["Body"].read(), found["ETag"]

    def _pending(self) -> tuple[str, ...]:
        pages = client("s3").get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=PENDING)
        found = [one for page in pages for one in page.get("Contents", [])]
        return tuple(one["Key"] for one in sorted(found, key=lambda one: (one["LastModified"], one["Key"])))

    def _rows(self, keys: Sequence[str]) -> tuple[IndexedTicket, ...]:
        with ThreadPoolExecutor(_READERS) as readers:
            bodies = list(readers.map(lambda key: self._get(key)[0], keys))
        rows = tuple(ticket_of_row(body) for body in bodies if body is not None)  # None: compacted meanwhile
        for row in rows:
            require_model(row.model_id, len(row.vector), self._model_id, self._dimension)
        return rows
