"""What has to be beaten: the 60 nearest tickets by TF-IDF, each speaking for its solver, halved by age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chalicelib.tickets.domain.matching.signals import FOREVER
from rag_engine.asking import asked_of
from rag_engine.corpus import Corpus
from rag_engine.history import age_weights, learn
from rag_engine.replay import BLOCKS, DEPTHS
from rag_engine.similarity import lexical

NEIGHBORS = 60
HALF_LIVES = (100.0, 300.0, 1_000.0, 3_000.0, FOREVER)
"""Those that the learnt one is chosen from."""
_JUDGED_BY = DEPTHS.index(3)


@dataclass(frozen=True, slots=True)
class Baselines:
    """Means over the ten steps of the share of known tickets solved by one of the first 1, 3, 5, 10."""

    ever: tuple[float, ...]
    """All tickets count alike."""
    given: tuple[float, ...]
    """By the half-life asked for."""
    learnt: tuple[float, ...]
    """By the half-life that was the best one at top-3 in the steps before."""


def baselines(corpus: Corpus, half_life: float) -> Baselines:
    """Replay the corpus, which is in the order of time, by neighbours alone; ``half_life`` is in tickets."""
    size = len(corpus) // BLOCKS
    tried = (half_life, *HALF_LIVES)
    # Before the first step, the second half of the first block tells how the half-lives do.
    hits = [_hits(corpus, size // 2, size, tried)]
    hits += [_hits(corpus, step * size, (step + 1) * size, tried) for step in range(1, BLOCKS)]
    of_steps = np.array(hits)
    best = [1 + int(np.argmax(of_steps[:step, 1:, _JUDGED_BY].mean(0))) for step in range(1, BLOCKS)]
    return Baselines(
        ever=_mean(of_steps[1:, 1 + HALF_LIVES.index(FOREVER)]),
        given=_mean(of_steps[1:, 0]),
        learnt=_mean(of_steps[np.arange(1, BLOCKS), best]),
    )


def _hits(corpus: Corpus, cut: int, end: int, half_lives: Sequence[float]) -> NDArray[np.float64]:
    """Return (half-lives, depths): the shares of one step, that knows what came before ``cut``."""
    hits = np.zeros((len(half_lives), len(DEPTHS)))
    if not cut:
        return hits
    history = learn(corpus.before(cut))
    weights = [age_weights(len(history), half_life) for half_life in half_lives]
    place_of = {solver: place for place, solver in enumerate(history.solvers)}
    known = 0
    for place in asked_of(corpus, cut, end):
        solver = place_of.get(corpus.solvers[corpus.solver[place]])
        if solver is None:
            continue
        known += 1
        near = lexical(history, corpus.query(int(place)))
        for row, weight in enumerate(weights):
            rank = _rank(near * weight, history.solver, solver, len(history.solvers))
            hits[row] += [rank < depth for depth in DEPTHS]
    return hits / max(known, 1)


def _rank(near: NDArray[np.float64], solvers: NDArray[np.int32], solver: int, experts: int) -> int:
    """Return how many experts are before the solver; a large number when no neighbour speaks for the solver."""
    top = np.argsort(-near)[:NEIGHBORS]
    sums = np.bincount(solvers[top], near[top], minlength=experts)
    return int((sums > sums[solver]).sum()) if sums[solver] > 0 else 10**6


def _mean(hits: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(x) for x in hits.mean(0))
