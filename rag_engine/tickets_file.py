"""Reads a history of solved tickets from a file, one JSON object a line, gzipped or not.

    {"text": "Replica lags since ...", "solver": "cre001", "component": "db", "opener": "ann"}

Text is ``text``, or ``subject`` (or ``title``) with ``description``, ``product`` and ``tags``; all may be absent.
The expert is ``solver``; a ticket without one is open, and no history. Every other text or number, also those in
an object ``fields``, is a field; `rag_engine.fields` says which of them signals are made of. The order of time is
that of ``n``, or of the first of `_TIMES` that all rows have, else the file's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

from chalicelib.core.ai import EmbeddingModel
from chalicelib.core.errors import InvalidInputError, Problem
from chalicelib.tickets.domain.text import of_ticket, term_counts
from rag_engine.corpus import Corpus, Row, corpus_of
from rag_engine.fields import usable_fields
from rag_engine.json_lines import json_lines
from rag_engine.replay import BLOCKS

_TIMES = ("created_at", "opened_at", "date", "solved_at", "closed_at")
_IDS = ("id", "ticket_id")
_NO_FIELDS = {
    "n", "text", "subject", "title", "description", "tags", "solver", "fields", "status", "reassignments",
    *_TIMES, *_IDS,
}  # fmt: skip
_MOST_PROBLEMS = 20
_LONGEST_SOLVER = 200
_MOST_LINES_NAMED = 5
_EMBEDDED_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class TicketsFile:
    """A file's tickets in the order of time."""

    corpus: Corpus
    fields: tuple[str, ...]
    """Those that signals are made of."""
    notes: tuple[str, ...]
    """What was done with rows and fields, a line each, for people."""


@dataclass(frozen=True, slots=True)
class _Ticket:
    line: int
    text: str
    solver: str
    fields: Mapping[str, str]
    order: Mapping[str, Any]
    """``n`` and what there is of `_TIMES`."""
    ticket_id: str


