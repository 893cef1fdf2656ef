"""An index and the tickets solved since it was made, put together by arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from chalicelib.tickets.ports.index import IndexedTicket
from rag_engine.corpus import Corpus, Integers, Row, corpus_of
from rag_engine.index_file import Index, Paper, index_of, papers_of


def with_news(index: Index, news: Sequence[IndexedTicket], without: str = "") -> Index:
    """Return the index with the news in it, as if it had been made of all of them, in the order of solving.

    Args:
        index: is not changed.
        news: those that are solved; each replaces an older ticket of its id, in the index or among the news.
        without: the ticket left out, wherever it is.
    """
    latest = {ticket.ticket_id: ticket for ticket in news if ticket.solver is not None}
    ids = index.papers.ids() if latest or without else []
    leaves = [ticket_id in latest or ticket_id == without for ticket_id in ids]
    latest.pop(without, None)
    if not latest and not any(leaves):
        return index
    corpus, papers = index.corpus, index.papers
    # Each step copies every vector, and most news come after all that is known and replace nothing.
    if any(leaves):
        stay = np.flatnonzero(~np.array(leaves))
        corpus, papers = corpus.at(stay), papers.at(stay)
    if latest:
        rows = [Row(one.terms, one.vector, one.solver, one.fields) for one in latest.values()]
        corpus = joined(corpus, corpus_of(rows, corpus.vector.shape[1]))
        shown = [Paper(one.ticket_id, one.subject, one.solved_at or one.arrived_at) for one in latest.values()]
        papers = papers.then(papers_of(shown))
    if (np.diff(papers.solved) < 0).any():
        order = np.argsort(papers.solved, kind="stable")
        corpus, papers = corpus.at(order), papers.at(order)
    return index_of(corpus, papers)


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
