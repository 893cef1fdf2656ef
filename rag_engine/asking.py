"""Asks questions of the past: what would have been known when a ticket came, and who solved it then."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rag_engine.corpus import Corpus, Floats
from rag_engine.history import History, learn
from rag_engine.measure import Measure
from rag_engine.ranker import Questions

MOST_CANDIDATES = 120
"""Experts that are ranked; the others have too little that speaks for them."""
MOST_ASKED = 2_000
"""Tickets of one block; more make a replay long and its figures no surer: ten blocks of as many stray by 0.004."""
_FIELD_SIGNALS_FROM = "since"


def narrowed(signals: Floats, names: tuple[str, ...]) -> NDArray[np.int64]:
    """Return the experts worth ranking, by a sum of signals that needs no weights, in no order."""
    place = {name: at for at, name in enumerate(names)}
    rough = (
        signals[:, place["lexical_60_1000"]]
        + 0.5 * signals[:, place["lexical_400_ever"]]
        + 0.5 * signals[:, place["activity_200"]]
        + signals[:, place[_FIELD_SIGNALS_FROM] + 1 :].sum(1) / 2
    )
    count = min(MOST_CANDIDATES, len(rough))
    return np.argpartition(-rough, count - 1)[:count]


def asked_of(corpus: Corpus, cut: int, end: int) -> NDArray[np.int64]:
    """Return the solved tickets from ``cut`` to ``end``, of more than `MOST_ASKED` as many, evenly spread."""
    places = cut + np.flatnonzero(corpus.solver[cut:end] >= 0)
    if len(places) > MOST_ASKED:
        places = places[np.linspace(0, len(places) - 1, MOST_ASKED).astype(np.int64)]
    return places


def ask(corpus: Corpus, cut: int, end: int, fields: tuple[str, ...]) -> Asked:
    """Ask who solves the tickets from ``cut`` to ``end``, knowing those before ``cut`` and nothing else."""
    history = learn(corpus.before(cut))
    measure = Measure(history, fields)
    place_of = {solver: place for place, solver in enumerate(history.solvers)}
    places = asked_of(corpus, cut, end)
    count = min(MOST_CANDIDATES, len(history.solvers))
    signals = np.zeros((len(places), count, len(measure.names)), np.float32)
    candidate = np.zeros((len(places), count), np.int32)
    answer = np.full(len(places), -1, np.int64)
    is_known = np.zeros(len(places), bool)
    for row, place in enumerate(places):
        of_all, _, _ = measure.signals(corpus.query(int(place)))
        chosen = narrowed(of_all, measure.names)
        signals[row], candidate[row] = of_all[chosen], chosen
        solver = place_of.get(corpus.solvers[corpus.solver[place]])
        if solver is not None:
            is_known[row] = True
            found = np.flatnonzero(chosen == solver)
            answer[row] = found[0] if len(found) else -1
    return Asked(Questions(signals, answer, places), candidate, is_known, history)


class Asked:
    """Questions, and who is meant by their candidates."""

    def __init__(
        self, questions: Questions, candidate: NDArray[np.int32], is_known: NDArray[np.bool_], history: History
    ) -> None:
        self.questions = questions
        self.candidate = candidate
        """(q, c): places in ``solvers``."""
        self.is_known = is_known
        """(q,): whether the solver has solved a ticket before ``cut``."""
        self.solvers = history.solvers
