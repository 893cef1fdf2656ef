"""From columns of words and numbers to a matrix, and from its weights back to a model's terms.

A number gets one column, standardised, and on request one per eighth of its values as well; a word gets
one per level that is frequent enough; what is missing gets one of its own. Everything is learned from the
calls the design is made of, and applied as it is to later ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from chalicelib.campaigns.domain.priority import Binned, Levels, Model, Numeric, Term, level_of
from chalicelib.campaigns.training.history import Row

Numbers = NDArray[np.float64]

BINS = 8
FEWEST_DISTINCT = 2 * BINS
"""A number with fewer distinct values gets no bins."""
FEWEST_CALLS = 30
"""A level seen in fewer calls counts as unknown."""
DRIFT_BLOCKS = 20
BEYOND = 3.0
"""How many standard deviations past what was seen a number still adds more; a slip of the pen must not decide."""


@dataclass(frozen=True, slots=True)
class Design:
    """Terms without weights, in the order of the matrix's columns."""

    terms: tuple[Term, ...]

    def matrix(self, rows: Sequence[Row]) -> Numbers:
        """Return calls by columns."""
        parts = [_columns(term, [row.get(term.feature) for row in rows]) for term in self.terms]
        return np.column_stack(parts) if parts else np.zeros((len(rows), 0))

    def model(self, intercept: float, weights: Numbers) -> Model:
        """Return the model whose logit is ``intercept`` + matrix @ ``weights``."""
        terms: list[Term] = []
        place = 0
        for term in self.terms:
            width = _width(term)
            terms.append(_weighted(term, [float(weight) for weight in weights[place : place + width]]))
            place += width
        return Model(intercept, tuple(terms))


def learn(rows: Sequence[Row], *, features: Sequence[str], bins: bool) -> Design:
    """Return the design of ``features`` as these calls show them."""
    terms: list[Term] = []
    for feature in features:
        values = [row.get(feature) for row in rows]
        numbers = np.array([value for value in values if isinstance(value, float)])
        if _is_numeric(values):
            scale = float(numbers.std()) or 1.0
            low, high = float(numbers.min()) - BEYOND * scale, float(numbers.max()) + BEYOND * scale
            terms.append(Numeric(feature, float(numbers.mean()), scale, low, high, weight=0.0))
            if bins and len(np.unique(numbers)) >= FEWEST_DISTINCT:
                edges = np.unique(np.quantile(numbers, np.arange(1, BINS) / BINS))
                terms.append(Binned(feature, tuple(map(float, edges)), (0.0,) * (len(edges) + 1)))
        else:
            count = Counter(level_of(value) for value in values if value is not None)
            frequent = sorted(level for level, calls in count.items() if calls >= FEWEST_CALLS)
            terms.append(Levels(feature, dict.fromkeys(frequent, 0.0)))
    return Design(tuple(terms))


def features_of(rows: Sequence[Row]) -> list[str]:
    """Return the features any call has, sorted."""
    return sorted({feature for row in rows for feature in row})


def drift(rows: Sequence[Row], feature: str) -> float:
    """Return how much of a feature follows the calendar and not the contact, 0 to 1.

    The share of its variance that lies between twenty stretches of time (for words: of their levels'
    variances together). Near 1, like an interest rate of the day, it says when a call was and little of who
    was called: what it taught is about the past.
    """
    values = [row.get(feature) for row in rows]
    if _is_numeric(values):
        known = np.array([value if isinstance(value, float) else np.nan for value in values])
        columns = np.where(np.isnan(known), np.nanmean(known), known)[:, None]
    else:
        levels = sorted({level_of(value) for value in values if value is not None})
        columns = _columns(Levels(feature, dict.fromkeys(levels, 0.0)), values)
    total = columns.var(axis=0).sum()
    blocks = [block for block in np.array_split(columns, DRIFT_BLOCKS) if len(block)]
    between = sum(len(block) * ((block.mean(axis=0) - columns.mean(axis=0)) ** 2).sum() for block in blocks)
    return float(between / len(columns) / total) if total > 0 else 0.0


def _is_numeric(values: Sequence[str | float | None]) -> bool:
    known = [value for value in values if value is not None]
    return bool(known) and sum(isinstance(value, float) for value in known) >= 0.95 * len(known)


def _width(term: Term) -> int:
    match term:
        case Numeric():
            return 2
        case Binned():
            return len(term.weights)
        case Levels():
            return len(term.weights) + 2


def _columns(term: Term, values: Sequence[str | float | None]) -> Numbers:
    """Return the term's columns: calls by `_width`."""
    columns = np.zeros((len(values), _width(term)))
    if isinstance(term, Levels):
        place = {level: i for i, level in enumerate(term.weights)}
        unknown, missing = len(place), len(place) + 1
        at = [missing if value is None else place.get(level_of(value), unknown) for value in values]
        columns[np.arange(len(values)), at] = 1.0
        return columns
    numbers = np.array([value if isinstance(value, float) else np.nan for value in values])
    known = ~np.isnan(numbers)
    if isinstance(term, Binned):
        calls = np.flatnonzero(known)
        columns[calls, np.searchsorted(term.edges, numbers[known], side="right")] = 1.0
    else:
        columns[known, 0] = (np.clip(numbers[known], term.low, term.high) - term.mean) / term.scale
        columns[~known, 1] = 1.0
    return columns


def _weighted(term: Term, weights: list[float]) -> Term:
    match term:
        case Numeric():
            return replace(term, weight=weights[0], missing=weights[1])
        case Binned():
            return replace(term, weights=tuple(weights))
        case Levels():
            *levels, unknown, missing = weights
            return replace(
                term, weights=dict(zip(term.weights, levels, strict=True)), unknown=unknown, missing=missing
            )
