"""Which fields help: those with which earlier tickets foretell who solved the later ones better than without.

A field that says nothing of experts costs little where thousands of questions teach its weight of nothing, and two
or three of a hundred recommendations where there are hundreds. So each has to show what it is worth first.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rag_engine import ranker
from rag_engine.ranker import Questions

_LEARNT_FROM = 2 / 3
"""Of the questions, by time; the others are foretold."""
_SURE = 2.0
"""Standard errors; of several fields that say nothing, one is better by one of them more often than not."""
_MOST_QUESTIONS = 600
_MOST_CANDIDATES = 40


def helping(asked: Sequence[Questions], fields: Sequence[str]) -> tuple[str, ...]:
    """Return the fields that help, chosen one after the other, the most helpful first.

    A field is chosen when the answers foretold become more probable with it, by more than chance would make them.
    Where there are too few questions to tell, none is.
    """
    moments = np.concatenate([one.at[one.answer >= 0] for one in asked]) if asked else np.zeros(0)
    if not fields or not len(moments):
        return ()
    cut = int(np.quantile(moments, _LEARNT_FROM))
    learnt = [_some(one, one.at < cut, len(asked)) for one in asked]
    told = [_some(one, one.at >= cut, len(asked)) for one in asked]
    chosen: tuple[str, ...] = ()
    best = _foretold(learnt, told, fields, chosen)
    while best is not None and len(chosen) < len(fields):
        tried = [(*chosen, name) for name in fields if name not in chosen]
        gains = [found - best for one in tried if (found := _foretold(learnt, told, fields, one)) is not None]
        most = max(range(len(gains)), key=lambda place: float(gains[place].mean()))
        if gains[most].mean() <= _SURE * gains[most].std() / np.sqrt(len(best)):
            break
        chosen, best = tried[most], best + gains[most]
    return chosen


def _foretold(
    learnt: Sequence[Questions], told: Sequence[Questions], fields: Sequence[str], used: Sequence[str]
) -> NDArray[np.float64] | None:
    """Return the log of each answer's probability, None where too few questions teach anything."""
    weights = ranker.learn(learnt, fields, used)
    if weights is None:
        return None
    logs = []
    for one in told:
        scores = ranker.scores(one.signals, weights).astype(np.float64)
        highest = scores.max(1, keepdims=True)
        total = np.log(np.exp(scores - highest).sum(1)) + highest[:, 0]
        logs.append(scores[np.arange(len(scores)), one.answer] - total)
    found = np.concatenate(logs) if logs else np.zeros(0)
    return found if len(found) else None


def _some(asked: Questions, chosen: NDArray[np.bool_], parts: int) -> Questions:
    """Return some of the answered questions that are chosen, evenly spread, each with some of its candidates."""
    answered = np.flatnonzero(chosen & (asked.answer >= 0))
    most = min(len(answered), max(1, _MOST_QUESTIONS // parts))
    places = answered[np.linspace(0, len(answered) - 1, most).astype(np.int64)]
    count = min(_MOST_CANDIDATES, asked.signals.shape[1])
    signals, answer = asked.signals[places, :count], asked.answer[places]
    rows = np.flatnonzero(answer >= count)
    signals[rows, count - 1] = asked.signals[places[rows], answer[rows]]
    return Questions(signals, np.minimum(answer, count - 1), asked.at[places])
