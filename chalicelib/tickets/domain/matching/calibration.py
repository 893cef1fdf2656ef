"""Confidence as a probability: fitted on what became of earlier recommendations.

Platt's method (1999) on the ranking's own probability p: logit(confidence) = slope * logit(p) + shift, with a
prior around `PRIOR`, so that it is defined before there is history and moves away from the guess as history grows.
The first expert has a calibration of their own: who ranks first was chosen for a high p.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

LOWEST, HIGHEST = 1e-4, 0.995
"""No confidence lies outside: nothing is impossible, and nothing is certain."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """How a ranking's probability becomes a confidence."""

    slope: float
    shift: float
    rows: int = 0
    """Recommendations it was fitted on; 0: the prior."""

    def confidence(self, probability: float) -> float:
        """Return the confidence for the ranking's probability."""
        value = 1.0 / (1.0 + math.exp(-(self.slope * _logit(probability) + self.shift)))
        return min(max(value, LOWEST), HIGHEST)


PRIOR = Calibration(slope=0.9, shift=-0.4)
"""Rankings are a little surer than right, and some tickets go to people never seen before."""
_TRUST_IN_SLOPE, _TRUST_IN_SHIFT = 20.0, 5.0
"""One over the variance of the prior."""


@dataclass(frozen=True, slots=True)
class Calibrations:
    """How a ranking's probabilities become confidences: the first expert's, and those of the others."""

    first: Calibration = PRIOR
    others: Calibration = PRIOR

    def confidences(self, probabilities: Sequence[float]) -> list[float]:
        """Return the confidences of experts, the most probable first; nobody's is above the first one's.

        >>> Calibrations(first=Calibration(1.0, 0.0)).confidences([0.5])
        [0.5]
        """
        said = [(self.others if place else self.first).confidence(p) for place, p in enumerate(probabilities)]
        return [min(one, said[0]) for one in said]


def fit(
    outcomes: Sequence[tuple[float, bool]],
    weights: Sequence[float] | None = None,
    prior: Calibration = PRIOR,
) -> Calibration:
    """Return the calibration that fits (probability, whether it was the expert) best.

    Args:
        outcomes: of recommendations whose ticket has been solved since.
        weights: one an outcome; 1 each when None.
        prior: where it lies as long as the outcomes are few.
    """
    if not outcomes:
        return prior
    weights = weights or [1.0] * len(outcomes)
    logits = [_logit(probability) for probability, _ in outcomes]
    slope, shift = prior.slope, prior.shift
    for _ in range(50):
        to_slope = _TRUST_IN_SLOPE * (slope - prior.slope)
        to_shift = _TRUST_IN_SHIFT * (shift - prior.shift)
        slope_slope, slope_shift, shift_shift = _TRUST_IN_SLOPE, 0.0, _TRUST_IN_SHIFT
        for x, (_, right), weight in zip(logits, outcomes, weights, strict=True):
            p = 1.0 / (1.0 + math.exp(-(slope * x + shift)))
            error, curve = weight * (p - right), weight * max(p * (1.0 - p), 1e-9)
            to_slope += error * x
            to_shift += error
            slope_slope += curve * x * x
            slope_shift += curve * x
            shift_shift += curve
        determinant = slope_slope * shift_shift - slope_shift * slope_shift
        step_slope = (shift_shift * to_slope - slope_shift * to_shift) / determinant
        step_shift = (slope_slope * to_shift - slope_shift * to_slope) / determinant
        slope, shift = slope - step_slope, shift - step_shift
        if abs(step_slope) + abs(step_shift) < 1e-9:
            break
    return Calibration(slope, shift, len(outcomes))


def expected_error(confidences: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """Return the expected calibration error: in bins of equal width, |mean confidence - share that was right|,
    weighted by how many fall into the bin (Guo et al. 2017, https://arxiv.org/abs/1706.04599).

    >>> expected_error([(0.75, True), (0.75, True), (0.75, True), (0.75, False)])
    0.0
    """
    if not confidences:
        return 0.0
    sums = [[0.0, 0.0] for _ in range(bins)]
    for confidence, right in confidences:
        place = min(int(confidence * bins), bins - 1)
        sums[place][0] += confidence
        sums[place][1] += right
    return sum(abs(said - was) for said, was in sums) / len(confidences)


def _logit(probability: float) -> float:
    p = min(max(probability, 1e-6), 1.0 - 1e-6)
    return math.log(p / (1.0 - p))
