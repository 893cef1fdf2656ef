"""What was solved since the file was made, put into it: as if the file had been made of everything."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from chalicelib.tickets.domain.matching.model import prior_model
from chalicelib.tickets.domain.sme import SmeProfile
from chalicelib.tickets.ports.index import IndexedTicket
from rag_engine.corpus import Corpus, Row, corpus_of, query_of
from rag_engine.history import History, history_of
from rag_engine.index_file import Index, Paper, empty_index, index_of, papers_of, read, write
from rag_engine.joining import with_news
from rag_engine.postings import Postings, order_of
from rag_engine.recommend import Matcher
from rag_engine.vectors import Vectors
from tests.unit.rag_engine.conftest import MODEL, NOW, solved
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
    require_same(with_news(made_of(OLD), news, without), made_of(list(latest.values())))


@pytest.mark.parametrize("seed", range(25))
def test_whatever_joins_and_leaves_in_turn_the_index_is_one_made_anew(tmp_path: Path, seed: int) -> None:
    """Rounds of news with ties in time, replaced tickets, new experts and fields, tickets without words; through
    the file or not; not a bit differs, and nobody is recommended otherwise."""
    chance = random.Random(seed)
    known: dict[str, IndexedTicket] = {}
    index = empty_index(MODEL.dimension)
    for round_ in range(4):
        news = [invented(chance, round_) for _ in range(chance.choice([0, 1, 5, 40]))]
        index = with_news(index, news)
        latest = {one.ticket_id: one for one in news if one.solver is not None}
        known = {name: one for name, one in known.items() if name not in latest} | latest
        if index.history is not None and chance.random() < 0.5:
            write(index, tmp_path / f"{round_}.bin")
            index = read(tmp_path / f"{round_}.bin")
    left_out = chance.choice(["", *known])
    known.pop(left_out, None)
    found, wanted = with_news(index, [], left_out), made_of(list(known.values()))
    require_same(found, wanted)
    profiles = [SmeProfile(f"cre{n}", f"Expert {n}") for n in range(9)]
    asked = query_of({"replica": 1, "token": 2}, MODEL.embed(["replica token token"])[0], {"component": "c1"})
    one, other = (Matcher(made, prior_model(MODEL.model_id)).recommend(asked, profiles, NOW)
                  for made in (found, wanted))  # fmt: skip
    assert one == other


def invented(chance: random.Random, round_: int) -> IndexedTicket:
    text = " ".join(chance.choices([*WORDS, f"new{chance.randrange(50)}"], k=chance.choice([0, 1, 5, 12])))
    fields = {"component": f"c{chance.randrange(3)}"} if chance.random() < 0.7 else {f"late{round_}": "x"}
    solver = f"cre{chance.randrange(3 + round_)}" if chance.random() < 0.95 else None
    odd_id = chance.choice(["t", "t[", 't"', "t\\", "t["])
    days_ago = 100 - round_ * 20 - chance.randrange(19) - chance.random()
    if chance.random() < 0.2:
        days_ago = 100.0 - round_ * 20
    return solved(f"{odd_id}{chance.randrange(60)}", f"{text} [", solver, days_ago, **fields)


def require_same(found: Index, wanted: Index) -> None:
    assert found.papers.ids() == wanted.papers.ids()
    assert np.array_equal(found.papers.solved, wanted.papers.solved)
    if wanted.history is None:
        assert found.history is None
        return
    assert found.history is not None
    assert meant(found.history, wanted.history) == meant(wanted.history, wanted.history)
    for name in ("words", "idf", "starts", "posting_ticket", "posting_count", "posting_weight"):
        assert np.array_equal(getattr(found.history, name), getattr(wanted.history, name)), name
    assert np.array_equal(found.history.vector.since(0), wanted.history.vector.since(0))


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
        if (codes >= 0).any()  # a field of replaced tickets alone stays, and says nothing
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


def test_a_word_that_every_ticket_says_is_summed_like_another() -> None:
    """Words are summed some at a time; one word alone may be more than that."""
    count = 250_000
    postings = Postings(
        np.array([7, 9], np.uint64),
        np.array([0, count, count + 1]),
        np.append(np.arange(count), 0).astype(np.int32),
        np.ones(count + 1, np.float32),
    )
    corpus = Corpus(
        starts=np.arange(count + 1),
        word=np.full(count, 7, np.uint64),
        count=np.ones(count, np.float32),
        vector=Vectors(np.zeros((count, 1), np.float32)),
        solver=(np.arange(count) % 2).astype(np.int32),
        solvers=("ann", "bob"),
        fields={},
        values={},
    )
    history = history_of(corpus, postings)
    assert np.allclose(history.centroid_length[-1], count / 2, rtol=1e-5)
    assert np.allclose(history.posting_weight[1:count], 1.0)


def test_codes_of_more_than_16_bits_keep_their_order() -> None:
    chance = np.random.default_rng(1)
    for most in (5, 70_000, 2**31):
        codes = chance.integers(0, most, 3_000)
        codes[::7] = codes[0]
        assert np.array_equal(order_of(codes), np.argsort(codes, kind="stable"))
