"""What a price can be, against those a product had."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.retail.domain.price_outcomes import CELLS, SEEN, cells_of, discounted_cells_of
from chalicelib.retail.domain.price_shares import SHARES, is_known, is_share

AT_70 = SHARES.index(0.7)
HAD = st.lists(st.integers(1, 500_000).map(float), min_size=1, max_size=30).map(lambda prices: sorted(set(prices)))


def cell(price: float, known: Sequence[float], seen: int = 3) -> int:
    return list(cells_of(price, known, seen))[AT_70]


def test_a_price_is_known_but_for_rounding_and_for_what_tills_round_to() -> None:
    known = [139.0, 199.0]
    assert is_known(199.5, known)
    assert is_known(138.6, known)
    assert not is_known(197.0, known)
    assert is_known(1_249_500.0, [1_250_000.0]), "large figures are rounded to more than a cent"


def test_the_shares_of_a_price_are_those_of_any_price_it_had() -> None:
    assert {share for share in SHARES if is_share(139.3, share, [199.0, 1000.0])} == {0.7}
    assert not any(is_share(139.3, share, []) for share in SHARES)


def test_a_known_price_a_new_one_and_the_lowest_are_told_apart_each_at_a_share_or_not() -> None:
    known = [100.0, 150.0, 300.0]
    told = {
        "known": cell(150, known),
        "known, and 70 % of an earlier one": cell(210, [210.0, 300.0]),
        "new": cell(151.5, known),
        "new, at 70 %": cell(210, known),
        "lowest": cell(95, known),
        "lowest, at 70 %": cell(70, known),
    }
    assert len(set(told.values())) == 6, told


@pytest.mark.parametrize(("one", "other"), [(1, 2), (3, 4), (9, 10), (29, 30)])
def test_a_product_seen_often_is_of_another_kind(one: int, other: int) -> None:
    assert other in SEEN
    assert cell(150, [100.0], one) != cell(150, [100.0], other)


def test_a_product_sold_by_weight_is_of_another_kind() -> None:
    steady, restless = [100.0, 120.0], [float(price) for price in range(100, 120)]
    assert cell(500, steady, 20) != cell(500, restless, 20)


@given(st.floats(0.01, 1e6), HAD, st.integers(0, 60))
def test_each_share_has_one_cell_whatever_the_price(price: float, known: list[float], more: int) -> None:
    for cells in (cells_of(price, known, len(known) + more), discounted_cells_of(price, known, len(known) + more)):
        counted = list(cells)
        assert len(counted) == len(SHARES)
        assert all(0 <= one < CELLS for one in counted)


@given(st.integers(100, 1_000_000).map(float), HAD, st.integers(0, 60))
def test_a_price_would_be_where_it_is_once_it_is_discounted(price: float, known: list[float], more: int) -> None:
    seen = len(known) + more
    for place, would_be in enumerate(discounted_cells_of(price, known, seen)):
        assert list(cells_of(price * SHARES[place], known, seen))[place] == would_be
