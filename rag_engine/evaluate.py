"""`python -m rag_engine evaluate TICKETS`: what a model learnt from this history is worth, and whether it replaces
the one in use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.core.errors import InvalidInputError, Problem
from chalicelib.tickets.domain.matching.model import Figures, MatchingModel
from chalicelib.tickets.domain.matching.signals import FIELD_HALF_LIVES
from rag_engine.asking import MOST_ASKED
from rag_engine.baseline import baselines
from rag_engine.corpus import Corpus
from rag_engine.replay import BLOCKS, DEPTHS, LEAST_TICKETS, Replayed, calibration_error, judged, mean_hits, replay

_MOST_SHARES = 10
_WORSE_BY = 0.005
"""Chance moves a share of some thousand tickets by as much; a model is worse when it loses more."""
_GOOD_CALIBRATION = 0.05
_COMPARED_STEPS = 3
_LEAST_PROMOTED = 110
"""Tickets; fewer make blocks of less than ten, and figures of them are chance."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A replayed history and what a model of it is worth."""

    model: MatchingModel
    replayed: Replayed


def evaluate(
    corpus: Corpus,
    fields: tuple[str, ...],
    *,
    half_life: float,
    now: datetime,
    embedding: str,
    told: Callable[[str], None],
) -> Evaluation:
    """Replay the history, tell the figures beside the baseline's, and return the model that all of it teaches.

    Raises:
        InvalidInputError: there are too few tickets to cut into blocks.
    """
    if len(corpus) < LEAST_TICKETS:
        message = f"{len(corpus)} solved tickets; a replay needs at least {LEAST_TICKETS}"
        raise InvalidInputError([Problem("", "too_few_tickets", message)])
    told(f"{len(corpus)} tickets, {len(corpus.solvers)} experts, fields: {', '.join(fields) or 'none'}")
    if len(corpus) < _LEAST_PROMOTED:
        told(f"blocks of {len(corpus) // BLOCKS} tickets: the figures are mostly chance, and no model is promoted")
    if len(corpus) // BLOCKS > MOST_ASKED:
        told(f"of each block {MOST_ASKED} tickets are asked, evenly spread; all of them are learnt from")
    replayed = replay(corpus, fields, told=told)
    told(_line("known tickets, learnt in time order", (f"top-{depth}" for depth in DEPTHS)))
    beside = baselines(corpus, half_life)
    told(_line("60 TF-IDF neighbours", _shown(beside.ever)))
    told(_line(f"60 TF-IDF neighbours, half-life {half_life:g}", _shown(beside.given)))
    told(_line("60 TF-IDF neighbours, half-life learnt", _shown(beside.learnt)))
    told(_line("this engine", _shown(mean_hits(replayed.steps))))
    figures = Figures(
        top=dict(zip(map(str, DEPTHS), mean_hits(replayed.steps), strict=True)),
        calibration_error=calibration_error(replayed.steps),
        tickets=len(corpus),
    )
    if fields:
        told(f"of the fields these help, and are used: {', '.join(_weighing(replayed, fields)) or 'none'}")
    told(f"calibration error of the first expert: {figures.calibration_error:.3f} over all tickets, "
         f"{calibration_error(replayed.steps, known_only=True):.3f} over known ones, "
         f"{calibration_error(replayed.steps, 3):.3f} over the first three experts")  # fmt: skip
    _tell_shares(replayed, told)
    model = MatchingModel(
        model_id=f"matching-{now:%Y%m%dT%H%M%SZ}",
        embedding=embedding,
        weights=replayed.weights,
        calibration=replayed.calibration,
        made_at=now,
        figures=figures,
    )
    return Evaluation(model, replayed)


def refusal(evaluation: Evaluation, current: MatchingModel | None, corpus: Corpus) -> str | None:
    """Return why the evaluated model is not to replace the current one (None: there is none), None when it may.

    Both recommend for the last blocks of the same history. The current one may have learnt from those blocks,
    which speaks for it: the doubt is the newcomer's.
    """
    if len(corpus) < _LEAST_PROMOTED:
        return f"{len(corpus)} tickets are too few to tell what a model is worth; {_LEAST_PROMOTED} are enough"
    if current is None or current.embedding != evaluation.model.embedding or current.figures is None:
        return None  # it cannot read these vectors, or is the guess that has no figures
    ours = evaluation.replayed.steps[-_COMPARED_STEPS:]
    theirs = judged(corpus, current.weights, current.calibration, steps=_COMPARED_STEPS)
    for depth, our, their in zip(DEPTHS, mean_hits(ours), mean_hits(theirs), strict=True):
        if depth in (3, 10) and our < their - _WORSE_BY:
            return f"top-{depth} of the last {_COMPARED_STEPS} blocks falls from {their:.3f} to {our:.3f}"
    our, their = calibration_error(ours), calibration_error(theirs)
    if our > max(_GOOD_CALIBRATION, their + _WORSE_BY):
        return f"the calibration error of the last {_COMPARED_STEPS} blocks rises from {their:.3f} to {our:.3f}"
    return None


def _weighing(replayed: Replayed, fields: tuple[str, ...]) -> list[str]:
    """Return the fields whose signals weigh something in the model that all of history teaches."""
    each = len(FIELD_HALF_LIVES)
    weight = replayed.weights.weight[len(replayed.weights.weight) - each * len(fields) :]
    return [name for place, name in enumerate(fields) if any(weight[place * each : (place + 1) * each])]


def _tell_shares(replayed: Replayed, told: Callable[[str], None]) -> None:
    shares = replayed.shares()
    total = shares.total()
    told("share of first recommendations: " + ", ".join(
        f"{expert} {count / total:.1%}" for expert, count in shares.most_common(_MOST_SHARES)
    ) + f"; {len(shares)} experts in all")  # fmt: skip


def _shown(hits: tuple[float, ...]) -> list[str]:
    return [f"{hit:.3f}" for hit in hits]


def _line(name: str, values: Iterable[str]) -> str:
    return f"{name:44}" + "".join(f"{value:>8}" for value in values)
