"""What is known of the solved tickets up to a moment: their words as postings, their experts, their fields.

Learnt from the tickets of a corpus that are solved, and from no other. Lengths: n tickets, V different words,
P postings, s experts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from chalicelib.tickets.domain.matching.signals import CENTROID_HALF_LIVES, WINDOW_HALF_LIVES
from rag_engine.corpus import Corpus, Floats, Hashes, Integers
from rag_engine.postings import Postings, order_of, postings_of
from rag_engine.vectors import Vectors

_SUMMED_AT_ONCE = 200_000


@dataclass(frozen=True, slots=True)
class History:
    """The arrays one match reads; they may be memory maps."""

    words: Hashes
    """(V,), sorted."""
    idf: Floats
    """(V,), log((1 + n) / (1 + tickets with the word)) + 1."""
    starts: NDArray[np.int64]
    """(V + 1,): word v's postings are the places starts[v] to starts[v + 1]."""
    posting_ticket: Integers
    """(P,)."""
    posting_count: Floats
    """(P,): how often the ticket says the word."""
    posting_weight: Floats
    """(P,): (1 + log count) * idf, each ticket's of length 1."""
    vector: Vectors
    """n of them."""
    solver: Integers
    """(n,), places in ``solvers``."""
    solvers: tuple[str, ...]
    by_solver: Integers
    """(n,): the tickets, those of one expert together."""
    solver_starts: NDArray[np.int64]
    """(s + 1,): expert e's tickets are by_solver[solver_starts[e]:solver_starts[e + 1]]."""
    centroid_length: Floats
    """(half-lives, s): length of the sum of an expert's tickets, weighted by age."""
    fields: Mapping[str, Integers]
    """Name to (n,), places in ``values``; -1: not given."""
    values: Mapping[str, Mapping[str, int]]

    def __len__(self) -> int:
        return len(self.solver)

    @property
    def postings(self) -> Postings:
        """What does not change with other tickets."""
        return Postings(self.words, self.starts, self.posting_ticket, self.posting_count)


def learn(corpus: Corpus) -> History:
    """Return what the corpus' solved tickets teach; the last one is the youngest."""
    is_solved = corpus.solver >= 0
    # Where all are solved nothing is copied: a copy of a large index is as much memory again.
    solved = corpus if is_solved.all() else corpus.at(np.flatnonzero(is_solved))
    return history_of(solved, postings_of(solved))


def history_of(solved: Corpus, postings: Postings) -> History:
    """Return what the tickets of a corpus teach, all of them solved, given their postings.

    All that changes with every solved ticket is worked out here: how rare a word is, so each posting's weight.
    """
    said = np.diff(postings.starts)
    idf = (np.log((1.0 + len(solved)) / (1.0 + said)) + 1.0).astype(np.float32)
    weight = np.log(postings.count)
    weight += np.float32(1.0)
    weight *= np.repeat(idf, said)
    length = np.sqrt(_summed(postings.ticket, weight, len(solved))).astype(np.float32)
    weight /= np.maximum(length, np.float32(1e-9))[postings.ticket]
    codes, solver = np.unique(solved.solver, return_inverse=True)
    return History(
        words=postings.words,
        idf=idf,
        starts=postings.starts,
        posting_ticket=postings.ticket,
        posting_count=postings.count,
        posting_weight=weight,
        vector=solved.vector,
        solver=solver.astype(np.int32),
        solvers=tuple(solved.solvers[code] for code in codes),
        by_solver=order_of(solver).astype(np.int32),
        solver_starts=np.searchsorted(np.sort(solver), np.arange(len(codes) + 1)).astype(np.int64),
        centroid_length=_centroid_lengths(postings, weight, solver.astype(np.int32), len(codes)),
        fields=solved.fields,
        values={name: {value: place for place, value in enumerate(solved.values[name])} for name in solved.fields},
    )


def age_weights(count: int, half_life: float) -> NDArray[np.float64]:
    """Return the weights of tickets 0 to count - 1, the last one the youngest; see `signals.weight_of_age`."""
    age = np.arange(count - 1, -1, -1, dtype=np.float64)
    weights: NDArray[np.float64] = np.where(age <= WINDOW_HALF_LIVES * half_life, np.exp2(-age / half_life), 0.0)
    return weights


def _summed(ticket: Integers, weight: Floats, tickets: int) -> NDArray[np.float64]:
    """Return the sum of each ticket's squared weights; some postings at a time, as new memory costs most."""
    sums = np.zeros(tickets)
    for first in range(0, len(ticket), _SUMMED_AT_ONCE):
        part = slice(first, first + _SUMMED_AT_ONCE)
        sums += np.bincount(ticket[part], weight[part] * weight[part], minlength=tickets)
    return sums


def _centroid_lengths(postings: Postings, weight: Floats, solver: Integers, solvers: int) -> Floats:
    """Return the length of the sum of each expert's tickets, weighted by age, (half-lives, s).

    Some words at a time, as in `_summed`.
    """
    squares = np.zeros((len(CENTROID_HALF_LIVES), solvers))
    aged = [age_weights(len(solver), half_life) for half_life in CENTROID_HALF_LIVES]
    breaks = np.searchsorted(postings.starts, np.arange(0, len(weight), _SUMMED_AT_ONCE))
    for first, last in pairwise(dict.fromkeys([*breaks.tolist(), len(postings.words)])):
        here = slice(postings.starts[first], postings.starts[last])
        order = order_of(solver[postings.ticket[here]])  # by expert, then word, then ticket
        ticket, part = postings.ticket[here][order], weight[here][order]
        word = np.repeat(np.arange(last - first), np.diff(postings.starts[first : last + 1]))[order]
        expert = solver[ticket]
        is_first = np.concatenate([[True], (expert[1:] != expert[:-1]) | (word[1:] != word[:-1])])
        begins = np.flatnonzero(is_first)
        for place, weights in enumerate(aged):
            sums = np.add.reduceat(weights[ticket] * part, begins)
            squares[place] += np.bincount(expert[begins], sums * sums, minlength=solvers)
    lengths: Floats = np.sqrt(squares).astype(np.float32)
    return lengths
