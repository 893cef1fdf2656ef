"""The matching model in use, an object of the index in S3."""

from __future__ import annotations

import json

from chalicelib.tickets.adapters.s3_tickets import S3TicketFiles
from chalicelib.tickets.domain.matching.model import MatchingModel, as_json, from_json, prior_model
from chalicelib.tickets.ports.models import ModelStore, StoredModel

MODEL = "index/model.json"
_LARGEST_BYTES = 1_000_000


class S3ModelStore(ModelStore):
    """See the module's docstring."""

    def __init__(self, bucket: str, embedding: str) -> None:
        """``embedding`` is the embedding model's id."""
        self._files, self._embedding = S3TicketFiles(bucket), embedding

    def current(self) -> StoredModel:
        """See `ModelStore.current`."""
        found = self._files.read(MODEL, most_bytes=_LARGEST_BYTES)
        if found is None:
            return StoredModel(prior_model(self._embedding), None)
        return StoredModel(from_json(json.loads(found.body)), found.etag)

    def replace(self, stored: StoredModel, model: MatchingModel) -> bool:
        """See `ModelStore.replace`."""
        return self._files.write(MODEL, json.dumps(as_json(model)).encode(), replacing=stored.etag)
