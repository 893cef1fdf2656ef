"""From signals to probabilities: who of the candidates will solve the ticket.

A conditional logit (McFadden 1974): an expert's score is the weighted sum of their signals, each made comparable
by mean and spread, and the probability is the score's share, exp(score) of all candidates' exp(score).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.tickets.domain.matching.signals import names


@dataclass(frozen=True, slots=True)
class Weights:
    """A ranking's weights; one number of each a signal."""

    fields: tuple[str, ...]
    """The fields that have signals."""
    mean: tuple[float, ...]
    spread: tuple[float, ...]
    weight: tuple[float, ...]
    is_prior: bool = False
    """Whether they are a documented guess, not learnt."""


_GUESS = {"lexical_60_1000": 0.5, "dense_60_1000": 0.2, "activity_200": 0.4, "centroid_1500": 2.0}
"""Before there is a history to learn from: similar and recent tickets count, and who is active."""


def prior_weights(fields: Sequence[str] = ()) -> Weights:
    """Return the weights used before any could be learnt; a field weighs nothing before it has shown its worth."""
    signals = names(fields)
    weight = tuple(_GUESS.get(name, 0.0) for name in signals)
    return Weights(tuple(fields), (0.0,) * len(signals), (1.0,) * len(signals), weight, is_prior=True)


def score(signals: Sequence[float], weights: Weights) -> float:
    """Return an expert's score."""
    return sum(
        (signal - mean) / spread * weight
        for signal, mean, spread, weight in zip(signals, weights.mean, weights.spread, weights.weight, strict=True)
    )


def shares(scores: Mapping[str, float]) -> dict[str, float]:
    """Return each candidate's probability; they add up to 1.

    >>> shares({"ann": 1.0, "bob": 1.0})
    {'ann': 0.5, 'bob': 0.5}
    """
    if not scores:
        return {}
    highest = max(scores.values())
    powers = {expert: math.exp(value - highest) for expert, value in scores.items()}
    total = sum(powers.values())
    return {expert: power / total for expert, power in powers.items()}
