"""Tickets come in: from the ticket system into the bucket, from the bucket into an execution or the index."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.core.clock import Clock
from chalicelib.core.errors import InvalidInputError, TransientError
from chalicelib.core.log import logger
from chalicelib.tickets.domain.assignment import Assignment, AssignmentState, LabelKind, label
from chalicelib.tickets.domain.record import Standing, TicketRecord
from chalicelib.tickets.domain.ticket import Ticket, fingerprint
from chalicelib.tickets.errors import TicketNotFoundError, TicketStateError
from chalicelib.tickets.ports.tickets import MatchRuns, TicketFiles, TicketStore
from chalicelib.tickets.service import embedding
from chalicelib.tickets.service.reading import LARGEST_TICKET_BYTES, ticket_of
from chalicelib.tickets.service.records import change, known
from chalicelib.tickets.service.validating import PREFIX

_TRIES = 4


@dataclass(frozen=True, slots=True)
class Ports:
    """What the way in needs of the world."""

    files: TicketFiles
    store: TicketStore
    runs: MatchRuns


def receive(body: bytes, ports: Ports, clock: Clock) -> tuple[str, str, bool]:
    """Write a ticket the ticket system sent where tickets lie; its event starts the rest.

    A body that lies there already (the ticket system tries again after five seconds) is not written again, so it
    makes no second version and no second execution.

    Returns:
        (ticket id, key, whether it was new or changed).

    Raises:
        InvalidInputError: the body is no ticket.
        TransientError: others kept writing the same ticket.
    """
    ticket = ticket_of(body)
    key = _key_of(ticket, ports.store, clock.now())
    for _ in range(_TRIES):
        stored = ports.files.read(key, most_bytes=LARGEST_TICKET_BYTES)
        if stored is not None and stored.body == body:
            return ticket.ticket_id, key, False
        if ports.files.write(key, body, replacing=stored.etag if stored else None):
            return ticket.ticket_id, key, True
    raise TransientError(f"ticket {ticket.ticket_id} is being written by others; send it again")


def stored(key: str, version_id: str, ports: Ports, evidence: embedding.Ports, clock: Clock) -> dict[str, Any]:
    """Decide what follows from a version of a ticket that lies in the bucket.

    A solved one becomes evidence and frees its expert; one whose words changed is matched; another one is left.
    Told twice, it is done once: the execution's name is made of the ticket's id and the version. Told late, when
    there is a newer version, nothing is done: that one has an event of its own, and events come in any order.

    Returns:
        ``{"ticket_id", "outcome": "started" | "evidence" | "unchanged" | "overtaken" | "unreadable" | "gone"}``.
    """
    found = ports.files.read(key, most_bytes=LARGEST_TICKET_BYTES, version_id=version_id)
    if found is None:
        return {"ticket_id": "", "outcome": "gone"}
    newest = ports.files.read(key, most_bytes=0) if version_id else None
    if newest is not None and newest.version_id != found.version_id:
        return {"ticket_id": "", "outcome": "overtaken"}
    try:
        ticket = ticket_of(found.body)
    except InvalidInputError as error:
        codes = [f"{one.path}: {one.code}" for one in error.problems]
        logger().error("an object is no ticket", key=key, problems=codes)
        return {"ticket_id": "", "outcome": "unreadable"}
    if ticket.is_solved:
        return {"ticket_id": ticket.ticket_id, "outcome": _solved(ticket, key, ports, evidence, clock)}
    before = ports.store.find(ticket.ticket_id)
    if before and before.fingerprint == fingerprint(ticket) and before.standing is not Standing.SOLVED:
        return {"ticket_id": ticket.ticket_id, "outcome": "unchanged"}
    # The record is validate-input's to write: after a crash here the same event starts the same execution.
    name = execution_name(ticket.ticket_id, found.version_id or found.etag)
    ports.runs.start(name, _run_input(ticket.ticket_id, ports.files.bucket, key, clock.now()))
    return {"ticket_id": ticket.ticket_id, "outcome": "started"}


def match_again(ticket_id: str, wish: str, ports: Ports, clock: Clock) -> dict[str, str]:
    """Match a known ticket once more, in an execution named by ``wish``; the same wish is the same execution.

    Raises:
        TicketNotFoundError: there is no such ticket.
        TicketStateError: it is solved.
    """
    record = known(ports.store, ticket_id)
    if record.standing is Standing.SOLVED:
        raise TicketStateError(f"ticket {ticket_id} is solved and needs no expert")
    if ports.files.read(record.key, most_bytes=0) is None:
        raise TicketNotFoundError(f"the text of ticket {ticket_id} is no longer in the bucket")
    name = execution_name(ticket_id, f"{record.version_id} {wish}")
    run_input = _run_input(ticket_id, ports.files.bucket, record.key, clock.now())
    return {"ticket_id": ticket_id, "execution_arn": ports.runs.start(name, run_input)}


def execution_name(ticket_id: str, version: str) -> str:
    """Return the name of the execution for one version of a ticket; at most 80 of the characters AWS takes.

    >>> execution_name("12345", "v1")
    '12345-3bfc269594ef6492'
    """
    digest = hashlib.sha256(version.encode()).hexdigest()[:16]
    readable = "".join(character if character.isalnum() else "-" for character in ticket_id)[:50]
    told_apart = "" if readable == ticket_id else hashlib.sha256(ticket_id.encode()).hexdigest()[:8] + "-"
    return f"{readable}-{told_apart}{digest}"


def _run_input(ticket_id: str, bucket: str, key: str, now: datetime) -> dict[str, Any]:
    return {"ticket_id": ticket_id, "bucket": bucket, "key": key, "timestamp": now.isoformat(timespec="seconds")}


def _key_of(ticket: Ticket, store: TicketStore, now: datetime) -> str:
    """Return where the ticket lies: where it lay before, else under the day it was made."""
    if (before := store.find(ticket.ticket_id)) is not None:
        return before.key
    day = ticket.created_at or now
    return f"{PREFIX}year={day:%Y}/month={day:%m}/day={day:%d}/ticket-{ticket.ticket_id}.json"


def _solved(ticket: Ticket, key: str, ports: Ports, evidence: embedding.Ports, clock: Clock) -> str:
    embedding.put(ticket, evidence, clock)
    _close(ticket, ports.store, clock)
    now = clock.now()

    def solved(record: TicketRecord | None) -> TicketRecord:
        before = record or TicketRecord(ticket.ticket_id, Standing.SOLVED, ports.files.bucket, key, "", "", now)
        return replace(before, standing=Standing.SOLVED, updated_at=now)

    change(ports.store, ticket.ticket_id, solved)
    return "evidence"


def _close(ticket: Ticket, store: TicketStore, clock: Clock) -> None:
    """Free the expert who held the ticket, and keep who solved it: the truth about what was recommended."""
    before, record = store.assignment(ticket.ticket_id), store.find(ticket.ticket_id)
    latest = record.recommendation_id if record else ""
    if not latest or (before and before.state is AssignmentState.CLOSED and before.recommendation_id == latest):
        return  # nothing was recommended, or this has been noted
    holder, revision = (before.cre_id, before.revision) if before else ("", 0)
    solver = ticket.solver or holder
    after = Assignment(ticket.ticket_id, holder, AssignmentState.CLOSED, latest, clock.now(), revision + 1)
    row = label(
        LabelKind.SOLVED,
        solver,
        ticket_id=ticket.ticket_id,
        by="system:tickets",
        at=clock.now(),
        recommendation=store.recommendation(ticket.ticket_id, latest),
        revision=revision,
    )
    store.move(before, after, row)
