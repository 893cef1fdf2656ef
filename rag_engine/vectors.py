"""Vectors of tickets in the order of time, left where they lie: tickets join and leave, and none is copied."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
Places = NDArray[np.int64]
_WRITTEN_AT_ONCE = 4_096


class Vectors:
    """n vectors of d numbers."""

    def __init__(self, *parts: Matrix, row: Places | None = None) -> None:
        """Take vectors of ``parts``, (m, d) each, which may be memory maps.

        Args:
            parts: at least one.
            row: (n,), the rows meant of all parts one after the other; None: all of them.
        """
        self._parts = parts
        self._row = row

    def __len__(self) -> int:
        return sum(map(len, self._parts)) if self._row is None else len(self._row)

    @property
    def dimension(self) -> int:
        """The numbers of one vector."""
        return int(self._parts[0].shape[1])

    def take(self, places: Places) -> Matrix:
        """Return the vectors at ``places``, (places, d)."""
        rows = places if self._row is None else self._row[places]
        if len(self._parts) == 1:
            return self._parts[0][rows]
        taken = np.empty((len(rows), self.dimension), np.float32)
        first = 0
        for part in self._parts:
            here = (rows >= first) & (rows < first + len(part))
            taken[here] = part[rows[here] - first]
            first += len(part)
        return taken

    def since(self, first: int) -> Matrix:
        """Return the vectors from place ``first`` on."""
        if self._row is None and len(self._parts) == 1:
            return self._parts[0][first:]
        return self.take(np.arange(first, len(self), dtype=np.int64))

    def before(self, cut: int) -> Vectors:
        """Return the first ``cut`` vectors."""
        if self._row is None and len(self._parts) == 1:
            return Vectors(self._parts[0][:cut])
        return Vectors(*self._parts, row=self._rows()[:cut])

    def at(self, places: Places) -> Vectors:
        """Return the vectors at ``places``, in that order."""
        return Vectors(*self._parts, row=self._rows()[places])

    def with_inserted(self, places: Places, other: Vectors) -> Vectors:
        """Return these vectors and, before each of ``places``, one of the other's; see `numpy.insert`."""
        rows = np.insert(self._rows(), places, sum(map(len, self._parts)) + other._rows())
        return Vectors(*self._parts, *other._parts, row=rows)

    def pieces(self) -> Iterator[Matrix]:
        """Yield all vectors, some at a time."""
        for first in range(0, len(self), _WRITTEN_AT_ONCE):
            yield self.take(np.arange(first, min(first + _WRITTEN_AT_ONCE, len(self)), dtype=np.int64))

    def _rows(self) -> Places:
        return np.arange(len(self), dtype=np.int64) if self._row is None else self._row
