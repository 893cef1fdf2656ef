"""Vectors in Pinecone, by its own SDK: https://docs.pinecone.io/reference/api/introduction.

One index; each embedding model has a namespace of its own, so that vectors of two models never meet. The SDK is in
the engine's image alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

from chalicelib.core.errors import ConfigurationError
from chalicelib.tickets.adapters.file_index import require_model
from chalicelib.tickets.errors import IndexModelError, IndexUnavailableError
from chalicelib.tickets.ports.index import IndexedTicket, Neighbor, SearchableIndex

if TYPE_CHECKING:
    from pinecone import Index

_BATCH = 100
"""Vectors a request: Pinecone takes 2 MB, and 100 of 1,536 numbers are about 1.9 MB in JSON."""
_TIMEOUT_SECONDS = 10.0
_REFUSED_KEY = (401, 403)


class PineconeIndex(SearchableIndex):
    """See the module's docstring."""

    def __init__(self, model_id: str, dimension: int, host: str, api_key: str) -> None:
        """``host`` is the index's own address, ``https://tickets-abc123.svc.us-east-1.pinecone.io``."""
        self.model_id, self.dimension = model_id, dimension
        self._host, self._api_key = host, api_key
        self._namespace = re.sub(r"[^A-Za-z0-9-]", "-", model_id)
        self._opened: Index | None = None

    def upsert(self, tickets: Sequence[IndexedTicket]) -> None:
        """See `VectorIndex.upsert`. A ticket without words has no vector to keep: Pinecone refuses zeros."""
        for ticket in tickets:
            require_model(ticket.model_id, len(ticket.vector), self.model_id, self.dimension)
        index = self._index()
        wordy = [ticket for ticket in tickets if any(ticket.vector)]
        for start in range(0, len(wordy), _BATCH):
            vectors = [
                {
                    "id": ticket.ticket_id,
                    "values": [float(x) for x in ticket.vector],
                    "metadata": {"model": ticket.model_id, "solved": ticket.solver is not None},
                }
                for ticket in wordy[start : start + _BATCH]
            ]
            try:
                index.upsert(vectors=vectors, namespace=self._namespace, show_progress=False)
            except Exception as error:
                _raise_as_ours(error)

    def has(self, ticket_id: str) -> bool:
        """See `VectorIndex.has`."""
        try:
            return ticket_id in self._index().fetch(ids=[ticket_id], namespace=self._namespace).vectors
        except Exception as error:
            _raise_as_ours(error)

    def search(self, vector: Sequence[float], model_id: str, limit: int) -> list[Neighbor]:
        """See `SearchableIndex.search`."""
        require_model(model_id, len(vector), self.model_id, self.dimension)
        index = self._index()
        if not any(vector):
            return []
        try:
            found = index.query(
                top_k=limit,
                vector=[float(x) for x in vector],
                namespace=self._namespace,
                filter={"solved": {"$eq": True}},
            )
        except Exception as error:
            _raise_as_ours(error)
        return [Neighbor(match.id, float(match.score)) for match in found.matches]

    def close(self) -> None:
        """See `SearchableIndex.close`."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def _index(self) -> Index:
        if self._opened is None:
            from pinecone import Index

            try:
                opened = Index(host=self._host, api_key=self._api_key, timeout=_TIMEOUT_SECONDS)
            except Exception as error:
                _raise_as_ours(error)
            try:
                dimension = opened.describe_index_stats().dimension
            except Exception as error:
                opened.close()
                _raise_as_ours(error)
            if dimension is not None and dimension != self.dimension:
                opened.close()
                raise IndexModelError(
                    f"{self.model_id} makes {self.dimension} numbers and the Pinecone index holds vectors of "
                    f"{dimension}; use an index of its dimension, or another embedding model"
                )
            self._opened = opened
        return self._opened


def _raise_as_ours(error: Exception) -> NoReturn:
    from pinecone.errors import exceptions

    if isinstance(error, exceptions.ApiError) and error.status_code in _REFUSED_KEY:
        raise ConfigurationError("Pinecone refuses the key of the secret pinecone") from None
    if isinstance(error, exceptions.ApiError) and 400 <= error.status_code < 500 and error.status_code != 429:
        raise error
    if isinstance(error, exceptions.PineconeError):
        raise IndexUnavailableError(f"Pinecone does not answer: {type(error).__name__}") from error
    raise error
