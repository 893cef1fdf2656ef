"""Which tickets say which words, and how often: of every word its tickets, in the order of time.

Made anew by sorting all words of all tickets, or of those of a large index and of a few tickets by putting the few
in their places, which takes a hundredth of the time and gives the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag_engine.corpus import Corpus, Floats, Hashes, Integers


@dataclass(frozen=True, slots=True)
class Postings:
    """P postings of V different words."""

    words: Hashes
    """(V,), sorted, each said by a ticket."""
    starts: NDArray[np.int64]
    """(V + 1,): word v's postings are the places starts[v] to starts[v + 1]."""
    ticket: Integers
    """(P,), rising within a word."""
    count: Floats
    """(P,)."""

    def renumbered(self, place: Integers) -> Postings:
        """Return the postings of the tickets that stay.

        Args:
            place: of each ticket its new place, rising; -1: it leaves.
        """
        ticket = place[self.ticket]
        if not (ticket < 0).any():
            return Postings(self.words, self.starts, ticket, self.count)
        stays = ticket >= 0
        said = np.diff(np.concatenate([[0], np.cumsum(stays)])[self.starts])
        return Postings(self.words[said > 0], _starts(said[said > 0]), ticket[stays], self.count[stays])

    def merged(self, other: Postings) -> Postings:
        """Return the postings of both; the other's are few, and of other tickets."""
        words = np.union1d(self.words, other.words)
        tickets = 1 + max((int(one.ticket.max()) for one in (self, other) if len(one.ticket)), default=0)
        places = np.searchsorted(self._order(words, tickets), other._order(words, tickets))
        said = np.zeros(len(words), np.int64)
        for one in (self, other):
            said[np.searchsorted(words, one.words)] += np.diff(one.starts)
        return Postings(
            words,
            _starts(said),
            np.insert(self.ticket, places, other.ticket),
            np.insert(self.count, places, other.count),
        )

    def _order(self, words: Hashes, tickets: int) -> NDArray[np.int64]:
        """Return a number of each posting that rises with its word's place in ``words``, then with its ticket."""
        word = np.searchsorted(words, self.words).astype(np.int64)
        return np.repeat(word * tickets, np.diff(self.starts)) + self.ticket


def postings_of(corpus: Corpus) -> Postings:
    """Return the postings of all tickets of the corpus."""
    ticket = np.repeat(np.arange(len(corpus), dtype=np.int32), np.diff(corpus.starts))
    # np.unique with its inverse is the same, and takes twice the time of it.
    words = np.sort(corpus.word)
    words = words[np.diff(words, prepend=~words[:1]) != 0]
    word = np.searchsorted(words, corpus.word)
    order = order_of(word)
    return Postings(words, _starts(np.bincount(word, minlength=len(words))), ticket[order], corpus.count[order])


def order_of(codes: NDArray[Any]) -> NDArray[np.int64]:
    """Return the stable order of codes below 2**32, by 16 bits at a time: five times as fast as 32 at once."""
    order = np.argsort((codes & 0xFFFF).astype(np.uint16), kind="stable")
    if len(codes) and int(codes.max()) > 0xFFFF:
        order = order[np.argsort((codes >> 16).astype(np.uint16)[order], kind="stable")]
    return order


def _starts(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
