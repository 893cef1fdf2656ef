"""Logistic regression with a ridge, by Newton's method (iteratively reweighted least squares)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

MOST_STEPS = 50
ENOUGH = 1e-6


def fit(columns: Numbers, reached: Numbers, ridge: float, *, enough: float = ENOUGH) -> tuple[float, Numbers]:
    """Return (intercept, weights) that maximise the likelihood less ridge / 2 times the squared weights.

    Args:
        columns: calls by columns, about the same scale each.
        reached: 1.0 or 0.0 per call.
        ridge: above 0; the intercept is not held back by it.
        enough: a step that moves no weight further than this is the last.
    """
    design = np.column_stack([columns, np.ones(len(columns))])
    held = np.append(np.full(columns.shape[1], ridge), 0.0)
    weights = np.zeros(design.shape[1])
    weights[-1] = _logit(float(reached.mean()))
    loss = _loss(design, reached, weights, held)
    for _ in range(MOST_STEPS):
        said = probabilities(design @ weights)
        slope = design.T @ (reached - said) - held * weights
        curve = (design * (said * (1 - said))[:, None]).T @ design + np.diag(held)
        step = np.linalg.solve(curve + 1e-9 * np.eye(len(curve)), slope)
        while (after := _loss(design, reached, weights + step, held)) > loss and np.abs(step).max() > enough:
            step /= 2  # Newton overshoots where the curve is flat
        weights, loss = weights + step, after
        if np.abs(step).max() <= enough:
            break
    return float(weights[-1]), weights[:-1]


def _loss(design: Numbers, reached: Numbers, weights: Numbers, held: Numbers) -> float:
    logit = design @ weights
    return float(np.sum(np.logaddexp(0.0, logit) - reached * logit) + held @ weights**2 / 2)


def probabilities(logit: Numbers) -> Numbers:
    """Return 1 / (1 + e^-logit) for each, without overflow."""
    return np.exp(-np.logaddexp(0.0, -logit))


def _logit(share: float) -> float:
    safe = min(max(share, 1e-6), 1 - 1e-6)
    return float(np.log(safe / (1 - safe)))
