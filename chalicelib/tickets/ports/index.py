"""The index of tickets: vectors and words of those seen, and who solved them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class IndexedTicket:
    """A ticket as the index keeps it. A later one of the same id replaces it: new first, solved afterwards."""

    ticket_id: str
    subject: str
    """One line without secrets; shown to people as evidence."""
    terms: Mapping[str, int]
    """Word to how often it is said, from `domain.text.term_counts`."""
    vector: Sequence[float]
    """Of length 1; zeros for a text without words."""
    model_id: str
    """The embedding model that made ``vector``."""
    arrived_at: datetime
    fields: Mapping[str, str] = field(default_factory=dict)
    """Whatever the source says besides text: component, customer, opener, product. Names are the source's own."""
    solver: str | None = None
    """The expert (``creId``) who solved it; None while it is open."""
    solved_at: datetime | None = None
    reassignments: int = 0
    """How often it went from one expert to another before it was solved."""


@dataclass(frozen=True, slots=True)
class Neighbor:
    """A solved ticket near a query."""

    ticket_id: str
    similarity: float
    """Cosine, -1 to 1."""


class VectorIndex:
    """An index of one embedding model. A port."""

    model_id: str
    dimension: int

    def upsert(self, tickets: Sequence[IndexedTicket]) -> None:
        """Keep the tickets, each replacing one of its id; costs the same whatever the index holds.

        Raises:
            IndexModelError: a ticket's vector is of another model or dimension; none of them is kept.
            IndexUnavailableError: the index does not answer; the same call may be made again.
        """
        raise NotImplementedError

    def has(self, ticket_id: str) -> bool:
        """Return whether the ticket can be found: a ticket upserted a moment ago may not yet be.

        Raises:
            IndexUnavailableError: as in `upsert`.
        """
        raise NotImplementedError


class SearchableIndex(VectorIndex):
    """An index that also answers. A port; the one that needs numpy to do so is the engine's alone."""

    def close(self) -> None:
        """Give the connections back."""
        raise NotImplementedError

    def search(self, vector: Sequence[float], model_id: str, limit: int) -> list[Neighbor]:
        """Return the solved tickets nearest to ``vector``, nearest first.

        Raises:
            IndexModelError: ``vector`` is of another model or dimension than the index.
            IndexUnavailableError: as in `upsert`.
        """
        raise NotImplementedError
