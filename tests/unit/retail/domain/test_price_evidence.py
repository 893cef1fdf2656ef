"""What the products of a category testify about their prices."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.retail.domain.price_evidence import (
    FOR_SHARE,
    NEW,
    NO_WEIGHTS,
    PRODUCTS,
    SHORT,
    Hearing,
    Past,
    weigh,
)
from chalicelib.retail.domain.price_outcomes import CELLS
from chalicelib.retail.domain.price_shares import SHARES

PRICES = st.lists(st.integers(1, 2_000).map(float), min_size=1, max_size=12)


def test_lines_at_new_prices_and_the_money_they_are_short_are_counted() -> None:
    hearing = Hearing(NO_WEIGHTS)
    hearing.hear("Tea", [199.0, 139.0, 139.0], [2, 3, 1], Past([199.0, 249.0], 10, 199.0))
    heard = hearing.testimony["Tea"]
    assert heard[PRODUCTS] == 1
    assert heard[NEW] == pytest.approx(2 / 3)
    assert heard[SHORT] == 4 * 60.0


def test_a_new_price_above_the_usual_is_not_short_of_it() -> None:
    hearing = Hearing(NO_WEIGHTS)
    hearing.hear("Tea", [259.0], [1], Past([199.0], 10, 199.0))
    assert hearing.testimony["Tea"][SHORT] == 0


@given(PRICES)
def test_a_product_counts_once_a_share_in_however_many_stores_it_sold(prices: list[float]) -> None:
    hearing = Hearing(NO_WEIGHTS)
    hearing.hear("Tea", prices, [1] * len(prices), Past([199.0, 249.0], 10, 199.0))
    assert sum(hearing.ordinary) == pytest.approx(len(SHARES))
    assert sum(hearing.discounted) == pytest.approx(len(SHARES))


def test_stores_are_heard_one_by_one_and_their_products_are_counted_once() -> None:
    weights = [float(cell) for cell in range(CELLS)]
    past = Past([199.0, 249.0], 10, 199.0)
    by_store, alone = Hearing(weights), Hearing(weights)
    by_store.hear_by_store(["store:A", "store:B"], [199.0, 139.0], [1, 2], past)
    alone.hear("store:B", [139.0], [2], past)
    assert by_store.testimony["store:B"] == alone.testimony["store:B"]
    assert by_store.testimony["store:A"][NEW] == 0
    assert sum(by_store.ordinary) == pytest.approx(len(SHARES))


def test_a_store_that_sent_two_files_has_each_product_once() -> None:
    weights = [float(cell) for cell in range(CELLS)]
    past = Past([199.0], 10, 199.0)
    one, two = Hearing(weights), Hearing(weights)
    one.hear_by_store(["store:A"], [139.0], [5], past)
    two.hear_by_store(["store:A", "store:A"], [139.0, 139.0], [2, 3], past)
    assert two.testimony == one.testimony


@given(st.integers(1, 400))
def test_of_many_prices_some_stand_for_all(count: int) -> None:
    hearing = Hearing(NO_WEIGHTS)
    hearing.hear("Meat", [101.0 + number for number in range(count)], [1] * count, Past([100.0], 10, 100.0))
    heard = hearing.testimony["Meat"]
    assert heard[PRODUCTS] == 1
    assert heard[NEW] == pytest.approx(1)
    assert sum(hearing.ordinary) == pytest.approx(len(SHARES))


@pytest.mark.parametrize("odd", [10, 49, 51, 200])
def test_the_price_that_most_lines_have_decides_among_many(odd: int) -> None:
    hearing = Hearing([float(cell) for cell in range(CELLS)])
    usual, lines = Past([199.0], 30, 199.0), [139.0] * 9_900
    hearing.hear("Tea", [*lines, *(300.0 + number for number in range(odd))], [1] * (9_900 + odd), usual)
    alone = Hearing([float(cell) for cell in range(CELLS)])
    alone.hear("Tea", lines, [1] * 9_900, usual)
    assert hearing.testimony["Tea"][FOR_SHARE:] == pytest.approx(alone.testimony["Tea"][FOR_SHARE:], rel=0.05)


def test_where_nothing_is_known_no_price_says_anything() -> None:
    assert weigh([]) == [0.0] * CELLS


def test_a_cell_weighs_what_discounts_bring_oftener_than_ordinary_days() -> None:
    ordinary, discounted = [0.0] * CELLS, [0.0] * CELLS
    ordinary[0], ordinary[5], discounted[0], discounted[5] = 990, 10, 10, 990
    weights = weigh([(ordinary, discounted)] * 3)
    assert weights[5] == pytest.approx(math.log(99), abs=0.05)
    assert weights[0] == pytest.approx(-math.log(99), abs=0.05)
    assert weights[1] == 0, "what was never seen says nothing"


def test_in_a_company_of_steady_prices_a_discount_is_heard_and_told_from_the_others() -> None:
    days = []
    for _ in range(30):
        ordinary = Hearing(NO_WEIGHTS)
        for product in range(40):
            usual = 199.0 + 10 * product
            ordinary.hear("Tea", [usual], [1], Past([usual], 30, usual))
        days.append((ordinary.ordinary, ordinary.discounted))
    hearing = Hearing(weigh(days))
    for product in range(5):
        usual = 199.0 + 10 * product
        hearing.hear("Tea", [round(usual * 0.7)], [1], Past([usual], 30, usual))
        hearing.hear("Coffee", [usual], [1], Past([usual], 30, usual))
    for_share = dict(zip(SHARES, hearing.testimony["Tea"][FOR_SHARE:], strict=True))
    assert max(for_share, key=lambda share: for_share[share]) == 0.7
    assert for_share[0.7] > 20 > 0 > max(hearing.testimony["Coffee"][FOR_SHARE:])
