"""What is known of the solved tickets up to a moment: their words as postings, their experts, their fields.

Learnt from the tickets of a corpus that are solved, and from no other. Lengths: n tickets, V different words,
P postings, s experts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chalicelib.tickets.domain.matching.signals import CENTROID_HALF_LIVES, WINDOW_HALF_LIVES
from rag_engine.corpus import Corpus, Floats, Hashes, Integers


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
    posting_weight: Floats
    """(P,): (1 + log count) * idf, each ticket's of length 1."""
    vector: Floats
    """(n, d)."""
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


def learn(corpus: Corpus) -> History:
    """Return what the corpus' solved tickets teach; the last one is the youngest."""
    solved = np.flatnonzero(corpus.solver >= 0)
    lengths = np.diff(corpus.starts)[solved]
    words_at = ranges(corpus.starts[solved], lengths)
    ticket = np.repeat(np.arange(len(solved), dtype=np.int32), lengths)
    words, word = np.unique(corpus.word[words_at], return_inverse=True)
    idf = (np.log((1.0 + len(solved)) / (1.0 + np.bincount(word, minlength=len(words)))) + 1.0).astype(np.float32)
    weight = (1.0 + np.log(corpus.count[words_at])) * idf[word]
    length = np.sqrt(np.bincount(ticket, weight * weight, minlength=len(solved)))
    weight = (weight / np.maximum(length[ticket], 1e-9)).astype(np.float32)
    codes, solver = np.unique(corpus.solver[solved], return_inverse=True)
    order = np.argsort(word, kind="stable")
    return History(
        words=words,
        idf=idf,
        starts=np.searchsorted(word[order], np.arange(len(words) + 1)).astype(np.int64),
        posting_ticket=ticket[order],
        posting_weight=weight[order],
        vector=np.ascontiguousarray(corpus.vector[solved]),
        solver=solver.astype(np.int32),
        solvers=tuple(corpus.solvers[code] for code in codes),
        by_solver=np.argsort(solver, kind="stable").astype(np.int32),
        solver_starts=np.searchsorted(np.sort(solver), np.arange(len(codes) + 1)).astype(np.int64),
        centroid_length=_centroid_lengths(ticket, word, weight, solver, len(words), len(codes)),
        fields={name: values[solved] for name, values in corpus.fields.items()},
        values={name: {value: place for place, value in enumerate(corpus.values[name])} for name in corpus.fields},
    )


def age_weights(count: int, half_life: float) -> NDArray[np.float64]:
    """Return the weights of tickets 0 to count - 1, the last one the youngest; see `signals.weight_of_age`."""
    age = np.arange(count - 1, -1, -1, dtype=np.float64)
    weights: NDArray[np.float64] = np.where(age <= WINDOW_HALF_LIVES * half_life, np.exp2(-age / half_life), 0.0)
    return weights


def ranges(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the places starts[0] .. starts[0] + lengths[0] - 1, starts[1] .. in one array."""
    if not len(starts):
        return np.zeros(0, np.int64)
    offsets = np.cumsum(lengths) - lengths
    places: NDArray[np.int64] = np.arange(int(lengths.sum()), dtype=np.int64) + np.repeat(
        starts - offsets, lengths
    )
    return places


def _centroid_lengths(
    ticket: Integers, word: NDArray[Any], weight: Floats, solver: NDArray[Any], words: int, solvers: int
) -> Floats:
    pairs, pair = np.unique(solver[ticket].astype(np.int64) * max(words, 1) + word, return_inverse=True)
    lengths = np.zeros((len(CENTROID_HALF_LIVES), solvers), np.float32)
    for place, half_life in enumerate(CENTROID_HALF_LIVES):
        sums = np.bincount(pair, age_weights(len(solver), half_life)[ticket] * weight, minlength=len(pairs))
        lengths[place] = np.sqrt(np.bincount(pairs // max(words, 1), sums * sums, minlength=solvers))
    return lengths
