"""The index in S3: one object a ticket, written here, and one file of all solved ones, made by the engine.

    index/manifest.json                which embedding model made the vectors, their dimension, the file in use
    index/tickets/<id>.json            the latest row of a ticket
    index/pending/<id>/<digest>.json   a solved ticket's row, until the engine has put it into the file
    index/files/<name>                 the file, see rag_engine/index_file.py

A row is written first as pending and then under ``tickets/``: a crash between leaves a ticket that is not there
yet (`has` says so and it is written again), never one that is there and will not be found. The digest is of the
row, so a row that changes while the engine reads the old one is another object and is read the next time.
"""

from __future__ import annotations

import base64
import hashlib
import json
from array import array
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NoReturn

from chalicelib.core.aws import client, error_code
from chalicelib.tickets.errors import IndexModelError, IndexUnavailableError
from chalicelib.tickets.ports.index import IndexedTicket, VectorIndex

VERSION = 1
MANIFEST = "index/manifest.json"
PENDING = "index/pending/"
_MISSING = {"404", "NoSuchKey", "NotFound"}
_LOST_RACE = {"PreconditionFailed", "ConditionalRequestConflict"}
_OUR_FAULT = {"AccessDenied", "NoSuchBucket", "InvalidBucketName", "403"}


class FileIndex(VectorIndex):
    """Three requests a ticket, whatever the index holds."""

    def __init__(self, bucket: str, model_id: str, dimension: int) -> None:
        self._bucket, self.model_id, self.dimension = bucket, model_id, dimension

    def upsert(self, tickets: Sequence[IndexedTicket]) -> None:
        """See `VectorIndex.upsert`. Open tickets are kept and wait for nobody: only solved ones are evidence."""
        for ticket in tickets:
            require_model(ticket.model_id, len(ticket.vector), self.model_id, self.dimension)
        self._require_manifest()
        for ticket in tickets:
            row = row_of(ticket)
            if ticket.solver is not None:
                digest = hashlib.sha256(row).hexdigest()[:32]
                self._put(f"{PENDING}{ticket.ticket_id}/{digest}.json", row)
            self._put(ticket_key(ticket.ticket_id), row)

    def has(self, ticket_id: str) -> bool:
        """See `VectorIndex.has`."""
        try:
            client("s3").head_object(Bucket=self._bucket, Key=ticket_key(ticket_id))
        except Exception as error:
            if error_code(error) in _MISSING:
                return False
            _raise_as_ours(error)
        return True

    def _require_manifest(self) -> None:
        """Compare the index's model with ours; an index that is not there yet is begun with ours."""
        found = self._manifest()
        if found is None:
            ours: dict[str, Any] = {
                "version": VERSION,
                "modelId": self.model_id,
                "dimension": self.dimension,
                "file": None,
            }
            try:
                self._put(MANIFEST, json.dumps(ours).encode(), IfNoneMatch="*")
            except Exception as error:
                if error_code(error) not in _LOST_RACE:
                    raise
            else:
                return
            found = self._manifest() or ours
        require_model(self.model_id, self.dimension, found["modelId"], found["dimension"])

    def _manifest(self) -> dict[str, Any] | None:
        try:
            body = client("s3").get_object(Bucket=self._bucket, Key=MANIFEST)["Body"].read()
        except Exception as error:
            if error_code(error) in _MISSING:
                return None
            _raise_as_ours(error)
        manifest: dict[str, Any] = json.loads(body)
        return manifest

    def _put(self, key: str, body: bytes, **condition: str) -> None:
        try:
            client("s3").put_object(
                Bucket=self._bucket, Key=key, Body=body, ContentType="application/json", **condition
            )
        except Exception as error:
            if condition and error_code(error) in _LOST_RACE:
                raise
            _raise_as_ours(error)


def require_model(model_id: str, dimension: int, index_model_id: str, index_dimension: int) -> None:
    """Raise IndexModelError unless a vector's model and dimension are the index's."""
    if (model_id, dimension) != (index_model_id, index_dimension):
        raise IndexModelError(
            f"a vector of {model_id} with {dimension} numbers met an index of {index_model_id} with "
            f"{index_dimension}; make the index anew with one model, or set EMBEDDING_MODEL to the index's"
        )


def ticket_key(ticket_id: str) -> str:
    """Return where a ticket's row lies."""
    return f"index/tickets/{ticket_id}.json"


def row_of(ticket: IndexedTicket) -> bytes:
    """Return the ticket as JSON; its vector is 32-bit floats, little endian, in base64."""
    numbers = array("f", ticket.vector)
    return json.dumps(
        {
            "version": VERSION,
            "ticketId": ticket.ticket_id,
            "subject": ticket.subject,
            "terms": dict(ticket.terms),
            "vector": base64.b64encode(numbers.tobytes()).decode(),
            "modelId": ticket.model_id,
            "dimension": len(numbers),
            "arrivedAt": ticket.arrived_at.isoformat(),
            "fields": dict(ticket.fields),
            "solver": ticket.solver,
            "solvedAt": ticket.solved_at.isoformat() if ticket.solved_at else None,
            "reassignments": ticket.reassignments,
        },
        ensure_ascii=False,
        sort_keys=True,
    ).encode("utf-8", "replace")


def ticket_of_row(row: bytes) -> IndexedTicket:
    """Return the ticket that `row_of` wrote.

    Raises:
        ValueError, KeyError: it is no such row.
    """
    data: Mapping[str, Any] = json.loads(row)
    if data["version"] != VERSION:
        raise ValueError(f"a row of version {data['version']!r}; this code reads {VERSION}")
    numbers = array("f", base64.b64decode(data["vector"]))
    return IndexedTicket(
        ticket_id=data["ticketId"],
        subject=data["subject"],
        terms=data["terms"],
        vector=numbers,
        model_id=data["modelId"],
        arrived_at=datetime.fromisoformat(data["arrivedAt"]),
        fields=data["fields"],
        solver=data["solver"],
        solved_at=datetime.fromisoformat(data["solvedAt"]) if data["solvedAt"] else None,
        reassignments=data["reassignments"],
    )


def _raise_as_ours(error: Exception) -> NoReturn:
    """Raise ``error`` under our name for it; botocore is loaded by now, so it need not be imported to ask."""
    code = error_code(error)
    if not type(error).__module__.startswith("botocore") or code in _OUR_FAULT:
        raise error
    raise IndexUnavailableError(f"S3 does not take or give the index now: {code or type(error).__name__}")
