"""How near every solved ticket is to a query: by words, and by vectors."""

from __future__ import annotations

import numpy as np

from rag_engine.corpus import Floats, Query
from rag_engine.history import History

MOST_WORDS = 64
"""Words of a query that are looked up, those that say most."""


def lexical(history: History, query: Query) -> Floats:
    """Return the TF-IDF cosine of each ticket with the query, (n,)."""
    near = np.zeros(len(history), np.float32)
    if not len(query.word) or not len(history.words):
        return near
    place = np.minimum(np.searchsorted(history.words, query.word), len(history.words) - 1)
    known = history.words[place] == query.word
    place = place[known]
    weight = (1.0 + np.log(query.count[known])) * history.idf[place]
    length = float(np.sqrt((weight * weight).sum()))
    for at in np.argsort(-weight, kind="stable")[:MOST_WORDS]:
        postings = slice(history.starts[place[at]], history.starts[place[at] + 1])
        near[history.posting_ticket[postings]] += history.posting_weight[postings] * np.float32(
            weight[at] / length
        )
    return near


def dense(history: History, query: Query) -> Floats:
    """Return the cosine of each ticket's vector with the query's, squared, 0 where it is negative, (n,)."""
    near: Floats = np.maximum(history.vector @ query.vector, 0.0)
    return near * near
