"""Tickets in the order of time, as arrays: what every method learns from and is asked about.

Arrays of a corpus of n tickets, T words in all of them:

    starts      int64 (n + 1,)      ticket i's words are the places starts[i] to starts[i + 1]
    word        uint64 (T,)         the word's hash (`word_hash`)
    count       float32 (T,)        how often the ticket says it
    vector      n vectors of d      of length 1, zeros for a ticket without words
    solver      int32 (n,)          place in ``solvers``; -1: not solved
    fields      name -> int32 (n,)  place in the name's list of ``values``; -1: not given
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag_engine.vectors import Vectors

Floats = NDArray[np.float32]
Integers = NDArray[np.int32]
Hashes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Row:
    """One ticket, before it is put into arrays."""

    terms: Mapping[str, int]
    vector: Sequence[float] | Floats
    solver: str | None
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Query:
    """A ticket that asks for an expert. Its solver is no part of it."""

    word: Hashes
    count: Floats
    vector: Floats
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Corpus:
    """See the module's docstring."""

    starts: NDArray[np.int64]
    word: Hashes
    count: Floats
    vector: Vectors
    solver: Integers
    solvers: tuple[str, ...]
    fields: Mapping[str, Integers]
    values: Mapping[str, tuple[str, ...]]

    def __len__(self) -> int:
        return len(self.solver)

    def query(self, place: int) -> Query:
        """Return the ticket at ``place`` as a query: everything but who solved it."""
        words = slice(self.starts[place], self.starts[place + 1])
        fields = {
            name: self.values[name][codes[place]] for name, codes in self.fields.items() if codes[place] >= 0
        }
        return Query(self.word[words], self.count[words], self.vector.take(np.array([place]))[0], fields)

    def before(self, cut: int) -> Corpus:
        """Return the first ``cut`` tickets; names of solvers and values keep their places."""
        return Corpus(
            starts=self.starts[: cut + 1],
            word=self.word[: self.starts[cut]],
            count=self.count[: self.starts[cut]],
            vector=self.vector.before(cut),
            solver=self.solver[:cut],
            solvers=self.solvers,
            fields={name: codes[:cut] for name, codes in self.fields.items()},
            values=self.values,
        )

    def at(self, places: NDArray[np.int64]) -> Corpus:
        """Return the tickets at ``places``, in that order; names of solvers and values keep their places."""
        lengths = np.diff(self.starts)[places]
        words = ranges(self.starts[places], lengths)
        return Corpus(
            starts=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            word=self.word[words],
            count=self.count[words],
            vector=self.vector.at(places),
            solver=self.solver[places],
            solvers=self.solvers,
            fields={name: codes[places] for name, codes in self.fields.items()},
            values=self.values,
        )


def word_hash(word: str) -> int:
    """Return the 64 bits a word is known by."""
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=8).digest(), "little")


def query_of(terms: Mapping[str, int], vector: Sequence[float], fields: Mapping[str, str]) -> Query:
    """Return a query of a new ticket."""
    return Query(
        word=np.array([word_hash(word) for word in terms], np.uint64),
        count=np.array(list(terms.values()), np.float32),
        vector=np.asarray(vector, np.float32),
        fields=fields,
    )


def ranges(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the places starts[0] .. starts[0] + lengths[0] - 1, starts[1] .. in one array."""
    if not len(starts):
        return np.zeros(0, np.int64)
    offsets = np.cumsum(lengths) - lengths
    places: NDArray[np.int64] = np.arange(int(lengths.sum()), dtype=np.int64) + np.repeat(
        starts - offsets, lengths
    )
    return places


def corpus_of(rows: Iterable[Row], dimension: int) -> Corpus:
    """Return the rows as arrays, in the order given, which must be the order of time.

    A row is read once and not kept, so that a file of hundreds of thousands fits into memory.
    """
    known: dict[str, int] = {}
    lengths = [0]
    words, counts = array("Q"), array("f")
    vectors: list[Floats] = []
    solved_by: list[str | None] = []
    given: list[Mapping[str, str]] = []
    for row in rows:
        for word in row.terms:
            if word not in known:
                known[word] = word_hash(word)
            words.append(known[word])
        counts.extend(row.terms.values())
        lengths.append(len(row.terms))
        vectors.append(np.asarray(row.vector, np.float32))
        solved_by.append(row.solver)
        given.append(row.fields)
    solvers = tuple(dict.fromkeys(solver for solver in solved_by if solver is not None))
    solver_places = {solver: place for place, solver in enumerate(solvers)}
    names = dict.fromkeys(name for fields in given for name in fields)
    values = {name: tuple(dict.fromkeys(fields[name] for fields in given if name in fields)) for name in names}
    places = {name: {value: place for place, value in enumerate(values[name])} for name in names}
    return Corpus(
        starts=np.cumsum(lengths, dtype=np.int64),
        word=np.frombuffer(words, np.uint64) if words else np.zeros(0, np.uint64),
        count=np.frombuffer(counts, np.float32) if counts else np.zeros(0, np.float32),
        vector=Vectors(np.array(vectors, np.float32).reshape(len(vectors), dimension)),
        solver=np.array([-1 if solver is None else solver_places[solver] for solver in solved_by], np.int32),
        solvers=solvers,
        fields={
            name: np.array([places[name].get(fields.get(name, ""), -1) for fields in given], np.int32)
            for name in names
        },
        values=values,
    )
