"""Corpora put together and put into another order, by arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rag_engine.corpus import Corpus, Integers
from rag_engine.history import ranges


def chosen(corpus: Corpus, places: NDArray[np.int64]) -> Corpus:
    """Return the tickets at ``places``, in that order."""
    lengths = np.diff(corpus.starts)[places]
    words = ranges(corpus.starts[places], lengths)
    return Corpus(
        starts=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        word=corpus.word[words],
        count=corpus.count[words],
        vector=corpus.vector[places],
        solver=corpus.solver[places],
        solvers=corpus.solvers,
        fields={name: codes[places] for name, codes in corpus.fields.items()},
        values=corpus.values,
    )


def joined(one: Corpus, other: Corpus) -> Corpus:
    """Return the tickets of both, those of ``one`` first."""
    solvers = tuple(dict.fromkeys((*one.solvers, *other.solvers)))
    names = tuple(dict.fromkeys((*one.fields, *other.fields)))
    values = {
        name: tuple(dict.fromkeys((*one.values.get(name, ()), *other.values.get(name, ())))) for name in names
    }
    return Corpus(
        starts=np.concatenate([one.starts, one.starts[-1] + other.starts[1:]]),
        word=np.concatenate([one.word, other.word]),
        count=np.concatenate([one.count, other.count]),
        vector=np.concatenate([one.vector, other.vector]),
        solver=np.concatenate(
            [_recoded(one.solver, one.solvers, solvers), _recoded(other.solver, other.solvers, solvers)]
        ),
        solvers=solvers,
        fields={
            name: np.concatenate([_field(part, name, values[name]) for part in (one, other)]) for name in names
        },
        values=values,
    )


def _field(corpus: Corpus, name: str, values: tuple[str, ...]) -> Integers:
    if name not in corpus.fields:
        return np.full(len(corpus), -1, np.int32)
    return _recoded(corpus.fields[name], corpus.values[name], values)


def _recoded(codes: Integers, before: tuple[str, ...], after: tuple[str, ...]) -> Integers:
    place = {name: at for at, name in enumerate(after)}
    table = np.array([*(place[name] for name in before), -1], np.int32)
    return table[codes]
