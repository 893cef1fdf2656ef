"""Confidence calibrated on what happened to recommendations that were really made.

A replay calibrates on tickets that nobody recommended anybody for. What people said since (accepted, not me,
chosen by an operator, solved) is about the recommendations themselves: of those who were eligible, after the
penalty for load. So the replay's calibration is the prior, and outcomes move it. Each outcome is also foretold
from those known before its recommendation was made; only if that is no worse than the replay's own does the
calibration come into use.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.tickets.domain.assignment import Label, LabelKind
from chalicelib.tickets.domain.matching.calibration import Calibrations, expected_error, fit
from chalicelib.tickets.domain.matching.model import Feedback
from chalicelib.tickets.domain.recommendation import SHOWN, Recommendation

LEAST_TICKETS = 50
"""Fewer outcomes of first experts say nothing that could be told from chance."""
_FOLDS = 5
_WORSE_BY = 0.005


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one recommended expert."""

    probability: float
    """The ranking's."""
    rank: int
    """1: the first."""
    right: bool
    made_at: datetime
    """When the recommendation was made."""
    known_at: datetime
    """When it was known whether the expert was right."""


def outcomes(recommendation: Recommendation, labels: Iterable[Label]) -> list[Outcome]:
    """Return what the ticket's labels say of the recommendation's first experts.

    Who solved the ticket is the truth; before that, who has it by their own or an operator's word. "Not me" alone
    says only that this expert is not the one, and "busy" nothing: it may be the right expert at a wrong time.
    """
    said = [one for one in labels if one.recommendation_id == recommendation.recommendation_id]
    said.sort(key=lambda one: (one.at, one.label_id))
    ranked = [
        (rank, one.cre_id, one.probability)
        for rank, one in enumerate(recommendation.candidates[:SHOWN], start=1)
        if one.probability is not None
    ]
    for kinds in ((LabelKind.SOLVED,), (LabelKind.ACCEPTED, LabelKind.CHOSEN)):
        if decided := [one for one in said if one.kind in kinds and one.cre_id]:
            last = decided[-1]
            return [
                Outcome(probability, rank, cre_id == last.cre_id, recommendation.made_at, last.at)
                for rank, cre_id, probability in ranked
            ]
    refused = {one.cre_id: one.at for one in said if one.kind is LabelKind.NOT_ME}
    return [
        Outcome(probability, rank, False, recommendation.made_at, refused[cre_id])
        for rank, cre_id, probability in ranked
        if cre_id in refused
    ]


def calibrated(known: Sequence[Outcome], replayed: Calibrations, now: datetime) -> Feedback | None:
    """Return what the outcomes teach; None where they are too few or foretell worse than the replay does.

    Args:
        known: in any order; what became known after ``now`` is not looked at.
        replayed: the calibration of the model's replay.
        now: the calibration's date.
    """
    known = sorted((one for one in known if one.known_at <= now), key=lambda one: one.made_at)
    first = [one for one in known if one.rank == 1]
    if len(first) < LEAST_TICKETS:
        return None
    told = foretold(known, replayed)
    right = [one.right for one in first[len(first) - len(told) :]]
    without = [replayed.first.confidence(one.probability) for one in first[len(first) - len(told) :]]
    error = expected_error(list(zip(told, right, strict=True)))
    error_without = expected_error(list(zip(without, right, strict=True)))
    if error > error_without + _WORSE_BY:
        return None
    return Feedback(_fitted(known, replayed), now, len(first), error, error_without)


def foretold(known: Sequence[Outcome], replayed: Calibrations) -> list[float]:
    """Return the first experts' confidences but for the first fifth's, each from what was known before.

    ``known`` is in the order in which recommendations were made.
    """
    first = [one for one in known if one.rank == 1]
    size = -(-len(first) // _FOLDS)
    confidences: list[float] = []
    for start in range(size, len(first), size):
        fold = first[start : start + size]
        past = [one for one in known if one.known_at < fold[0].made_at]
        calibration = _fitted(past, replayed).first
        confidences += [calibration.confidence(one.probability) for one in fold]
    return confidences


def _fitted(known: Iterable[Outcome], prior: Calibrations) -> Calibrations:
    rows: dict[bool, list[tuple[float, bool]]] = {True: [], False: []}
    for one in known:
        rows[one.rank == 1].append((one.probability, one.right))
    return Calibrations(fit(rows[True], prior=prior.first), fit(rows[False], prior=prior.others))
