"""Learns which columns help later than they were learned, and says when none does."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.opportunities.domain.winning.levels import Levels, why_no_levels
from chalicelib.opportunities.domain.winning.logistic import Fit, chance_of, straightened
from chalicelib.opportunities.domain.winning.past import Past, Row

LEAST_ROWS = 200
"""Below, nothing is learned."""
MOST_ROWS = 20_000
"""The latest rows that are learned from."""
_MOST_COLUMNS = 6
_RIDGES = (4.0, 16.0, 64.0)
_PRIOR_ROWS = 20.0
_KEPT_AT, _SIGNAL_AT = 1.5, 2.0
"""Standard errors by which a column, and the whole model, must beat the base rate on later rows."""
_PLAIN_AT, _CONFIRMED_AT = 4.0, 1.0
"""What is plain in the blocks before needs no more than this on the latest fifth."""
_MOST_TOLD = 1 / 3
"""A column that alone takes more than this share of the doubt away is not believed to be known at creation."""
TELLS_THE_END = "tells the end nearly by itself, as what is known only after it does"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a model was taken or not; losses are mean log losses of later rows, in nats."""

    rows: int
    model_loss: float | None
    """On the latest fifth, learned on the rows before it; None where nothing was worth a try."""
    base_loss: float | None
    standard_errors: float | None
    """By how many standard errors the model beats the base rate there."""
    why: str
    """In one sentence."""
    left_out: tuple[tuple[str, str], ...] = ()
    """Columns that could not be used or were not believed, each with the reason."""


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
        return self.straight(self.fitted.log_odds(tuple(one.of(row.get(one.column)) for one in self.levels)))

    def straight(self, log_odds: float) -> float:
        """Return the calibrated chance of log-odds as they were fitted."""
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
    alike = len(set(outcomes)) < 2
    # Of outcomes that are all alike the next is not certain.
    base = (sum(outcomes) + 0.5) / (len(outcomes) + 1.0) if alike else sum(outcomes) / len(outcomes)
    if alike or len(rows) < LEAST_ROWS:
        few = f"{len(rows)} closed opportunities are too few to learn from; it takes {LEAST_ROWS}"
        why = few if len(rows) < LEAST_ROWS else f"all {len(rows)} closed opportunities ended alike"
        return WinModel(base, Evidence(len(rows), None, None, None, why))
    past = Past(rows, outcomes, columns)
    chosen, left_out = _helpful(past)
    if not chosen:
        why = "no column told later opportunities apart better than the base rate did"
        return WinModel(base, Evidence(len(rows), None, None, None, why, left_out))
    last = past.blocks - 1
    ridge = min(_RIDGES, key=lambda each: _loss(past.foretold(last - 1, chosen, each), past.ended(last - 1)))
    earlier = _finished(past, last, chosen, ridge)
    happened, past_rate = past.ended(last), past.rate(last)
    said = [earlier.straight(x) for x in past.foretold(last, chosen, ridge)]
    gains = _gains([past_rate] * len(happened), said, happened)
    base_loss = sum(_log_loss(past_rate, won) for won in happened) / len(happened)
    errors = _standard_errors(gains)
    model_loss = base_loss - sum(gains) / len(gains)
    plain = _errors_before(past, last, chosen, ridge) >= _PLAIN_AT
    if errors < (_CONFIRMED_AT if plain else _SIGNAL_AT):
        why = "on the latest fifth of the history the model was not better than the base rate by more than luck"
        return WinModel(base, Evidence(len(rows), model_loss, base_loss, errors, why, left_out))
    why = "on the latest fifth of the history, unseen, the model was better than the base rate by more than luck"
    evidence = Evidence(len(rows), model_loss, base_loss, errors, why, left_out)
    return replace(_finished(past, past.blocks, chosen, ridge), base_rate=base, evidence=evidence)


def _helpful(past: Past) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Return the columns that alone foretell the next block better than the base rate, the best first.

    Beside them those that are left out, each with the reason.
    """
    found, left_out = [], []
    for column in past.columns:
        gains: list[float] = []
        doubt = 0.0
        for block in range(1, past.blocks - 1):
            if (levels := past.levels(block, column)) is not None:
                gains += _gains_alone(past, block, levels)
                base = past.rate(block)
                doubt += sum(_log_loss(base, won) for won in past.ended(block))
        if gains and sum(gains) > _MOST_TOLD * doubt:
            left_out.append((column, TELLS_THE_END))
        elif gains and (errors := _standard_errors(gains)) > _KEPT_AT:
            found.append((errors, column))
        elif past.levels(past.blocks, column) is None:
            left_out.append((column, why_no_levels(past.before(past.blocks, column))))
    best = sorted(found, reverse=True)[:_MOST_COLUMNS]
    return tuple(column for _, column in best), tuple(left_out)


def _gains_alone(past: Past, block: int, levels: Levels) -> list[float]:
    """Return what a level's own rate, drawn to the base rate, gains over the base rate on each row of a block."""
    base = past.rate(block)
    counts, wins = Counter[int](), Counter[int]()
    for level, won in zip(levels.of_all(past.before(block, levels.column)), past.ended_before(block), strict=True):
        counts[level] += 1
        wins[level] += won
    rates = {level: (wins[level] + _PRIOR_ROWS * base) / (counts[level] + _PRIOR_ROWS) for level in counts}
    said = [rates.get(level, base) for level in levels.of_all(past.within(block, levels.column))]
    return _gains([base] * len(said), said, past.ended(block))


def _errors_before(past: Past, last: int, columns: tuple[str, ...], ridge: float) -> float:
    """Return by how many standard errors models of earlier rows beat the base rate in blocks before ``last``."""
    gains: list[float] = []
    for block in range(1, last):
        ended = past.ended(block)
        said = [chance_of(x) for x in past.foretold(block, columns, ridge)]
        gains += _gains([past.rate(block)] * len(ended), said, ended)
    return _standard_errors(gains)


def _finished(past: Past, blocks: int, columns: tuple[str, ...], ridge: float) -> WinModel:
    """Return the model of the first blocks, calibrated by what models of fewer blocks said of later ones."""
    said = [x for block in range(1, blocks) for x in past.foretold(block, columns, ridge)]
    shift, slope = straightened(said, [won for block in range(1, blocks) for won in past.ended(block)])
    fitted, levels = past.fitted(blocks, columns, ridge)
    nothing = Evidence(len(said), None, None, None, "")
    return WinModel(past.rate(blocks), nothing, levels, fitted, shift, slope)


def _loss(log_odds: Sequence[float], happened: Sequence[bool]) -> float:
    return sum(_log_loss(chance_of(x), won) for x, won in zip(log_odds, happened, strict=True)) / len(happened)


def _gains(base: Sequence[float], said: Sequence[float], happened: Sequence[bool]) -> list[float]:
    """Return how much lower the log loss of each chance is than the base rate's."""
    return [
        _log_loss(one, won) - _log_loss(other, won) for one, other, won in zip(base, said, happened, strict=True)
    ]


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
