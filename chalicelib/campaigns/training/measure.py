"""How good scores are: do they order the calls, and do they mean what they say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


def auc(reached: Numbers, scores: Numbers) -> float:
    """Return the chance that a call that reached somebody scores above one that did not; ties count half."""
    _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[place]
    yes = float(reached.sum())
    no = len(reached) - yes
    if not yes or not no:
        return 0.5
    return float((rank[reached == 1].sum() - yes * (yes + 1) / 2) / (yes * no))


def log_loss(reached: Numbers, scores: Numbers) -> float:
    """Return the mean of -ln(the probability given to what happened)."""
    safe = np.clip(scores, 1e-9, 1 - 1e-9)
    return float(-np.mean(reached * np.log(safe) + (1 - reached) * np.log(1 - safe)))


@dataclass(frozen=True, slots=True)
class Bin:
    """Calls of about the same score."""

    calls: int
    said: float
    """Mean score."""
    happened: float
    """Share that reached somebody."""


def reliability(reached: Numbers, scores: Numbers, bins: int = 10) -> list[Bin]:
    """Return ``bins`` groups of equally many calls, from the lowest score to the highest."""
    order = np.argsort(scores, kind="stable")
    groups = [group for group in np.array_split(order, bins) if len(group)]
    return [Bin(len(g), float(scores[g].mean()), float(reached[g].mean())) for g in groups]


def calibration_error(table: list[Bin]) -> float:
    """Return the expected calibration error: the mean gap between said and happened, weighted by calls."""
    calls = sum(row.calls for row in table)
    return sum(row.calls * abs(row.said - row.happened) for row in table) / calls
