"""Learns which columns help later than they were learned, and says when none does."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.opportunities.domain.winning.levels import Levels, levels_of
from chalicelib.opportunities.domain.winning.logistic import Fit, chance_of, fit, straightened

LEAST_ROWS = 200
"""Below, nothing is learned."""
MOST_ROWS = 20_000
"""The latest rows that are learned from."""
_BLOCKS = 5
_MOST_COLUMNS = 6
_RIDGES = (4.0, 16.0, 64.0)
_PRIOR_ROWS = 20.0
_KEPT_AT, _SIGNAL_AT = 1.5, 2.0
"""Standard errors by which a column, and the whole model, must beat the base rate on later rows."""
_PLAIN_AT, _CONFIRMED_AT = 4.0, 1.0
"""What is plain in the blocks before needs no more than this on the latest fifth."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a model was taken or not; losses are mean log losses of later rows, in nats."""

    rows: int
    columns_tried: tuple[str, ...]
    model_loss: float | None
    """On the latest fifth, learned on the rows before it; None where nothing was worth a try."""
    base_loss: float | None
    standard_errors: float | None
    """By how many standard errors the model beats the base rate there."""
    why: str
    """In one sentence."""


@dataclass(frozen=True, slots=True)
class WinModel:
    """Says how likely an opportunity is won."""

    base_rate: float
    evidence: Evidence
    levels: tuple[Levels, ...] = ()
    fitted: Fit | None = None
    shift: float = 0.0
    slope: float = 1.0

    @property
    def has_signal(self) -> bool:
        """Whether it knows more than the base rate."""
        return self.fitted is not None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it uses."""
        return tuple(one.column for one in self.levels)

    def chance(self, row: Row) -> float:
        """Return the chance of winning, from 0 to 1; without a signal the base rate."""
        if self.fitted is None:
            return self.base_rate
        log_odds = self.fitted.log_odds(_encoded(row, self.levels))
        return chance_of(self.shift + self.slope * log_odds)

    def reasons(self, row: Row) -> list[tuple[str, float]]:
        """Return (column, log-odds it adds) of one opportunity, the strongest first."""
        if self.fitted is None:
            return []
        parts = zip(self.levels, self.fitted.weights, strict=True)
        adds = [
            (one.column, weights[level]) for one, weights in parts if (level := one.of(row.get(one.column))) >= 0
        ]
        return sorted(adds, key=lambda part: -abs(part[1]))


def learn(rows: Sequence[Row], outcomes: Sequence[bool], columns: Sequence[str]) -> WinModel:
    """Learn from closed opportunities.

    Args:
        rows: oldest first.
        outcomes: whether each was won.
        columns: those that are known when an opportunity is created; no other is looked at.

    Returns:
        A model; without rows its base rate is 0.5 and it says so.
    """
    rows, outcomes = rows[-MOST_ROWS:], outcomes[-MOST_ROWS:]
    base = _base(outcomes)
    if len(rows) < LEAST_ROWS or len(set(outcomes)) < 2:
        why = f"{len(rows)} closed opportunities are too few to learn from; it takes {LEAST_ROWS}"
        return WinModel(base, Evidence(len(rows), tuple(columns), None, None, None, why))
    base = sum(outcomes) / len(outcomes)
    mark = len(rows) * (_BLOCKS - 1) // _BLOCKS
    earlier = _Past(rows[:mark], outcomes[:mark], _BLOCKS - 1)
    chosen = _helpful(earlier, columns)
    if not chosen:
        why = "no column told later opportunities apart better than the base rate did"
        return WinModel(base, Evidence(len(rows), tuple(columns), None, None, None, why))
    ridge = min(_RIDGES, key=lambda each: _loss(*_ahead(earlier, chosen, each, last_only=True)))
    known = _finished(earlier, chosen, ridge)
    later, happened = rows[mark:], outcomes[mark:]
    past_rate = sum(outcomes[:mark]) / mark
    gains = [
        _log_loss(past_rate, won) - _log_loss(known.chance(r), won) for r, won in zip(later, happened, strict=True)
    ]
    base_loss = sum(_log_loss(past_rate, won) for won in happened) / len(happened)
    errors = _standard_errors(gains)
    model_loss = base_loss - sum(gains) / len(gains)
    plain = _ahead_errors(earlier, chosen, ridge) >= _PLAIN_AT
    if errors < (_CONFIRMED_AT if plain else _SIGNAL_AT):
        why = "on the latest fifth of the history the model was not better than the base rate by more than luck"
        return WinModel(base, Evidence(len(rows), tuple(columns), model_loss, base_loss, errors, why))
    why = "on the latest fifth of the history, unseen, the model was better than the base rate by more than luck"
    whole = _finished(_Past(rows, outcomes, _BLOCKS), chosen, ridge)
    evidence = Evidence(len(rows), tuple(columns), model_loss, base_loss, errors, why)
    return WinModel(base, evidence, whole.levels, whole.fitted, whole.shift, whole.slope)


@dataclass(frozen=True, slots=True)
class _Past:
    """Rows in time order, cut into blocks: each is foretold from those before it."""

    rows: Sequence[Row]
    outcomes: Sequence[bool]
    blocks: int

    def steps(self) -> Iterator[tuple[slice, slice]]:
        """Yield (what is known, what comes next)."""
        for block in range(1, self.blocks):
            mark = len(self.rows) * block // self.blocks
            yield slice(0, mark), slice(mark, len(self.rows) * (block + 1) // self.blocks)


def _helpful(past: _Past, columns: Sequence[str]) -> list[str]:
    """Return the columns that alone foretell the next block better than the base rate, the best first."""
    found = []
    for column in columns:
        gains: list[float] = []
        for known, ahead in past.steps():
            levels = levels_of(column, past.rows[known])
            if levels is not None:
                gains += _gains_alone(levels, past, known, ahead)
        if gains and (errors := _standard_errors(gains)) > _KEPT_AT:
            found.append((errors, column))
    return [column for _, column in sorted(found, reverse=True)[:_MOST_COLUMNS]]


def _gains_alone(levels: Levels, past: _Past, known: slice, ahead: slice) -> list[float]:
    """Return what a level's own rate, drawn to the base rate, gains over the base rate on each later row."""
    counts: dict[int, list[int]] = {}
    for row, won in zip(past.rows[known], past.outcomes[known], strict=True):
        entry = counts.setdefault(levels.of(row.get(levels.column)), [0, 0])
        entry[0] += 1
        entry[1] += won
    base = _base(past.outcomes[known])
    gains = []
    for row, won in zip(past.rows[ahead], past.outcomes[ahead], strict=True):
        count, wins = counts.get(levels.of(row.get(levels.column)), (0, 0))
        rate = (wins + _PRIOR_ROWS * base) / (count + _PRIOR_ROWS)
        gains.append(_log_loss(base, won) - _log_loss(rate, won))
    return gains