def read(path: Path, model: EmbeddingModel) -> TicketsFile:
    """Return the file's tickets in the order of time.

    Raises:
        InvalidInputError: lines that are no tickets, the first twenty of them named by number, the others counted.
        OSError: it cannot be read.
    """
    notes: list[str] = []
    tickets = _without_repeated(_in_order(_tickets(path, notes), notes), notes)
    if silent := sum(not one.text for one in tickets):
        notes.append(f"{silent} tickets without text; the other signals rank their experts")
    corpus = corpus_of(_rows(tickets, model), model.dimension)
    first_block = [one.fields for one in tickets[: max(1, len(tickets) // BLOCKS)]]
    fields, said = usable_fields(first_block, [one.solver for one in tickets[: len(first_block)]])
    later = sorted(
        {name for one in tickets for name in one.fields} - {name for one in first_block for name in one}
    )
    notes += [*said, *(f"field {name}: not given before the first step, not used" for name in later)]
    return TicketsFile(corpus, fields, tuple(notes))


def _rows(tickets: Sequence[_Ticket], model: EmbeddingModel) -> Iterator[Row]:
    waiting = iter(tickets)
    while batch := list(islice(waiting, _EMBEDDED_AT_ONCE)):
        vectors = model.embed([one.text for one in batch])
        for one, vector in zip(batch, vectors, strict=True):
            yield Row(term_counts(one.text), vector, one.solver, one.fields)


def _tickets(path: Path, notes: list[str]) -> list[_Ticket]:
    tickets: list[_Ticket] = []
    problems: list[Problem] = []
    open_at: list[int] = []
    for number, row in json_lines(path, problems):
        solver = row.get("solver")
        if solver is None or (isinstance(solver, str) and not solver.strip()):
            open_at.append(number)
        elif not isinstance(solver, str | int) or isinstance(solver, bool):
            problems.append(Problem(f"line {number}", "no_solver", '"solver" is neither text nor a whole number'))
        elif len(str(solver)) > _LONGEST_SOLVER:
            message = f'"solver" is longer than {_LONGEST_SOLVER} characters'
            problems.append(Problem(f"line {number}", "no_solver", message))
        else:
            tickets.append(_ticket(number, row))
    if len(problems) > _MOST_PROBLEMS:
        more = f"and {len(problems) - _MOST_PROBLEMS} lines more"
        problems[_MOST_PROBLEMS:] = [Problem("", "more_problems", more)]
    if problems:
        raise InvalidInputError(problems)
    if open_at and not tickets:
        message = f'none of {len(open_at)} tickets has a "solver"; there is nothing to learn from'
        raise InvalidInputError([Problem("", "no_solver", message)])
    if open_at:
        notes.append(f"{len(open_at)} tickets without a solver left out: {_named(open_at)}")
    return tickets


def _ticket(line: int, row: Mapping[str, Any]) -> _Ticket:
    ticket_id = next((str(row[name]) for name in _IDS if row.get(name) not in (None, "")), "")
    order = {name: row[name] for name in ("n", *_TIMES) if row.get(name) is not None}
    return _Ticket(line, _text(row), str(row["solver"]).strip(), _fields(row), order, ticket_id)


def _in_order(tickets: list[_Ticket], notes: list[str]) -> list[_Ticket]:
    """Return the tickets in the order of time, and note what says it."""
    for name in ("n", *_TIMES):
        moments = [_moment(one.order.get(name), is_time=name != "n") for one in tickets]
        known = [moment for moment in moments if moment is not None]
        if known and len(known) == len(moments):
            late = sum(one < before for before, one in pairwise(known))
            notes.append(f"in the order of {name}" + (f"; {late} rows stood before earlier ones" if late else ""))
            return [tickets[place] for place in sorted(range(len(tickets)), key=known.__getitem__)]
        if known:
            without = [one.line for one, moment in zip(tickets, moments, strict=True) if moment is None]
            notes.append(f"{len(without)} tickets have no usable {name}: {_named(without)}")
    notes.append("in the order of the file")
    return tickets


def _without_repeated(tickets: list[_Ticket], notes: list[str]) -> list[_Ticket]:
    """Return the tickets, of those with the same id the latest."""
    latest = {one.ticket_id: one.line for one in tickets if one.ticket_id}
    kept = [one for one in tickets if latest.get(one.ticket_id, one.line) == one.line]
    if len(kept) < len(tickets):
        gone = sorted({one.line for one in tickets} - {one.line for one in kept})
        notes.append(f"{len(gone)} rows replaced by later ones of the same id: {_named(gone)}")
    return kept


def _moment(value: Any, *, is_time: bool) -> float | None:
    """Return a sortable number: seconds since 1970 of a time (without a zone it is UTC), or a count as it is."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value) if value == value else None
    if not is_time or not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def _text(row: Mapping[str, Any]) -> str:
    if row.get("text") is not None:
        return of_ticket("", str(row["text"])).whole
    tags = row.get("tags") or []
    return of_ticket(
        str(row.get("subject") or row.get("title") or ""),
        str(row.get("description") or ""),
        product=str(row.get("product") or ""),
        tags=map(str, tags) if isinstance(tags, list) else str(tags).split(),
    ).whole


def _fields(row: Mapping[str, Any]) -> dict[str, str]:
    nested = row.get("fields")
    given = {**(nested if isinstance(nested, dict) else {}), **row}
    return {
        name: str(value)
        for name, value in given.items()
        if name not in _NO_FIELDS and isinstance(value, str | int) and not isinstance(value, bool) and value != ""
    }


def _named(lines: Sequence[int]) -> str:
    """Return the first lines' numbers: ``lines 2, 7, 9, ...``."""
    shown = ", ".join(str(line) for line in lines[:_MOST_LINES_NAMED])
    return f"line{'s' if len(lines) > 1 else ''} {shown}{', ...' if len(lines) > _MOST_LINES_NAMED else ''}"
