"""What was called, and whether it reached somebody: rows in the order of time."""

from __future__ import annotations

import csv
import gzip
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from chalicelib.core.errors import InvalidInputError, Problem

Value = str | float | None
Row = dict[str, str | float]


@dataclass(frozen=True, slots=True)
class Layout:
    """How to read a file that is not a campaign's own history."""

    target: str = "reached"
    positive: str = "yes"
    """The target's value of a call that reached somebody; of JSON also ``true``."""
    delimiter: str = ","
    drop: frozenset[str] = frozenset()
    """Columns never used: what is known only after the call, such as its duration."""
    missing: Mapping[str, str] = field(default_factory=dict)
    """Column -> the value that stands for "not known" in it, such as 999 for days since the last call."""


@dataclass(frozen=True, slots=True)
class History:
    """Calls in the order of time."""

    rows: list[Row]
    """Feature -> value; a feature that is not known is left out."""
    reached: NDArray[np.float64]
    """1.0 where the call reached the person, else 0.0; one per row."""

    def __len__(self) -> int:
        """Return the number of calls."""
        return len(self.rows)

    def part(self, places: Sequence[int] | NDArray[np.int64]) -> History:
        """Return the rows at ``places``, in that order."""
        return History([self.rows[i] for i in places], self.reached[np.asarray(places)])


def read(path: Path, layout: Layout) -> History:
    """Read ``path``: ``.jsonl`` of ``{"features": {...}, "reached": true}``, or ``.csv``; either may be ``.gz``.

    Raises:
        InvalidInputError: a line is no record (all such lines are named), or only one outcome occurs.
    """
    rows: list[Row] = []
    reached: list[float] = []
    found: list[Problem] = []
    with _opened(path) as lines:
        records = _jsonl(lines) if ".jsonl" in path.suffixes else _csv(lines, layout)
        for place, features, outcome in records:
            if outcome is None:
                found.append(Problem(place, "no_outcome", f"has no {layout.target}, or is no record at all"))
                continue
            rows.append({n: v for n, value in features.items() if (v := _known(n, value, layout)) is not None})
            reached.append(1.0 if outcome is True or outcome == layout.positive else 0.0)
    if found:
        raise InvalidInputError(found)
    if len(set(reached)) < 2:
        message = f"of {len(rows)} calls all have the same outcome; there is nothing to learn"
        raise InvalidInputError([Problem("", "one_outcome", message)])
    return History(rows, np.array(reached))


def _opened(path: Path) -> IO[str]:
    opened = gzip.open if path.suffix == ".gz" else open
    # Spreadsheets put a byte order mark first, which would be part of the first column's name.
    return opened(path, "rt", encoding="utf-8-sig", newline="")


def _jsonl(lines: IO[str]) -> Iterator[tuple[str, dict[str, Any], Any]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            yield f"line {number}", dict(record["features"]), record["reached"]
        except (ValueError, KeyError, TypeError):
            yield f"line {number}", {}, None


def _csv(lines: IO[str], layout: Layout) -> Iterator[tuple[str, dict[str, Any], Any]]:
    reader = csv.DictReader(lines, delimiter=layout.delimiter)
    for record in reader:
        outcome = record.pop(layout.target, None)
        yield f"line {reader.line_num}", record, outcome


def _known(name: str, value: Any, layout: Layout) -> Value:
    """Return a cell as a number or a word; None when it is not known or not to be used.

    NaN is how other programs write what is not known; one of them would make every weight NaN.
    """
    if name in layout.drop or value is None or value == "" or str(value) == layout.missing.get(name):
        return None
    if not isinstance(value, str | int | float):
        return None
    try:
        number = float(value)
    except ValueError:
        return value
    return number if math.isfinite(number) else None
