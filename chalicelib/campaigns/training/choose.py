"""Settings, chosen by what the calls at hand say and nothing else.

With a history in the order of time, a setting is judged as the model will be used: learn on the past, score
the calls after it, several times over (forward chaining). Without an order, by folds drawn at random.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np

from chalicelib.campaigns.domain.priority import Model
from chalicelib.campaigns.training.design import Design, drift, features_of, learn
from chalicelib.campaigns.training.history import History
from chalicelib.campaigns.training.logistic import fit
from chalicelib.campaigns.training.measure import Numbers, auc

RIDGES = (30.0, 300.0)
DRIFT_LIMITS = (1.0, 0.95, 0.9, 0.85, 0.5)
"""Features that follow the calendar more than this are left out; 1: none is."""
CHAIN = (0.6, 0.7, 0.8, 0.9, 1.0)
"""Learn up to one mark, score up to the next."""
RANDOM_FOLDS = 3


@dataclass(frozen=True, slots=True)
class Settings:
    """What a fit may be told."""

    ridge: float = 30.0
    bins: bool = True
    drift_limit: float = 1.0


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fit, with numpy's fast way to score."""

    design: Design
    intercept: float
    weights: Numbers

    def scores(self, history: History) -> Numbers:
        """Return a probability per call."""
        logit = self.intercept + self.design.matrix(history.rows) @ self.weights
        return np.exp(-np.logaddexp(0.0, -logit))

    def model(self) -> Model:
        """Return it as the desk's model."""
        return self.design.model(self.intercept, self.weights)


def fit_model(history: History, settings: Settings) -> Fitted:
    """Fit ``history`` (in the order of time if drift matters) with ``settings``."""
    steady = [
        feature
        for feature in features_of(history.rows)
        if settings.drift_limit >= 1.0 or drift(history.rows, feature) <= settings.drift_limit
    ]
    design = learn(history.rows, features=steady, bins=settings.bins)
    intercept, weights = fit(design.matrix(history.rows), history.reached, settings.ridge)
    return Fitted(design, intercept, weights)


def menu(*, in_time_order: bool) -> list[Settings]:
    """Return the settings there are to choose from."""
    limits = DRIFT_LIMITS if in_time_order else (1.0,)
    return [Settings(ridge, bins, limit) for limit, bins, ridge in product(limits, (False, True), RIDGES)]


def choose(
    history: History, *, in_time_order: bool = True, seed: int = 0
) -> tuple[Settings, dict[Settings, float]]:
    """Return the settings with the best mean AUC in validation, and the AUC of each."""
    splits = list(_chain(len(history)) if in_time_order else random_folds(len(history), RANDOM_FOLDS, seed))
    results: dict[Settings, float] = {}
    for settings in menu(in_time_order=in_time_order):
        found = []
        for past, later in splits:
            fitted, kept = fit_model(history.part(past), settings), history.part(later)
            found.append(auc(kept.reached, fitted.scores(kept)))
        results[settings] = float(np.mean(found))
    return max(results, key=lambda settings: results[settings]), results


Places = np.ndarray[tuple[int], np.dtype[np.int64]]


def random_folds(calls: int, folds: int, seed: int) -> Iterator[tuple[Places, Places]]:
    """Yield (to learn on, to score) for each fold; the same seed draws the same folds."""
    drawn = np.random.default_rng(seed).permutation(calls)
    for fold in range(folds):
        kept = np.zeros(calls, dtype=bool)
        kept[drawn[fold::folds]] = True
        yield np.flatnonzero(~kept), np.flatnonzero(kept)


def _chain(calls: int) -> Iterator[tuple[Places, Places]]:
    marks = [int(calls * mark) for mark in CHAIN]
    for start, end in pairwise(marks):
        yield np.arange(start), np.arange(start, end)
