"""An index of vectors outside of ours, such as Pinecone: filled from ours, and asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import numpy as np

from chalicelib.core.errors import ConfigurationError
from chalicelib.tickets import wiring
from chalicelib.tickets.ports.index import IndexedTicket, SearchableIndex
from rag_engine.corpus import Floats, Query
from rag_engine.index_file import Index
from rag_engine.index_store import Loaded
from rag_engine.recommend import Nearness

NEIGHBORS_ASKED = 1_000
"""The nearest so many speak for their solvers."""
_SENT_AT_ONCE = 1_000


@contextmanager
def opened() -> Iterator[SearchableIndex | None]:
    """Give the index that ``VECTOR_INDEX`` names, and close its connections; None: ours is asked."""
    outside = wiring.vectors()
    try:
        yield outside
    finally:
        if outside is not None:
            outside.close()


def nearness_of(outside: SearchableIndex, loaded: Loaded) -> Nearness:
    """Return the dense nearness that the index outside says, after it has what is not yet in our file."""
    outside.upsert(loaded.news)
    ids = {ticket_id: place for place, ticket_id in enumerate(loaded.index.papers.ids())}

    def nearness(query: Query) -> Floats:
        near = np.zeros(len(ids), np.float32)
        for one in outside.search([float(x) for x in query.vector], outside.model_id, NEIGHBORS_ASKED):
            if one.ticket_id in ids:
                near[ids[one.ticket_id]] = max(0.0, one.similarity) ** 2
        return near

    return nearness


def fill(outside: SearchableIndex | None, index: Index) -> int:
    """Put every solved ticket of ours into the index outside, and return how many; again it changes nothing.

    Raises:
        ConfigurationError: there is none.
    """
    if outside is None:
        raise ConfigurationError("environment variable VECTOR_INDEX is file: there is no index to fill")
    ids = index.papers.ids()
    for first in range(0, len(ids), _SENT_AT_ONCE):
        places = range(first, min(first + _SENT_AT_ONCE, len(ids)))
        outside.upsert([_ticket(index, place, ids[place], outside.model_id) for place in places])
    return len(ids)


def _ticket(index: Index, place: int, ticket_id: str, model_id: str) -> IndexedTicket:
    """Return what an index of vectors keeps of a ticket; its words stay in ours."""
    return IndexedTicket(
        ticket_id,
        subject="",
        terms={},
        vector=index.corpus.vector.take(np.array([place]))[0].tolist(),
        model_id=model_id,
        arrived_at=datetime.fromtimestamp(index.papers.solved[place], UTC),
        solver=index.corpus.solvers[index.corpus.solver[place]],
    )
