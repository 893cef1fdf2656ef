"""What was solved since the file was made, put into it: as if the file had been made of everything."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import fields

import numpy as np
import pytest

from chalicelib.tickets.ports.index import IndexedTicket
from rag_engine.corpus import Row, corpus_of
from rag_engine.history import History, order_of
from rag_engine.index_file import Index, Paper, empty_index, index_of, papers_of
from rag_engine.joining import with_news
from tests.unit.rag_engine.conftest import MODEL, solved
from tests.unit.rag_engine.histories import TOPICS

WORDS = " ".join(TOPICS).split()


def tickets(count: int, *, seed: int, first: int = 0, days_ago: float = 100.0) -> list[IndexedTicket]:
    chance = random.Random(seed)
    return [
        solved(
            f"t-{first + n}",
            " ".join(chance.choices(WORDS, k=5)),
            f"cre{chance.randrange(6)}",
            days_ago - n / 100,
            component=f"c{chance.randrange(3)}",
        )
        for n in range(count)
    ]


def made_of(whole: Sequence[IndexedTicket]) -> Index:
    """The index of all tickets at once."""
    ordered = sorted(whole, key=lambda one: one.solved_at.timestamp() if one.solved_at else 0.0)
    rows = [Row(one.terms, one.vector, one.solver, one.fields) for one in ordered]
    papers = [Paper(one.ticket_id, one.subject, one.solved_at) for one in ordered if one.solved_at]
    return index_of(corpus_of(rows, MODEL.dimension), papers_of(papers))


OLD = tickets(60, seed=1)
LATER = tickets(7, seed=2, first=60, days_ago=50)
BEFORE = tickets(5, seed=3, first=70, days_ago=99.85)
AGAIN = tickets(4, seed=4, first=10, days_ago=40)
OTHERS = [solved("x-1", "kernel panic", "new-expert", 3, product="os"), solved("x-2", "", "cre0", 2)]
OPEN = [solved("x-3", "nobody yet", None, 1)]


@pytest.mark.parametrize(
    ("news", "without"),
    [
        (LATER, ""),
        (BEFORE, ""),
        (AGAIN, ""),
        ([*LATER, *BEFORE, *AGAIN, *OTHERS, *OPEN], ""),
        ([], "t-30"),
        (LATER, "t-62"),
        ([*LATER, *AGAIN], "t-11"),
        ([*LATER, *LATER], "t-0"),
        (OPEN, ""),
        ([], "absent"),
    ],
    ids=["later", "between", "replaced", "all at once", "without", "without one of the news",
         "without a replaced one", "told twice", "not solved", "without nothing"],
)  # fmt: skip
def test_an_index_with_news_is_the_index_of_all(news: list[IndexedTicket], without: str) -> None:
    latest = {one.ticket_id: one for one in [*OLD, *news] if one.solver is not None and one.ticket_id != without}
    found, wanted = with_news(made_of(OLD), news, without), made_of(list(latest.values()))
    assert found.papers.ids() == wanted.papers.ids()
    assert found.history is not None
    assert wanted.history is not None
    assert meant(found.history, wanted.history) == meant(wanted.history, wanted.history)
    for name in ("words", "idf", "starts", "posting_ticket", "posting_weight", "vector"):
        assert np.array_equal(getattr(found.history, name), getattr(wanted.history, name)), name


def meant(history: History, like: History) -> dict[str, object]:
    """What a history says of each expert and field, whatever the order of names."""
    experts = sorted(like.solvers)
    lengths = {expert: history.centroid_length[:, history.solvers.index(expert)].tolist() for expert in experts}
    names = [history.solvers[code] for code in history.solver]
    values = {
        name: [
            next((value for value, place in history.values[name].items() if place == code), None) for code in codes
        ]
        for name, codes in history.fields.items()
    }
    return {"lengths": lengths, "solvers": names, "values": values, "experts": sorted(history.solvers)}


def test_an_index_of_nothing_takes_news_and_gives_them_back() -> None:
    one = with_news(empty_index(MODEL.dimension), LATER[:1])
    assert one.papers.ids() == ["t-60"]
    assert with_news(one, [], "t-60").history is None


def test_the_index_itself_stays_as_it_is() -> None:
    index = made_of(OLD)
    assert index.history is not None
    before = {one.name: np.copy(value) for one in fields(History) if isinstance(
        value := getattr(index.history, one.name), np.ndarray)}  # fmt: skip
    with_news(index, [*AGAIN, *LATER], "t-3")
    assert all(np.array_equal(getattr(index.history, name), value) for name, value in before.items())
    assert with_news(index, OPEN) is index


def test_codes_of_more_than_16_bits_keep_their_order() -> None:
    chance = np.random.default_rng(1)
    for most in (5, 70_000, 2**31):
        codes = chance.integers(0, most, 3_000)
        codes[::7] = codes[0]
        assert np.array_equal(order_of(codes), np.argsort(codes, kind="stable"))
