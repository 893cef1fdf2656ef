"""Closed opportunities in time order, cut into blocks: each is foretold from those before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.opportunities.domain.winning.levels import Levels, levels_of
from chalicelib.opportunities.domain.winning.logistic import Fit, fit

Row = Mapping[str, Any]
_BLOCKS = 5


class Past:
    """A history. What is fitted to its first blocks is asked for several times, and fitted once."""

    blocks = _BLOCKS

    def __init__(self, rows: Sequence[Row], outcomes: Sequence[bool], columns: Sequence[str]) -> None:
        """``rows`` are oldest first; of their columns only ``columns`` are read."""
        self.columns = tuple(columns)
        self._values = {column: [row.get(column) for row in rows] for column in columns}
        self._outcomes = list(outcomes)
        self._marks = [len(rows) * block // _BLOCKS for block in range(_BLOCKS + 1)]
        self._levels: dict[tuple[int, str], Levels | None] = {}
        self._fits: dict[tuple[int, tuple[str, ...], float], tuple[Fit, tuple[Levels, ...]]] = {}
        self._foretold: dict[tuple[int, tuple[str, ...], float], list[float]] = {}

    def before(self, block: int, column: str) -> list[Any]:
        """Return a column's values in all blocks before one."""
        return self._values[column][: self._marks[block]]

    def within(self, block: int, column: str) -> list[Any]:
        """Return a column's values in a block."""
        return self._values[column][self._marks[block] : self._marks[block + 1]]

    def ended_before(self, block: int) -> list[bool]:
        """Return whether each opportunity before a block was won."""
        return self._outcomes[: self._marks[block]]

    def ended(self, block: int) -> list[bool]:
        """Return whether each opportunity of a block was won."""
        return self._outcomes[self._marks[block] : self._marks[block + 1]]

    def rate(self, block: int) -> float:
        """Return the share that was won before a block, drawn a little to one half: never 0 or 1."""
        ended = self.ended_before(block)
        return (sum(ended) + 0.5) / (len(ended) + 1.0)

    def levels(self, block: int, column: str) -> Levels | None:
        """Return the levels of a column as they are known before a block."""
        key = (block, column)
        if key not in self._levels:
            self._levels[key] = levels_of(column, self.before(block, column))
        return self._levels[key]

    def fitted(self, block: int, columns: tuple[str, ...], ridge: float) -> tuple[Fit, tuple[Levels, ...]]:
        """Return the model of all blocks before one."""
        key = (block, columns, ridge)
        if key not in self._fits:
            levels = tuple(one for column in columns if (one := self.levels(block, column)) is not None)
            rows = _side_by_side(
                [one.of_all(self.before(block, one.column)) for one in levels], self._marks[block]
            )
            sizes = [len(one.places) for one in levels]
            self._fits[key] = fit(rows, self.ended_before(block), sizes, ridge), levels
        return self._fits[key]

    def foretold(self, block: int, columns: tuple[str, ...], ridge: float) -> list[float]:
        """Return the log-odds that the model of all blocks before one gives to each of its opportunities."""
        key = (block, columns, ridge)
        if key not in self._foretold:
            model, levels = self.fitted(block, columns, ridge)
            rows = _side_by_side(
                [one.of_all(self.within(block, one.column)) for one in levels], len(self.ended(block))
            )
            self._foretold[key] = [model.log_odds(row) for row in rows]
        return self._foretold[key]


def _side_by_side(columns: Sequence[list[int]], count: int) -> list[tuple[int, ...]]:
    """Return columns as rows; without a column there are as many empty ones."""
    return list(zip(*columns, strict=True)) if columns else [()] * count
