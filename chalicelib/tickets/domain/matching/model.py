"""A matching model as it is kept: what was learnt, from how much, and what it is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from chalicelib.tickets.domain.matching.calibration import Calibration, Calibrations
from chalicelib.tickets.domain.matching.ranking import Weights, prior_weights
from chalicelib.tickets.domain.matching.signals import names

VERSION = 2


@dataclass(frozen=True, slots=True)
class Figures:
    """What a replay of history measured."""

    top: Mapping[str, float]
    """"1", "3", "5", "10" to the share of known tickets that one of the first so many solved."""
    calibration_error: float
    tickets: int


@dataclass(frozen=True, slots=True)
class Feedback:
    """A calibration fitted on what became of recommendations that were really made."""

    calibration: Calibrations
    made_at: datetime
    tickets: int
    """Recommendations whose outcome was known."""
    calibration_error: float
    """Of the first expert, each outcome foretold from those known before the recommendation was made."""
    calibration_error_without: float
    """Of the same outcomes by the replay's calibration."""


@dataclass(frozen=True, slots=True)
class MatchingModel:
    """Weights and calibration of one history."""

    model_id: str
    embedding: str
    """The embedding model whose vectors it was learnt with."""
    weights: Weights
    calibration: Calibrations
    """Of the replay that made it."""
    made_at: datetime
    figures: Figures | None = None
    """None: never measured, the prior."""
    feedback: Feedback | None = None
    """What people have said of its recommendations since; None: too little, or it makes nothing better."""

    @property
    def in_use(self) -> Calibrations:
        """How its probabilities become confidences now."""
        return self.feedback.calibration if self.feedback else self.calibration

    @property
    def is_prior(self) -> bool:
        """Whether confidences are a documented guess."""
        return self.in_use.first.rows == 0

    @property
    def calibrated_at(self) -> datetime:
        """When its confidences were fitted last."""
        return self.feedback.made_at if self.feedback else self.made_at

    @property
    def calibration_error(self) -> float | None:
        """The expected calibration error of the first expert when it was measured last; None: never."""
        if self.feedback:
            return self.feedback.calibration_error
        return self.figures.calibration_error if self.figures else None


def prior_model(embedding: str) -> MatchingModel:
    """Return the model that is used before there is history."""
    made_at = datetime(2026, 11, 21, tzinfo=UTC)
    return MatchingModel("prior-1", embedding, prior_weights(), Calibrations(), made_at)


def as_json(model: MatchingModel) -> dict[str, Any]:
    """Return the model as JSON values; signals are named, so that a reader sees what weighs what."""
    weights = model.weights
    return {
        "version": VERSION,
        "modelId": model.model_id,
        "embedding": model.embedding,
        "madeAt": model.made_at.isoformat(),
        "fields": list(weights.fields),
        "signals": {
            name: {"mean": mean, "spread": spread, "weight": weight}
            for name, mean, spread, weight in zip(
                names(weights.fields), weights.mean, weights.spread, weights.weight, strict=True
            )
        },
        "isPrior": weights.is_prior,
        "calibration": asdict(model.calibration),
        "figures": asdict(model.figures) if model.figures else None,
        "feedback": asdict(model.feedback) | {"made_at": model.feedback.made_at.isoformat()}
        if model.feedback
        else None,
    }


def from_json(data: Mapping[str, Any]) -> MatchingModel:
    """Return the model that `as_json` wrote.

    Raises:
        ValueError: it is of another version, or its signals are not those this code measures.
    """
    if data.get("version") != VERSION:
        raise ValueError(f"a matching model of version {data.get('version')!r}; this engine reads {VERSION}")
    fields = tuple(data["fields"])
    if list(data["signals"]) != list(names(fields)):
        raise ValueError(f"matching model {data['modelId']} weighs other signals than this engine measures")
    signals = list(data["signals"].values())
    return MatchingModel(
        model_id=data["modelId"],
        embedding=data["embedding"],
        weights=Weights(
            fields=fields,
            mean=tuple(s["mean"] for s in signals),
            spread=tuple(s["spread"] for s in signals),
            weight=tuple(s["weight"] for s in signals),
            is_prior=data["isPrior"],
        ),
        calibration=_calibrations(data["calibration"]),
        made_at=datetime.fromisoformat(data["madeAt"]),
        figures=Figures(**data["figures"]) if data["figures"] else None,
        feedback=_feedback(data["feedback"]) if data["feedback"] else None,
    )


def _calibrations(data: Mapping[str, Any]) -> Calibrations:
    return Calibrations(Calibration(**data["first"]), Calibration(**data["others"]))


def _feedback(data: Mapping[str, Any]) -> Feedback:
    given = {"calibration": _calibrations(data["calibration"]), "made_at": datetime.fromisoformat(data["made_at"])}
    return Feedback(**{**data, **given})
