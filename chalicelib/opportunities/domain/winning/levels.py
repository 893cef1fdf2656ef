"""Columns of any kind as levels."""

from __future__ import annotations

import bisect
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.opportunities.domain.history import as_date, as_number

LEAST_ROWS_OF_A_LEVEL = 15
_PARTS = 8
_MOST_LEVELS_SHARE = 0.2
"""A text with more different values than this share of the rows is a name, not a kind."""
_MISSING, _OTHER = "(missing)", "(other)"


@dataclass(frozen=True, slots=True)
class Levels:
    """How one column's values become numbers from 0; -1 is a value that was never seen."""

    column: str
    kind: str
    """``text``, ``number`` or ``date``."""
    edges: tuple[float, ...]
    places: Mapping[str, int]

    def of(self, value: Any) -> int:
        """Return the level of a value."""
        name = self._name(value)
        return self.places.get(name, self.places.get(_OTHER, -1))

    def of_all(self, values: Sequence[Any]) -> list[int]:
        """Return the level of each of many values."""
        found = {value: self.of(value) for value in set(values)}
        return [found[value] for value in values]

    def _name(self, value: Any) -> str:
        if value is None or value == "":
            return _MISSING
        if self.kind == "number":
            number = as_number(value)
            return _MISSING if number is None else f"{bisect.bisect_right(self.edges, number)}"
        if self.kind == "date":
            day = as_date(value)
            return _MISSING if day is None else f"{day.month}"
        return str(value)


def levels_of(column: str, values: Sequence[Any]) -> Levels | None:
    """Return the levels of a column, None where it cannot tell opportunities apart.

    Values repeat, so each different one is read once.
    """
    occurrences = Counter(values)
    given = [value for value in occurrences if value is not None and value != ""]
    if not given:
        return None
    kind, edges = "text", tuple[float, ...]()
    numbers = {value: number for value in given if (number := as_number(value)) is not None}
    if len(numbers) == len(given) and len(set(numbers.values())) > _PARTS:
        every = [number for value, number in numbers.items() for _ in range(occurrences[value])]
        kind, edges = "number", tuple(sorted(set(statistics.quantiles(every, n=_PARTS))))
    elif len(numbers) < len(given) and all(_is_date(value) for value in given):
        kind = "date"
    elif len(set(map(str, given))) > max(_PARTS, len(values) * _MOST_LEVELS_SHARE):
        return None
    unplaced = Levels(column, kind, edges, {})
    counts = Counter[str]()
    for value, count in occurrences.items():
        counts[unplaced._name(value)] += count
    kept = sorted(name for name, count in counts.items() if count >= LEAST_ROWS_OF_A_LEVEL)
    if len(kept) < len(counts):
        kept.append(_OTHER)
    if len(kept) < 2:
        return None
    return Levels(column, kind, edges, {name: place for place, name in enumerate(kept)})


def why_no_levels(values: Sequence[Any]) -> str:
    """Say why a column has no levels."""
    given = {str(value) for value in values if value is not None and value != ""}
    if not given:
        return "is empty everywhere"
    if len(given) == 1:
        return "is the same everywhere"
    return f"has {len(given)} different texts in {len(values)} rows: names, not kinds"


def _is_date(value: Any) -> bool:
    text = str(value)
    return len(text) >= 10 and text[4] == "-" and as_date(text) is not None
