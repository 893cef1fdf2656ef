"""Changes a ticket's record, whoever else does at the same moment."""

from __future__ import annotations

from collections.abc import Callable

from chalicelib.tickets.domain.record import TicketRecord
from chalicelib.tickets.errors import TicketNotFoundError, TicketStateError
from chalicelib.tickets.ports.tickets import TicketStore

_TRIES = 4


def change(
    store: TicketStore, ticket_id: str, decide: Callable[[TicketRecord | None], TicketRecord | None]
) -> None:
    """Write what ``decide`` makes of the record, deciding anew when somebody else wrote it meanwhile.

    Args:
        store: the records.
        ticket_id: which one.
        decide: gets the record (None: there is none yet) and returns the new one, or None to leave it.

    Raises:
        TicketStateError: others kept writing it.
    """
    for attempt in range(_TRIES):
        changed = decide(store.find(ticket_id))
        if changed is None:
            return
        try:
            store.save(changed)
        except TicketStateError:
            if attempt == _TRIES - 1:
                raise
        else:
            return


def known(store: TicketStore, ticket_id: str) -> TicketRecord:
    """Return the record.

    Raises:
        TicketNotFoundError: there is none.
    """
    record = store.find(ticket_id)
    if record is None:
        raise TicketNotFoundError(f"there is no ticket {ticket_id[:64]!r}")
    return record
