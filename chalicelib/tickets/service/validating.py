"""Is what an execution was started for a ticket that can be matched?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.core.clock import Clock
from chalicelib.core.errors import InvalidInputError, Problem
from chalicelib.tickets.domain.record import Standing, TicketRecord
from chalicelib.tickets.domain.ticket import Ticket, fingerprint, is_ticket_id
from chalicelib.tickets.errors import IndexUnavailableError, TicketInputError, TicketMovedOnError
from chalicelib.tickets.ports.index import VectorIndex
from chalicelib.tickets.ports.tickets import StoredFile, TicketFiles, TicketStore
from chalicelib.tickets.service.reading import LARGEST_TICKET_BYTES, ticket_of
from chalicelib.tickets.service.records import change

PREFIX = "raw-tickets/"
RESULTS = "recommendations/"


@dataclass(frozen=True, slots=True)
class Ports:
    """What validation needs of the world."""

    files: TicketFiles
    store: TicketStore
    index: VectorIndex


def validate(run_input: Any, execution_arn: str, ports: Ports, clock: Clock) -> dict[str, Any]:
    """Return what the execution carries on.

    Args:
        run_input: ``{"ticket_id", "bucket", "key", "embedding_exists"?, "timestamp"?}``, as the execution was
            started; without ``embedding_exists`` the index is asked.
        execution_arn: the execution that asks; the ticket is its from now on.
        ports: the ticket's file, its record and the index.
        clock: for the record.

    Returns:
        ``ticket_id, bucket, key, embedding_exists, timestamp, result_key``: the engine writes its result there.

    Raises:
        TicketInputError: with every problem found.
    """
    given = run_input if isinstance(run_input, Mapping) else {}
    if found := list(_problems(given, ports.files.bucket)):
        raise TicketInputError(found)
    ticket_id, key = str(given["ticket_id"]), str(given["key"])
    stored, ticket = _stored_ticket(ticket_id, key, ports.files)
    now = clock.now()
    execution = execution_arn.rpartition(":")[2]

    def begun(record: TicketRecord | None) -> TicketRecord:
        known = record or TicketRecord(ticket_id, Standing.MATCHING, ports.files.bucket, key, "", "", now)
        return replace(
            known,
            standing=Standing.MATCHING,
            key=key,
            version_id=stored.version_id,
            fingerprint=fingerprint(ticket),
            execution_arn=execution_arn,
            problem="",
            updated_at=now,
        )

    change(ports.store, ticket_id, begun)
    return {
        "ticket_id": ticket_id,
        "bucket": ports.files.bucket,
        "key": key,
        "embedding_exists": _embedding_exists(given, ticket_id, ports.index),
        "timestamp": str(given.get("timestamp") or now.isoformat()),
        "result_key": f"{RESULTS}{ticket_id}/{execution}.json",
    }


def take_up(held: Mapping[str, Any], execution_arn: str, ports: Ports, clock: Clock) -> dict[str, Any]:
    """Return what the execution carries on when the first expert is free for a ticket it held.

    Args:
        held: the execution's state: ``{"ticket_id", "key", "timestamp", "match": {"held_until"}}``.
        execution_arn: the execution that held it.
        ports: the ticket's record.
        clock: for the record.

    Returns:
        ``ticket_id, bucket, key, timestamp, result_key``: another key than before, so that what the engine said
        of the earlier moment is never taken for its answer to this one.

    Raises:
        TicketMovedOnError: it was solved, taken, or matched by another execution meanwhile.
    """
    ticket_id, now = str(held["ticket_id"]), clock.now()

    def taken_up(record: TicketRecord | None) -> TicketRecord:
        holder = ports.store.assignment(ticket_id)
        if (
            record is None
            or record.execution_arn != execution_arn
            or record.standing is Standing.SOLVED
            or (holder is not None and holder.holder)
        ):
            raise TicketMovedOnError(f"ticket {ticket_id} is no longer held here")
        return replace(record, standing=Standing.MATCHING, updated_at=now)

    change(ports.store, ticket_id, taken_up)
    moment = "".join(character for character in str(held["match"]["held_until"]) if character.isdigit())
    execution = execution_arn.rpartition(":")[2]
    return {
        "ticket_id": ticket_id,
        "bucket": ports.files.bucket,
        "key": str(held["key"]),
        "timestamp": str(held["timestamp"]),
        "result_key": f"{RESULTS}{ticket_id}/{execution}-{moment}.json",
    }


def _problems(given: Mapping[str, Any], bucket: str) -> Iterator[Problem]:
    ticket_id = given.get("ticket_id")
    if not isinstance(ticket_id, str | int) or not is_ticket_id(str(ticket_id)):
        yield Problem("ticket_id", "malformed", "is missing or no id of a ticket")
    if given.get("bucket") != bucket:
        yield Problem("bucket", "unknown_bucket", f"is not {bucket}, where this desk's tickets lie")
    key = given.get("key")
    if not isinstance(key, str) or not key.startswith(PREFIX) or len(key.encode()) > 1024:
        yield Problem("key", "malformed", f"is missing or does not lie under {PREFIX}")
    if not isinstance(given.get("embedding_exists", False), bool):
        yield Problem("embedding_exists", "not_boolean", "is neither true nor false")


def _stored_ticket(ticket_id: str, key: str, files: TicketFiles) -> tuple[StoredFile, Ticket]:
    stored = files.read(key, most_bytes=LARGEST_TICKET_BYTES)
    if stored is None:
        raise TicketInputError([Problem("key", "not_there", "names no object of the bucket")])
    try:
        ticket = ticket_of(stored.body)
    except InvalidInputError as error:
        raise TicketInputError(replace(one, path=f"key/{one.path}") for one in error.problems) from None
    if ticket.ticket_id != ticket_id:
        raise TicketInputError(
            [Problem("key", "another_ticket", "the object is another ticket than ticket_id says")]
        )
    if ticket.is_solved:
        raise TicketInputError([Problem("key", "solved", "the ticket is solved and needs no expert")])
    return stored, ticket


def _embedding_exists(given: Mapping[str, Any], ticket_id: str, index: VectorIndex) -> bool:
    if "embedding_exists" in given:
        return bool(given["embedding_exists"])
    try:
        return index.has(ticket_id)
    except IndexUnavailableError:
        return False  # making it again is harmless, and where it fails the failure has the right name
