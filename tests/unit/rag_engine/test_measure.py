"""The signals by arrays are the signals by the plain rules."""

from __future__ import annotations

import math

import numpy as np
import pytest

from chalicelib.tickets.domain.matching.signals import CENTROID_HALF_LIVES, Solved, names, signals, weight_of_age
from rag_engine.corpus import Query, Row, corpus_of, word_hash
from rag_engine.history import learn
from rag_engine.measure import Measure
from tests.unit.rag_engine.histories import rows

FIELDS = ("component", "opener")


def tfidf(terms: dict[str, int], seen: list[Row]) -> dict[str, float]:
    weights = {}
    for word, count in terms.items():
        tickets = sum(word in row.terms for row in seen)
        if tickets:
            weights[word] = (1 + math.log(count)) * (math.log((1 + len(seen)) / (1 + tickets)) + 1)
    length = math.sqrt(sum(w * w for w in weights.values())) or 1.0
    return {word: weight / length for word, weight in weights.items()}


def cosine(one: dict[str, float], other: dict[str, float]) -> float:
    return sum(weight * other.get(word, 0.0) for word, weight in one.items())


def lengths(seen: list[Row]) -> dict[float, dict[str, float]]:
    found: dict[float, dict[str, float]] = {}
    for half_life in CENTROID_HALF_LIVES:
        sums: dict[str, dict[str, float]] = {}
        for place, row in enumerate(seen):
            age = weight_of_age(len(seen) - 1 - place, half_life)
            total = sums.setdefault(str(row.solver), {})
            for word, weight in tfidf(dict(row.terms), seen).items():
                total[word] = total.get(word, 0.0) + age * weight
        found[half_life] = {
            expert: math.sqrt(sum(w * w for w in total.values())) for expert, total in sums.items()
        }
    return found


def as_query(row: Row, **fields: str) -> Query:
    return Query(
        np.array([word_hash(word) for word in row.terms], np.uint64),
        np.array(list(row.terms.values()), np.float32),
        np.asarray(row.vector, np.float32),
        fields or dict(row.fields),
    )


@pytest.mark.parametrize("fields", [{}, {"component": "c1", "opener": "never seen"}])
@pytest.mark.parametrize("count", [1, 7, 90])
def test_arrays_agree_with_the_rules(count: int, fields: dict[str, str]) -> None:
    *seen, asked = rows(count + 1, with_fields=True)
    asked = Row(asked.terms, asked.vector, asked.solver, fields)
    history = learn(corpus_of(seen, len(asked.vector)))

    by_arrays, _, _ = Measure(history, FIELDS).signals(as_query(asked, **fields))

    solved = [
        Solved(
            str(row.solver),
            cosine(tfidf(dict(asked.terms), seen), tfidf(dict(row.terms), seen)),
            max(0.0, sum(a * b for a, b in zip(row.vector, asked.vector, strict=True))) ** 2,
            row.fields,
        )
        for row in seen
    ]
    by_rules = signals(solved, lengths(seen), fields, FIELDS)
    for place, expert in enumerate(history.solvers):
        assert dict(zip(names(FIELDS), by_arrays[place], strict=True)) == pytest.approx(
            dict(zip(names(FIELDS), by_rules[expert], strict=True)), abs=2e-3
        )


def test_a_query_without_words_is_measured_by_activity_alone() -> None:
    seen = rows(50)
    history = learn(corpus_of(seen, 512))
    measure = Measure(history, ())
    empty = Query(np.zeros(0, np.uint64), np.zeros(0, np.float32), np.zeros(512, np.float32), {})
    found, by_words, by_vector = measure.signals(empty)
    assert np.isfinite(found).all()
    assert not by_words.any()
    assert not by_vector.any()


def test_tickets_that_are_not_solved_teach_nothing() -> None:
    seen = rows(40)
    mixed = [Row(row.terms, row.vector, row.solver if place % 2 else None, {}) for place, row in enumerate(seen)]
    history = learn(corpus_of(mixed, 512))
    assert len(history) == 20
    alone = learn(corpus_of([row for row in mixed if row.solver], 512))
    assert np.array_equal(history.posting_weight, alone.posting_weight)