def _ahead_errors(past: _Past, columns: Sequence[str], ridge: float) -> float:
    """Return by how many standard errors models of earlier rows beat the base rate of those rows on later ones."""
    log_odds, happened = _ahead(past, columns, ridge)
    bases = [_base(past.outcomes[known]) for known, ahead in past.steps() for _ in past.rows[ahead]]
    gains = [
        _log_loss(base, won) - _log_loss(chance_of(x), won)
        for base, x, won in zip(bases, log_odds, happened, strict=True)
    ]
    return _standard_errors(gains)


def _base(outcomes: Sequence[bool]) -> float:
    return (sum(outcomes) + 0.5) / (len(outcomes) + 1.0)


def _ahead(
    past: _Past, columns: Sequence[str], ridge: float, *, last_only: bool = False
) -> tuple[list[float], list[bool]]:
    """Return the log-odds a model gives to rows later than those it knows, with how they ended."""
    log_odds: list[float] = []
    happened: list[bool] = []
    for known, ahead in list(past.steps())[-1:] if last_only else past.steps():
        fitted, levels = _fitted(past.rows[known], past.outcomes[known], columns, ridge)
        log_odds += [fitted.log_odds(_encoded(row, levels)) for row in past.rows[ahead]]
        happened += past.outcomes[ahead]
    return log_odds, happened


def _finished(past: _Past, columns: Sequence[str], ridge: float) -> WinModel:
    """Return the model of all rows, calibrated by what models of earlier rows said of later ones."""
    shift, slope = straightened(*_ahead(past, columns, ridge))
    fitted, levels = _fitted(past.rows, past.outcomes, columns, ridge)
    nothing = Evidence(len(past.rows), tuple(columns), None, None, None, "")
    return WinModel(sum(past.outcomes) / len(past.outcomes), nothing, levels, fitted, shift, slope)


def _fitted(
    rows: Sequence[Row], outcomes: Sequence[bool], columns: Sequence[str], ridge: float
) -> tuple[Fit, tuple[Levels, ...]]:
    levels = tuple(found for column in columns if (found := levels_of(column, rows)) is not None)
    encoded = [_encoded(row, levels) for row in rows]
    return fit(encoded, outcomes, [len(one.places) for one in levels], ridge), levels


def _encoded(row: Row, levels: Sequence[Levels]) -> tuple[int, ...]:
    return tuple(one.of(row.get(one.column)) for one in levels)


def _loss(log_odds: Sequence[float], happened: Sequence[bool]) -> float:
    return sum(_log_loss(chance_of(x), won) for x, won in zip(log_odds, happened, strict=True)) / len(happened)


def _log_loss(chance: float, won: bool) -> float:
    chance = min(max(chance, 1e-6), 1.0 - 1e-6)
    return -math.log(chance if won else 1.0 - chance)


def _standard_errors(gains: Sequence[float]) -> float:
    """Return how many standard errors the mean lies above zero."""
    mean = sum(gains) / len(gains)
    variance = sum((gain - mean) ** 2 for gain in gains) / max(1, len(gains) - 1)
    if variance <= 0.0:
        return 0.0
    return mean / math.sqrt(variance / len(gains))
