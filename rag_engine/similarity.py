"""How near every solved ticket is to a query: by words, and by vectors."""

from __future__ import annotations

import numpy as np

from rag_engine.corpus import Floats, Query
from rag_engine.history import History

MOST_WORDS = 64
"""Words of a query that are looked up, those that say most."""
MOST_POSTINGS = 400_000
"""Of them, until so many tickets have been touched: of a hundred thousand tickets, common words say nothing."""
YOUNGEST = 20_000
"""Tickets whose vectors are compared with every query; of older ones the `BY_WORDS` nearest by words."""
BY_WORDS = 4_000


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
    touched = 0
    for at in np.argsort(-weight, kind="stable")[:MOST_WORDS]:
        postings = slice(history.starts[place[at]], history.starts[place[at] + 1])
        touched += postings.stop - postings.start
        if touched > MOST_POSTINGS:
            break
        near[history.posting_ticket[postings]] += history.posting_weight[postings] * np.float32(
            weight[at] / length
        )
    return near


def dense(history: History, query: Query, by_words: Floats) -> Floats:
    """Return the cosine of each ticket's vector with the query's, squared, 0 where it is negative, (n,).

    Of a long history the old tickets that share no words with the query are not compared, and are 0.
    """
    first = max(0, len(history) - YOUNGEST)
    near = np.zeros(len(history), np.float32)
    near[first:] = history.vector.since(first) @ query.vector
    if first:
        count = min(BY_WORDS, first)
        older = np.argpartition(-by_words[:first], count - 1)[:count]
        near[older] = history.vector.take(older) @ query.vector
    near = np.maximum(near, 0.0)
    return near * near
