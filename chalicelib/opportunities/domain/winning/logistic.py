"""Ridge logistic regression on levels, by Newton steps one coefficient at a time.

The levels are few and repeat, so equal rows are counted once, and each column takes one pass; no matrix is made,
and none of it needs numpy.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_MOST_SWEEPS = 15
_SMALL_STEP = 1e-3
_LONGEST_STEP = 1.5

Encoded = Sequence[tuple[int, ...]]
"""Rows as levels, one for each column."""


@dataclass(frozen=True, slots=True)
class Fit:
    """The coefficients: an intercept, and one for each level of each column."""

    intercept: float
    weights: tuple[tuple[float, ...], ...]

    def log_odds(self, row: tuple[int, ...]) -> float:
        """Return the log-odds of one row; a level never seen adds nothing."""
        return self.intercept + sum(
            of_column[level] for of_column, level in zip(self.weights, row, strict=True) if level >= 0
        )


def fit(rows: Encoded, outcomes: Sequence[bool], sizes: Sequence[int], ridge: float) -> Fit:
    """Fit wins to levels.

    Args:
        rows: as levels.
        outcomes: whether each was won.
        sizes: how many levels each column has.
        ridge: the pull of each coefficient to zero, in rows: as if so many quarters of a row spoke against it.
    """
    counts = Counter(rows)
    wins = Counter(row for row, won in zip(rows, outcomes, strict=True) if won)
    keys = list(counts)
    weight = list(counts.values())
    # One pass a column: its levels share no row, so all of them step at once; the last place takes unseen levels.
    columns = [[key[place] for key in keys] for place in range(len(sizes))]
    won_at = [[0.0] * (size + 1) for size in sizes]
    for key, count in wins.items():
        for of_column, level in zip(won_at, key, strict=True):
            of_column[level] += count
    all_won = float(sum(wins.values()))
    intercept = log_odds_of((all_won + 0.5) / (len(rows) + 1.0))
    weights = [[0.0] * (size + 1) for size in sizes]
    odds = [intercept] * len(keys)
    for _ in range(_MOST_SWEEPS):
        step = _steps(odds, weight, [0] * len(keys), [all_won, 0.0], [0.0, 0.0], 0.0)[0]
        intercept += step
        odds = [x + step for x in odds]
        largest = abs(step)
        for of_column, levels, won in zip(weights, columns, won_at, strict=True):
            steps = _steps(odds, weight, levels, won, of_column, ridge)
            odds = [x + steps[level] for x, level in zip(odds, levels, strict=True)]
            for level, step in enumerate(steps):
                of_column[level] += step
            largest = max(largest, max(steps), -min(steps))
        if largest < _SMALL_STEP:
            break
    return Fit(intercept, tuple(tuple(of_column[:-1]) for of_column in weights))


def _steps(
    odds: list[float], counts: list[int], levels: list[int], wins: list[float], weights: list[float], ridge: float
) -> list[float]:
    """Return one Newton step for each level of a column; none for the last place."""
    slopes = [won - ridge * weight for won, weight in zip(wins, weights, strict=True)]
    curves = [ridge] * len(wins)
    exp = math.exp
    for x, count, level in zip(odds, counts, levels, strict=True):
        chance = 1.0 / (1.0 + exp(-x))
        expected = count * chance
        slopes[level] -= expected
        curves[level] += expected - expected * chance
    steps = [
        max(-_LONGEST_STEP, min(_LONGEST_STEP, slope / curve)) if curve > 0.0 else 0.0
        for slope, curve in zip(slopes, curves, strict=True)
    ]
    steps[-1] = 0.0
    return steps


def chance_of(log_odds: float) -> float:
    """Return a chance from 0 to 1."""
    if log_odds >= 0:
        return 1.0 / (1.0 + math.exp(-log_odds))
    grown = math.exp(log_odds)
    return grown / (1.0 + grown)


def log_odds_of(chance: float) -> float:
    """Return the log-odds of a chance between 0 and 1."""
    return math.log(chance / (1.0 - chance))


def straightened(log_odds: Sequence[float], outcomes: Sequence[bool]) -> tuple[float, float]:
    """Return (shift, slope) that turn log-odds into calibrated ones (Platt 1999), by Newton's method.

    The slope never exceeds 1: what was foretold came from models of fewer rows, drawn to the base rate more
    than the model of all rows is; a steeper slope would make that one too sure of itself.
    """
    shift, slope = _platt(log_odds, outcomes, 0.0, 1.0, bends=True)
    return (shift, slope) if slope <= 1.0 else _platt(log_odds, outcomes, 0.0, 1.0, bends=False)


def _platt(
    log_odds: Sequence[float], outcomes: Sequence[bool], shift: float, slope: float, *, bends: bool
) -> tuple[float, float]:
    for _ in range(_MOST_SWEEPS):
        g0 = g1 = h00 = h01 = h11 = 0.0
        for x, won in zip(log_odds, outcomes, strict=True):
            chance = chance_of(shift + slope * x)
            rest, curve = won - chance, chance * (1.0 - chance)
            g0, g1 = g0 + rest, g1 + rest * x
            h00, h01, h11 = h00 + curve, h01 + curve * x, h11 + curve * x * x
        if not bends:
            g1, h01, h11 = 0.0, 0.0, 1.0
        else:
            g1, h11 = g1 + (1.0 - slope), h11 + 1.0  # a pull to 1, so that few rows cannot bend it far
        det = h00 * h11 - h01 * h01
        if det <= 1e-12:
            break
        by0, by1 = (h11 * g0 - h01 * g1) / det, (h00 * g1 - h01 * g0) / det
        shift, slope = shift + by0, slope + by1
        if max(abs(by0), abs(by1)) < _SMALL_STEP:
            break
    return shift, slope
