"""An index and the tickets solved since it was made, put together by arrays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from chalicelib.tickets.ports.index import IndexedTicket
from rag_engine.corpus import Corpus, Integers, Row, corpus_of
from rag_engine.history import history_of
from rag_engine.index_file import Index, Paper, index_of, papers_of
from rag_engine.postings import postings_of


def with_news(index: Index, news: Sequence[IndexedTicket], without: str = "") -> Index:
    """Return the index with the news in it, as if it had been made of all of them, in the order of solving.

    Words are not sorted anew and vectors stay where they are, so few news take a fraction of the time of an index.

    Args:
        index: is not changed.
        news: those that are solved; each replaces an older ticket of its id, in the index or among the news.
        without: the ticket left out, wherever it is.
    """
    latest = {ticket.ticket_id: ticket for ticket in news if ticket.solver is not None}
    ids = index.papers.ids() if latest or without else []
    leaves = np.array([ticket_id in latest or ticket_id == without for ticket_id in ids], bool)
    latest.pop(without, None)
    if not latest and not leaves.any():
        return index
    corpus, papers = index.corpus, index.papers
    if leaves.any():
        stay = np.flatnonzero(~leaves)
        corpus, papers = corpus.at(stay), papers.at(stay)
    joining = sorted(((_solved_at(one), one) for one in latest.values()), key=lambda one: one[0])
    rows = [Row(one.terms, one.vector, one.solver, one.fields) for _, one in joining]
    joined = corpus_of(rows, corpus.vector.dimension)
    shown = papers_of([Paper(one.ticket_id, one.subject, moment) for moment, one in joining])
    # What was solved at the same moment comes behind what is known.
    before = np.searchsorted(papers.solved, shown.solved, side="right")
    corpus, papers = with_inserted(corpus, before, joined), papers.with_inserted(before, shown)
    if index.history is None or not len(corpus):
        return index_of(corpus, papers)
    place = np.full(len(leaves), -1, np.int32)
    place[~leaves] = np.delete(np.arange(len(corpus)), before + np.arange(len(before)))
    known = index.history.postings.renumbered(place)
    told = postings_of(joined).renumbered((before + np.arange(len(before))).astype(np.int32))
    return Index(corpus, history_of(corpus, known.merged(told)), papers)


def with_inserted(one: Corpus, before: NDArray[np.int64], other: Corpus) -> Corpus:
    """Return the tickets of both, each of ``other`` before the place of ``one`` that ``before`` says."""
    solvers = tuple(dict.fromkeys((*one.solvers, *other.solvers)))
    names = tuple(dict.fromkeys((*one.fields, *other.fields)))
    values = {
        name: tuple(dict.fromkeys((*one.values.get(name, ()), *other.values.get(name, ())))) for name in names
    }
    lengths = np.diff(other.starts)
    words = np.repeat(one.starts[before], lengths)
    return Corpus(
        starts=np.concatenate([[0], np.cumsum(np.insert(np.diff(one.starts), before, lengths))]).astype(np.int64),
        word=np.insert(one.word, words, other.word),
        count=np.insert(one.count, words, other.count),
        vector=one.vector.with_inserted(before, other.vector),
        solver=np.insert(
            _recoded(one.solver, one.solvers, solvers), before, _recoded(other.solver, other.solvers, solvers)
        ),
        solvers=solvers,
        fields={
            name: np.insert(_field(one, name, values[name]), before, _field(other, name, values[name]))
            for name in names
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


def _solved_at(ticket: IndexedTicket) -> datetime:
    return ticket.solved_at or ticket.arrived_at
