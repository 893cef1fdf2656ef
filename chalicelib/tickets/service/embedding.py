"""Puts a ticket into the index, and says whether it can be found there."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.core.ai import EmbeddingModel
from chalicelib.core.clock import Clock
from chalicelib.core.errors import InvalidInputError
from chalicelib.tickets.domain.text import of_ticket, term_counts
from chalicelib.tickets.domain.ticket import Ticket
from chalicelib.tickets.errors import EmbeddingNotReadyError, TicketNotFoundError
from chalicelib.tickets.ports.index import IndexedTicket, VectorIndex
from chalicelib.tickets.ports.tickets import TicketFiles
from chalicelib.tickets.service.reading import LARGEST_TICKET_BYTES, ticket_of


@dataclass(frozen=True, slots=True)
class Ports:
    """What embedding needs of the world."""

    files: TicketFiles
    model: EmbeddingModel
    index: VectorIndex


def generate(key: str, ports: Ports, clock: Clock) -> dict[str, object]:
    """Embed the ticket that lies under ``key`` and put it into the index; twice is the same as once.

    Returns:
        ``{"ticket_id", "model_id", "dimension"}``.

    Raises:
        TicketNotFoundError, InvalidInputError: the object is gone or no ticket.
        ModelThrottledError, ModelUnavailableError, IndexUnavailableError: worth another try.
        IndexModelError, ModelRefusedError: not worth one.
    """
    stored = ports.files.read(key, most_bytes=LARGEST_TICKET_BYTES)
    if stored is None:
        raise TicketNotFoundError("the ticket's object is no longer in the bucket")
    ticket = ticket_of(stored.body)
    put(ticket, ports, clock)
    return {
        "ticket_id": ticket.ticket_id,
        "model_id": ports.model.model_id,
        "dimension": ports.model.dimension,
    }


def check(ticket_id: str, index: VectorIndex) -> dict[str, object]:
    """Return ``{"ticket_id", "found": true}`` once the index shows the ticket.

    Raises:
        EmbeddingNotReadyError: it does not yet; ask again.
        InvalidInputError: ``ticket_id`` is empty.
    """
    if not ticket_id:
        raise InvalidInputError([])
    if not index.has(ticket_id):
        raise EmbeddingNotReadyError(f"the index does not show ticket {ticket_id} yet")
    return {"ticket_id": ticket_id, "found": True}


def put(ticket: Ticket, ports: Ports, clock: Clock) -> None:
    """Put the ticket into the index: of a solved one with its solver, as evidence for tickets to come."""
    text = of_ticket(ticket.subject, ticket.description, product=ticket.product, tags=ticket.tags)
    (vector,) = ports.model.embed([text.whole])
    now = clock.now()
    evidence = ticket.is_solved and ticket.solver is not None
    ports.index.upsert(
        [
            IndexedTicket(
                ticket_id=ticket.ticket_id,
                subject=text.subject,
                terms=term_counts(text.whole),
                vector=vector,
                model_id=ports.model.model_id,
                arrived_at=ticket.created_at or now,
                fields=dict(ticket.fields) | ({"product": ticket.product} if ticket.product else {}),
                solver=ticket.solver if evidence else None,
                solved_at=(ticket.solved_at or now) if evidence else None,
                reassignments=ticket.reassignments,
            )
        ]
    )
