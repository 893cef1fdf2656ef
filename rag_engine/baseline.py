"""What has to be beaten: the 60 nearest tickets by TF-IDF, each speaking for its solver, halved by age."""

from __future__ import annotations

import numpy as np

from chalicelib.tickets.domain.matching.signals import FOREVER
from rag_engine.asking import asked_of
from rag_engine.corpus import Corpus
from rag_engine.history import age_weights, learn
from rag_engine.replay import BLOCKS, DEPTHS
from rag_engine.similarity import lexical

NEIGHBORS = 60


def baseline_hits(corpus: Corpus, half_life: float = FOREVER) -> tuple[float, ...]:
    """Return the mean over the ten steps of the share of known tickets solved by one of the first 1, 3, 5, 10."""
    size = len(corpus) // BLOCKS
    of_steps = []
    for step in range(1, BLOCKS):
        history = learn(corpus.before(step * size))
        weights = age_weights(len(history), half_life)
        place_of = {solver: place for place, solver in enumerate(history.solvers)}
        ranks = []
        for place in asked_of(corpus, step * size, (step + 1) * size):
            solver = place_of.get(corpus.solvers[corpus.solver[place]])
            if solver is None:
                continue
            near = lexical(history, corpus.query(int(place))) * weights
            top = np.argsort(-near)[:NEIGHBORS]
            sums = np.bincount(history.solver[top], near[top], minlength=len(history.solvers))
            ranks.append(int((sums > sums[solver]).sum()) if sums[solver] > 0 else 10**6)
        of_steps.append([float(np.mean([rank < depth for rank in ranks])) if ranks else 0.0 for depth in DEPTHS])
    return tuple(float(x) for x in np.mean(of_steps, 0))
