"""No recommendation depends on a ticket that comes later, nor on who solved the ticket itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rag_engine.asking import ask
from rag_engine.baseline import baselines
from rag_engine.corpus import Corpus, Row, corpus_of
from rag_engine.replay import BLOCKS, Step, replay
from tests.unit.rag_engine.histories import rows

COUNT = 220
SIZE = COUNT // BLOCKS


def with_another_future(cut: int) -> Corpus:
    """Return the history with everything from ``cut`` on said and solved by others."""
    past, other = rows(COUNT, with_fields=True)[:cut], rows(COUNT, seed=99, with_fields=True)[cut:]
    strange = [
        Row({**row.terms, "unheard": 3}, row.vector, f"new{row.solver}", {"component": "new"}) for row in other
    ]
    return corpus_of([*past, *strange], 512)


def same(one: Step, other: Step) -> bool:
    return one.first == other.first and np.allclose(one.confidence, other.confidence, atol=1e-5)


@pytest.fixture(scope="module")
def as_it_was() -> tuple[Step, ...]:
    return replay(corpus_of(rows(COUNT, with_fields=True), 512), ("component",)).steps


@pytest.mark.parametrize("step", [2, 5, 8])
def test_a_step_is_the_same_whatever_comes_after_it(as_it_was: tuple[Step, ...], step: int) -> None:
    """The queries' own solvers and everything after the block are replaced; what is recommended stays."""
    after = (step + 1) * SIZE
    otherwise = replay(with_another_future(after), ("component",)).steps[:step]
    assert all(same(one, other) for one, other in zip(as_it_was[:step], otherwise, strict=True))


def test_the_solvers_of_the_asked_block_are_not_looked_at() -> None:
    corpus = corpus_of(rows(COUNT), 512)
    cut = 10 * SIZE
    swapped = corpus.solver.copy()
    swapped[cut:] = swapped[cut:][::-1]
    one = ask(corpus, cut, COUNT, ())
    other = ask(replace(corpus, solver=swapped), cut, COUNT, ())
    assert np.array_equal(one.questions.signals, other.questions.signals)
    assert np.array_equal(one.candidate, other.candidate)


def test_a_query_of_a_block_does_not_know_the_block() -> None:
    """The same query has the same signals whatever its own block says beside it."""
    corpus = corpus_of(rows(COUNT), 512)
    cut = 6 * SIZE
    alone = ask(corpus, cut, cut + 1, ())
    together = ask(corpus, cut, cut + SIZE, ())
    assert np.array_equal(alone.questions.signals[0], together.questions.signals[0])


def test_the_look_ahead_test_finds_a_look_ahead() -> None:
    """Learning from one ticket too many changes what is recommended: the tests above would see it."""
    corpus = corpus_of(rows(COUNT), 512)
    cut = 6 * SIZE
    honest = ask(corpus, cut, cut + SIZE, ())
    cheating = ask(corpus, cut + SIZE, cut + SIZE + 1, ())
    assert honest.questions.signals.shape[0] == SIZE
    assert not np.array_equal(honest.questions.signals[-1], cheating.questions.signals[0])


def test_the_baseline_looks_at_the_past_alone() -> None:
    """With every block's topics shuffled anew, neighbours know nothing: no figure comes from the future."""
    tickets = rows(COUNT)
    unique = [Row(row.terms, row.vector, f"cre{place // SIZE}", {}) for place, row in enumerate(tickets)]
    found = baselines(corpus_of(unique, 512), 100)
    assert {found.ever, found.given, found.learnt} == {(0.0, 0.0, 0.0, 0.0)}


def test_the_baselines_half_life_is_learnt() -> None:
    """Four people solve everything in turns: only recent tickets tell who will solve the next."""
    in_turns = [Row(row.terms, row.vector, f"cre{place // 150 % 4}", {}) for place, row in enumerate(rows(1_100))]
    found = baselines(corpus_of(in_turns, 512), 1e12)
    assert found.given == found.ever
    assert found.learnt[0] > found.ever[0] + 0.1
