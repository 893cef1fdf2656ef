"""What comes back: ordinary returns are no news, however seldom; far more than usual is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.retail.domain.books import HISTORY_DAYS, StoreBook, days_until, write_book
from chalicelib.retail.domain.facts import StoreDay
from chalicelib.retail.domain.return_findings import return_findings
from tests.fakes.retail.chain import LAST

GROSS, LEAST = 100_000, 2_500
STORES = ("S1", "S2", "S3", "S4", "S5", "S6")


def a_book(returns: dict[tuple[str, int], int], gross: dict[str, int] | None = None) -> StoreBook:
    """Return a chain's book.

    Args:
        returns: (store, days before the last) -> cents taken back; 0 on the other days.
        gross: of the last day, where it is not the usual.
    """
    facts = [
        StoreDay(
            store, LAST - timedelta(days=back), 100, 0, (gross or {}).get(store, GROSS) if back == 0 else GROSS,
            returns.get((store, back), 0), 0, 0, 0, 50, 100, True, 1, 0, (),
        )
        for store in STORES for back in range(HISTORY_DAYS, -1, -1)
    ]  # fmt: skip
    return write_book(facts, LAST, dict.fromkeys(days_until(LAST, HISTORY_DAYS + 1), 1 << 40))


SELDOM = {(store, 5 + place): 9_000 + 1_000 * place for place, store in enumerate(STORES)}
"""Every store took something back once in the last weeks."""


@pytest.mark.parametrize(
    ("cents", "raised"),
    [(14_000, []), (19_000, []), (20_000, ["store:S1"]), (200_000, ["store:S1"])],
    ids=["more than the store's own record", "not far above the others'", "far above", "fraud"],
)
def test_where_returns_are_seldom_the_others_say_what_is_usual(cents: int, raised: list[str]) -> None:
    book = a_book({**SELDOM, ("S1", 0): cents})
    assert [one.scope for one in return_findings(book, LEAST)] == raised


def test_where_nothing_ever_came_back_the_first_return_that_matters_is_told() -> None:
    assert [one.scope for one in return_findings(a_book({("S1", 0): 9_000}), LEAST)] == ["store:S1"]


def test_one_store_that_took_back_a_fortune_does_not_hide_the_next() -> None:
    before = {**SELDOM, ("S6", 3): 900_000}
    assert [one.scope for one in return_findings(a_book({**before, ("S1", 0): 60_000}), LEAST)] == ["store:S1"]


def test_a_store_that_takes_back_every_day_is_measured_by_itself() -> None:
    daily = {(store, back): 4_000 + 100 * (back % 7) for store in STORES[:1] for back in range(HISTORY_DAYS + 1)}
    big = {("S2", 4): 500_000}
    assert list(return_findings(a_book({**daily, **big}), LEAST)) == []
    assert [one.scope for one in return_findings(a_book({**daily, **big, ("S1", 0): 30_000}), LEAST)] == [
        "store:S1"
    ]


def test_a_store_that_sold_nothing_and_took_much_back_is_told() -> None:
    (found,) = return_findings(a_book({("S1", 0): 50_000}, {"S1": 0}), LEAST)
    assert (found.money_cents, found.facts) == (50_000, {"returnsShare": None, "grossCents": 0})


@pytest.mark.parametrize(("first", "raised"), [(59, ["store:S1"]), (10, [])], ids=["known for weeks", "new"])
def test_a_store_that_sells_now_and_then_is_judged_by_the_days_the_company_knows(
    first: int, raised: list[str]
) -> None:
    book = a_book({("S1", 0): 50_000})
    columns = book.stores["S1"]
    for back in range(1, HISTORY_DAYS + 1):
        if back != first:
            columns["net"][HISTORY_DAYS - back] = columns["returns"][HISTORY_DAYS - back] = None
    assert [one.scope for one in return_findings(book, LEAST)] == raised
