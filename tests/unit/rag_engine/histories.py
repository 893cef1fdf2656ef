"""A made-up history of tickets: topics with words of their own, experts who change over time."""

from __future__ import annotations

import random

from chalicelib.core.ai.embedded import HashingEmbeddingModel
from chalicelib.tickets.domain.text import term_counts
from rag_engine.corpus import Corpus, Row, corpus_of

TOPICS = ("replica lag wal", "login token session", "invoice tax rounding", "map tiles zoom", "queue retry dead")


def rows(count: int, *, seed: int = 1, with_fields: bool = False) -> list[Row]:
    """Return ``count`` solved tickets in the order of time."""
    chance = random.Random(seed)
    model = HashingEmbeddingModel()
    made = []
    for place in range(count):
        topic = chance.randrange(len(TOPICS))
        said = [*chance.choices(TOPICS[topic].split(), k=3), *(f"word{chance.randrange(60)}" for _ in range(5))]
        text = " ".join(said)
        era = place * 3 // count
        solver = f"cre{topic}{era}" if chance.random() < 0.8 else f"cre{chance.randrange(5)}{era}"
        fields = {"component": f"c{topic}", "opener": f"o{chance.randrange(20)}"} if with_fields else {}
        made.append(Row(term_counts(text), model.embed([text])[0], solver, fields))
    return made


def corpus(count: int, *, seed: int = 1, with_fields: bool = False) -> Corpus:
    """Return the same as arrays."""
    return corpus_of(rows(count, seed=seed, with_fields=with_fields), HashingEmbeddingModel.dimension)
