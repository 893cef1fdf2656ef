"""Every expert's signals for one query, over all solved tickets at once.

`chalicelib.tickets.domain.matching.signals` says what each signal is; this is the same by arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from chalicelib.tickets.domain.matching.signals import (
    ACTIVITY_HALF_LIVES,
    CENTROID_HALF_LIVES,
    DENSE_NEIGHBORS,
    FIELD_HALF_LIVES,
    FIELD_PRIOR_TICKETS,
    LEAST_ACTIVITY,
    LEAST_SHARE,
    LEXICAL_NEIGHBORS,
    NEIGHBOR_HALF_LIVES,
    WINDOW_HALF_LIVES,
    names,
)
from rag_engine.corpus import Floats, Query
from rag_engine.history import History, age_weights
from rag_engine.similarity import dense, lexical


class Measure:
    """Signals of one history; what does not depend on the query is worked out once."""

    def __init__(
        self, history: History, fields: Sequence[str], nearness: Callable[[Query], Floats] | None = None
    ) -> None:
        """``fields`` are the fields that signals are made of; ``nearness`` replaces the history's own vectors."""
        self._nearness = nearness
        self.names = names(fields)
        self._history = history
        self._fields = tuple(fields)
        count, experts = len(history), len(history.solvers)
        self._weights = {
            half_life: age_weights(count, half_life)
            for half_life in {*ACTIVITY_HALF_LIVES, *NEIGHBOR_HALF_LIVES, *CENTROID_HALF_LIVES, *FIELD_HALF_LIVES}
        }
        self._weights32 = {half_life: w.astype(np.float32) for half_life, w in self._weights.items()}
        self._share = {
            half_life: self._per_expert(weights) / max(weights.sum(), 1e-300)
            for half_life, weights in self._weights.items()
        }
        last = np.zeros(experts)
        np.maximum.at(last, history.solver, np.arange(count))
        self._activity = [np.log(self._share[half_life] + LEAST_ACTIVITY) for half_life in ACTIVITY_HALF_LIVES]
        self._activity.append(np.log1p(count - last))

    def signals(self, query: Query) -> tuple[Floats, Floats, Floats]:
        """Return (experts, signals), and the tickets' lexical and dense nearness, (n,) each."""
        by_words = lexical(self._history, query)
        by_vector = self._nearness(query) if self._nearness else dense(self._history, query, by_words)
        columns = [
            *self._shares(by_words, LEXICAL_NEIGHBORS),
            *self._shares(by_vector, DENSE_NEIGHBORS),
            self._nearest(by_words),
            self._nearest(by_vector),
            *self._centroids(by_words),
            *self._activity,
            *self._affinities(query),
        ]
        return np.stack(columns, axis=1).astype(np.float32), by_words, by_vector

    def _per_expert(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        history = self._history
        return np.bincount(history.solver, weights, minlength=len(history.solvers)).astype(np.float64)

    def _shares(self, near: Floats, sizes: Sequence[int]) -> Iterator[NDArray[np.float64]]:
        history = self._history
        for half_life in NEIGHBOR_HALF_LIVES:
            first = max(0, len(near) - int(min(WINDOW_HALF_LIVES * half_life, len(near))) - 1)
            aged = near[first:] * self._weights32[half_life][first:]
            most = min(max(sizes), len(aged))
            top = np.argpartition(-aged, most - 1)[:most]
            top = top[np.argsort(-aged[top], kind="stable")]
            for size in sizes:
                chosen = top[:size]
                sums = np.bincount(
                    history.solver[first + chosen], aged[chosen].astype(np.float64), minlength=len(history.solvers)
                )
                yield np.log(sums / (sums.sum() + 1e-9) + LEAST_SHARE)

    def _nearest(self, near: Floats) -> Floats:
        nearest: Floats = np.maximum.reduceat(near[self._history.by_solver], self._history.solver_starts[:-1])
        return nearest

    def _centroids(self, near: Floats) -> Iterator[NDArray[np.float64]]:
        for place, half_life in enumerate(CENTROID_HALF_LIVES):
            sums = self._per_expert(near * self._weights[half_life])
            length = self._history.centroid_length[place]
            yield np.where(length > 0, sums / np.where(length > 0, length, 1.0), 0.0)

    def _affinities(self, query: Query) -> Iterator[NDArray[np.float64]]:
        history = self._history
        for name in self._fields:
            code = history.values.get(name, {}).get(query.fields.get(name, ""), -1)
            alike = history.fields[name] == code if code >= 0 else None
            for half_life in FIELD_HALF_LIVES:
                prior = self._share[half_life] + LEAST_ACTIVITY
                if alike is None:
                    yield np.zeros(len(history.solvers))
                    continue
                sums = self._per_expert(self._weights[half_life] * alike)
                smoothed = (sums + FIELD_PRIOR_TICKETS * prior) / (sums.sum() + FIELD_PRIOR_TICKETS)
                yield np.log(smoothed) - np.log(prior)
