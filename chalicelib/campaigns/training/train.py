"""The whole way: choose settings, fit, measure on calls kept aside, and compare with the model in use."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from chalicelib.campaigns.domain.priority import Model, scorer
from chalicelib.campaigns.training.choose import CHANCE, Settings, choose, fit_model
from chalicelib.campaigns.training.history import History
from chalicelib.campaigns.training.measure import Bin, Numbers, auc, calibration_error, log_loss, reliability

LEARNED_SHARE = 0.8
"""The first calls, which are learned from; the rest is scored once, to compare models."""
FEWEST_CALLS = 200


@dataclass(frozen=True, slots=True)
class Measured:
    """How a model did on calls it was not trained on."""

    auc: float
    log_loss: float
    calibration_error: float
    reliability: list[Bin]


@dataclass(frozen=True, slots=True)
class Trained:
    """A new model beside the one in use, both measured on the same later calls."""

    model: Model
    settings: Settings
    candidate: Measured
    current: Measured

    @property
    def is_worse(self) -> bool:
        """Return whether the new model must not replace the one in use."""
        return self.candidate.auc < self.current.auc - CHANCE


def train(history: History, current: Model) -> Trained:
    """Train on ``history`` (in the order of time) and measure against ``current``.

    Settings are chosen and the candidate is measured by the first four fifths alone; the model returned is
    then fitted to all calls with the same settings.

    Raises:
        ValueError: there are too few calls to learn from and to measure.
    """
    if len(history) < FEWEST_CALLS:
        raise ValueError(f"{len(history)} calls are too few to learn from; {FEWEST_CALLS} are needed")
    mark = int(len(history) * LEARNED_SHARE)
    past, later = history.part(range(mark)), history.part(range(mark, len(history)))
    chosen = choose(past)
    candidate = measured(later.reached, fit_model(past, chosen.settings).scores(later))
    fast = scorer(current)
    in_use = measured(later.reached, np.array([fast(row) for row in later.rows]))
    model = fit_model(history, chosen.settings).model()
    about = {
        "calls": len(history),
        "reached": int(history.reached.sum()),
        "settings": asdict(chosen.settings),
        "validation": {"auc": round(chosen.auc, 4), "log_loss": round(chosen.log_loss, 4)},
        "later_calls": _rounded(candidate),
    }
    return Trained(replace(model, about=about), chosen.settings, candidate, in_use)


def measured(reached: Numbers, scores: Numbers) -> Measured:
    """Return the measures of ``scores``."""
    table = reliability(reached, scores)
    return Measured(auc(reached, scores), log_loss(reached, scores), calibration_error(table), table)


def _rounded(found: Measured) -> dict[str, Any]:
    return {
        "auc": round(found.auc, 4),
        "log_loss": round(found.log_loss, 4),
        "calibration_error": round(found.calibration_error, 4),
    }
