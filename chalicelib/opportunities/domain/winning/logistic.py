"""Ridge logistic regression on levels, by Newton steps one coefficient at a time.

The levels are few and repeat, so equal rows are counted once; no matrix is made, and none of it needs numpy.
"""

from __future__ import annotations

import math
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
    counted: dict[tuple[int, ...], list[int]] = {}
    for row, won in zip(rows, outcomes, strict=True):
        entry = counted.setdefault(row, [0, 0])
        entry[0] += 1
        entry[1] += won
    keys = list(counted)
    counts, wins = [counted[key][0] for key in keys], [counted[key][1] for key in keys]
    intercept = log_odds_of((sum(wins) + 0.5) / (sum(counts) + 1.0))
    odds = [intercept] * len(keys)
    everyone = range(len(keys))
    members: list[list[list[int]]] = [[[] for _ in range(size)] for size in sizes]
    for place, key in enumerate(keys):
        for column, level in enumerate(key):
            if level >= 0:
                members[column][level].append(place)
    weights = [[0.0] * size for size in sizes]
    for _ in range(_MOST_SWEEPS):
        step = _step(everyone, odds, counts, wins, 0.0, 0.0)
        intercept += step
        largest = abs(step)
        for of_column, in_column in zip(weights, members, strict=True):
            for level, places in enumerate(in_column):
                step = _step(places, odds, counts, wins, of_column[level], ridge)
                of_column[level] += step
                largest = max(largest, abs(step))
        if largest < _SMALL_STEP:
            break
    return Fit(intercept, tuple(map(tuple, weights)))


def _step(
    places: Sequence[int], odds: list[float], counts: list[int], wins: list[int], weight: float, ridge: float
) -> float:
    """Take one Newton step of a coefficient, put it into the log-odds of its rows, and return it."""
    slope, curve = -ridge * weight, ridge
    for place in places:
        chance = chance_of(odds[place])
        slope += wins[place] - counts[place] * chance
        curve += counts[place] * chance * (1.0 - chance)
    if curve <= 0.0:
        return 0.0
    step = max(-_LONGEST_STEP, min(_LONGEST_STEP, slope / curve))
    for place in places:
        odds[place] += step
    return step


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
