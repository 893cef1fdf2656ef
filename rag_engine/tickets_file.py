"""Reads a history of solved tickets from a file, one JSON object a line, gzipped or not, in the order of time.

    {"text": "Replica lags since ...", "solver": "cre001", "component": "db", "opener": "ann"}

Text is ``text``, or ``subject`` or ``title`` with ``description``, and ``product`` and ``tags``; the expert is
``solver``. Every other text or number that repeats is a field. Rows that all have ``n`` are put into its order.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from chalicelib.core.ai import EmbeddingModel
from chalicelib.core.errors import InvalidInputError, Problem
from chalicelib.tickets.domain.text import of_ticket, term_counts
from rag_engine.corpus import Corpus, Row, corpus_of
from rag_engine.replay import BLOCKS

_NO_FIELDS = {
    "n", "id", "ticket_id", "text", "subject", "title", "description", "tags", "solver", "date", "created_at",
    "solved_at", "opened_at", "closed_at", "status", "reassignments",
}  # fmt: skip
_MOST_FIELDS = 6
_LEAST_TICKETS_A_VALUE = 2.0
"""A field whose values are rarer on average is a name of the ticket, and says nothing of the next."""
_MOST_PROBLEMS = 20


def read(path: Path, model: EmbeddingModel) -> tuple[Corpus, tuple[str, ...]]:
    """Return the file's tickets in the order of time, and the fields that signals can be made of.

    Raises:
        InvalidInputError: lines that are no tickets, the first twenty of them named by number.
    """
    given = _rows(path)
    if all(isinstance(row.get("n"), int) for row in given):
        given.sort(key=lambda row: row["n"])
    vectors = model.embed([_text(row) for row in given])
    rows = [
        Row(term_counts(_text(row)), vector, str(row["solver"]), _fields(row))
        for row, vector in zip(given, vectors, strict=True)
    ]
    first_block = rows[: max(1, len(rows) // BLOCKS)]  # later ones would tell of the future
    return corpus_of(rows, model.dimension), usable_fields([row.fields for row in first_block])


def usable_fields(rows: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """Return the fields worth learning from, those given most often first."""
    seen: dict[str, int] = {}
    values: dict[str, set[str]] = {}
    for row in rows:
        for name, value in row.items():
            seen[name] = seen.get(name, 0) + 1
            values.setdefault(name, set()).add(value)
    usable = [name for name, count in seen.items() if 1 < len(values[name]) <= count / _LEAST_TICKETS_A_VALUE]
    return tuple(sorted(usable, key=lambda name: (-seen[name], name))[:_MOST_FIELDS])


def _rows(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for number, line in _lines(path):
        try:
            row = json.loads(line)
        except (json.JSONDecodeError, UnicodeDecodeError):
            problems.append(Problem(f"line {number}", "unreadable_json", "is no JSON"))
            continue
        if not isinstance(row, dict) or not isinstance(row.get("solver"), str) or not row["solver"]:
            problems.append(Problem(f"line {number}", "no_solver", 'is no object with a text "solver"'))
        else:
            rows.append(row)
    if problems:
        raise InvalidInputError(problems[:_MOST_PROBLEMS])
    return rows


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    with path.open("rb") as stored, gzip.open(stored) if path.suffix == ".gz" else stored as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield number, line


def _text(row: Mapping[str, Any]) -> str:
    if "text" in row:
        return of_ticket("", str(row["text"])).whole
    tags = row.get("tags") or []
    return of_ticket(
        str(row.get("subject") or row.get("title") or ""),
        str(row.get("description") or ""),
        tags=tags.split() if isinstance(tags, str) else map(str, tags),
    ).whole


def _fields(row: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: str(value)
        for name, value in row.items()
        if name not in _NO_FIELDS and isinstance(value, str | int) and not isinstance(value, bool) and value != ""
    }
