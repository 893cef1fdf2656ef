"""Settings, chosen by what the calls at hand say and nothing else.

Calls in the order of time are validated by stretches: each tenth is scored by what was learned from the other
nine, so a model has to hold in a time it has not seen. Without an order, folds are drawn at random.

Some features follow the calendar and not the contact (an interest rate of the day, the month). A history has
few times in it, so they fit the past easily and mislead soon. They start outside of the model and are let
in one by one, while the calls of an unseen time are told better and ordered no worse.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from chalicelib.campaigns.domain.priority import Model
from chalicelib.campaigns.training.design import Design, drift, features_of, learn
from chalicelib.campaigns.training.history import History
from chalicelib.campaigns.training.logistic import fit, probabilities
from chalicelib.campaigns.training.measure import Numbers, auc, log_loss

RIDGES = (30.0, 300.0)
STEADY = 0.5
"""Features that drift more than this (see `drift`) have to earn their place."""
CHANCE = 0.002
"""An AUC this much lower is no worse."""
STRETCHES = 10
RANDOM_FOLDS = 3
NEAR_ENOUGH = 1e-3
"""How exactly fits are made that only serve to compare settings."""

Places = np.ndarray[tuple[int], np.dtype[np.int64]]
Split = tuple[Places, Places]
"""(to learn on, to score)"""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a fit is told."""

    ridge: float
    bins: bool
    features: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Validated:
    """Settings and how they did, on the average of the splits."""

    settings: Settings
    auc: float
    log_loss: float


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fit, with numpy's fast way to score."""

    design: Design
    intercept: float
    weights: Numbers

    def scores(self, history: History) -> Numbers:
        """Return a probability per call."""
        return probabilities(self.intercept + self.design.matrix(history.rows) @ self.weights)

    def model(self) -> Model:
        """Return it as the desk's model."""
        return self.design.model(self.intercept, self.weights)


def fit_model(history: History, settings: Settings) -> Fitted:
    """Fit ``history`` with ``settings``."""
    design = learn(history.rows, features=settings.features, bins=settings.bins)
    intercept, weights = fit(design.matrix(history.rows), history.reached, settings.ridge)
    return Fitted(design, intercept, weights)


def choose(history: History, *, in_time_order: bool = True, seed: int = 0) -> Validated:
    """Return the settings that order the calls of unseen times (or folds) best."""
    features = tuple(features_of(history.rows))
    splits = list(_stretches(len(history)) if in_time_order else random_folds(len(history), RANDOM_FOLDS, seed))
    drifting = [name for name in features if in_time_order and drift(history.rows, name) > STEADY]
    steady = tuple(name for name in features if name not in drifting)
    trials = {bins: _Trial(history, features, bins, splits) for bins in (False, True)}
    starts = [trials[bins].validate(Settings(ridge, bins, steady)) for bins in trials for ridge in RIDGES]
    best = max(starts, key=lambda validated: validated.auc)
    return _let_in(trials[best.settings.bins], best, drifting)


def random_folds(calls: int, folds: int, seed: int) -> Iterator[Split]:
    """Yield (to learn on, to score) for each fold; the same seed draws the same folds."""
    drawn = np.random.default_rng(seed).permutation(calls)
    for fold in range(folds):
        yield _without(drawn[fold::folds], calls)


def _stretches(calls: int) -> Iterator[Split]:
    for stretch in np.array_split(np.arange(calls), STRETCHES):
        yield _without(stretch, calls)


def _without(kept: Places, calls: int) -> Split:
    learned = np.ones(calls, dtype=bool)
    learned[kept] = False
    return np.flatnonzero(learned), np.flatnonzero(~learned)


def _let_in(trial: _Trial, best: Validated, drifting: Sequence[str]) -> Validated:
    """Return ``best`` with those of ``drifting`` that earn their place, the most useful first."""
    highest = best.auc
    while True:
        inside = best.settings.features
        tried = [
            trial.validate(replace(best.settings, features=(*inside, name)))
            for name in drifting
            if name not in inside
        ]
        better = [one for one in tried if one.auc >= highest - CHANCE and one.log_loss < best.log_loss]
        if not better:
            return best
        best = max(better, key=lambda validated: validated.auc)
        highest = max(highest, best.auc)


class _Trial:
    """Validates settings on one history; every feature is made into columns once."""

    def __init__(self, history: History, features: Sequence[str], bins: bool, splits: Sequence[Split]) -> None:
        self._reached, self._splits = history.reached, splits
        self._columns = {
            name: learn(history.rows, features=[name], bins=bins).matrix(history.rows) for name in features
        }

    def validate(self, settings: Settings) -> Validated:
        columns = np.column_stack([self._columns[name] for name in settings.features])
        found = []
        for learned, kept in self._splits:
            fitted = fit(columns[learned], self._reached[learned], settings.ridge, enough=NEAR_ENOUGH)
            scores = probabilities(fitted[0] + columns[kept] @ fitted[1])
            found.append((auc(self._reached[kept], scores), log_loss(self._reached[kept], scores)))
        mean_auc, mean_loss = np.mean(found, axis=0)
        return Validated(settings, float(mean_auc), float(mean_loss))
