"""Learns a ranking's weights: maximum likelihood of a conditional logit, by L-BFGS.

Examples are questions asked of the past: the signals were measured before the ticket was solved, and the answer is
who solved it. Nothing else is learnt from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chalicelib.tickets.domain.matching.ranking import Weights
from chalicelib.tickets.domain.matching.signals import FIELD_HALF_LIVES
from rag_engine.corpus import Floats

Vector = NDArray[np.float64]
_PENALTY = 0.1
"""On the squared weights, a question: chosen on the first five steps of the two public histories."""
_LEAST_QUESTIONS = 50
"""Fewer teach nothing that could be told from chance."""


@dataclass(frozen=True, slots=True)
class Questions:
    """Questions asked at one moment of the past: q of them, c candidates each, s signals."""

    signals: Floats
    """(q, c, s)."""
    answer: NDArray[np.int64]
    """(q,): the candidate who solved it; -1: none of them did."""
    at: NDArray[np.int64]
    """(q,): the tickets' places in time."""

    def until(self, place: int) -> Questions:
        """Return those whose ticket comes before ``place``."""
        early = self.at < place
        return Questions(self.signals[early], self.answer[early], self.at[early])


def learn(asked: Sequence[Questions], fields: Sequence[str], used: Sequence[str]) -> Weights | None:
    """Return the weights under which the answers are most probable, or None for too few questions.

    Args:
        asked: questions of the past.
        fields: those that have signals.
        used: those of them that may weigh; the others' weights are 0.
    """
    answered = [(one.signals[one.answer >= 0], one.answer[one.answer >= 0]) for one in asked]
    answered = [(signals, answer) for signals, answer in answered if len(answer)]
    total = sum(len(answer) for _, answer in answered)
    if total < _LEAST_QUESTIONS:
        return None
    mean = np.mean([signals.mean((0, 1)) for signals, _ in answered], 0)
    spread = np.sqrt(np.mean([signals.var((0, 1)) for signals, _ in answered], 0)) + 1e-6
    scaled = [((signals - mean) / spread).astype(np.float32) for signals, _ in answered]

    of_fields = np.repeat([name in used for name in fields], len(FIELD_HALF_LIVES))
    weighs = np.concatenate([np.ones(len(mean) - len(of_fields)), of_fields])

    def loss(weight: Vector) -> tuple[float, Vector]:
        value, slope = 0.0, np.zeros_like(weight)
        for signals, (_, answer) in zip(scaled, answered, strict=True):
            scores = signals @ weight.astype(np.float32)
            powers = np.exp(scores - scores.max(1, keepdims=True))
            chance = powers / powers.sum(1, keepdims=True)
            rows = np.arange(len(answer))
            value -= float(np.log(chance[rows, answer] + 1e-12).sum())
            chance[rows, answer] -= 1.0
            slope += np.tensordot(chance, signals, ([0, 1], [0, 1]))
        slope = weighs * (slope / total + _PENALTY * weight)
        return value / total + _PENALTY * float(weight @ weight) / 2, slope

    weight = _minimum(loss, np.zeros(len(mean)))
    return Weights(
        fields=tuple(fields),
        mean=tuple(float(x) for x in mean),
        spread=tuple(float(x) for x in spread),
        weight=tuple(float(x) for x in weight),
    )


def scores(signals: Floats, weights: Weights) -> Floats:
    """Return the scores of experts, by the rule of `ranking.score`; the last axis is the signals'."""
    factor = np.array(weights.weight) / np.array(weights.spread)
    scored: Floats = signals @ factor.astype(np.float32) - np.float32(factor @ np.array(weights.mean))
    return scored


def _minimum(
    loss: Callable[[Vector], tuple[float, Vector]], start: Vector, steps: int = 60, kept: int = 8
) -> Vector:
    """Return where a smooth convex ``loss`` is least (Nocedal and Wright, Numerical Optimization, 7.5)."""
    place = start
    value, slope = loss(place)
    pairs: list[tuple[Vector, Vector]] = []
    for _ in range(steps):
        direction = _direction(slope, pairs)
        length = 1.0
        while True:
            moved = place - length * direction
            new_value, new_slope = loss(moved)
            if new_value <= value - 1e-4 * length * float(slope @ direction):
                break
            length /= 2
            if length < 1e-4:
                return place
        pair = (moved - place, new_slope - slope)
        if float(pair[0] @ pair[1]) > 1e-12:
            pairs = [*pairs, pair][-kept:]
        gained = value - new_value
        place, value, slope = moved, new_value, new_slope
        if gained < 1e-6 * abs(value):
            break
    return place


def _direction(slope: Vector, pairs: Sequence[tuple[Vector, Vector]]) -> Vector:
    direction = slope.copy()
    factors = []
    for moved, turned in reversed(pairs):
        factor = float(moved @ direction) / float(turned @ moved)
        factors.append(factor)
        direction -= factor * turned
    if pairs:
        moved, turned = pairs[-1]
        direction *= float(moved @ turned) / float(turned @ turned)
    else:
        direction /= max(1.0, float(np.linalg.norm(slope)))
    for (moved, turned), factor in zip(pairs, reversed(factors), strict=True):
        direction += moved * (factor - float(turned @ direction) / float(turned @ moved))
    return direction
