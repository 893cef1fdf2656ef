"""A category's prices that fall together, told from promotions."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from chalicelib.retail.domain.price_evidence import LEAST_DAYS, Fall, Falls, Testimony, hear, nothing
from chalicelib.retail.domain.price_shares import SHARES, is_known, shares_of

DAY = date(2025, 1, 15)
PRICES = {f"C{category}": [199 + 130 * product + 17 * category for product in range(5)] for category in range(8)}
"""Category -> what its products cost, in cents."""


def day_of(chance: random.Random, share: float = 1.0, of: str = "C3") -> dict[str, Testimony]:
    """Return a day: a product in ten has a new price, and category ``of`` sells at a share of its prices."""
    sold = {}
    for category, prices in PRICES.items():
        sold[category] = nothing()
        for usual in prices:
            price = usual * chance.choice((0.83, 0.94, 1.07)) if chance.random() < 0.1 else float(usual)
            if category == of and share < 1:
                price = round(usual * share)
            hear(sold[category], [price] * 2, [3, 1], [usual * 0.95, usual], usual)
    return sold


def days(share: float, before: int = 40) -> dict[str, dict[str, Testimony]]:
    chance = random.Random(7)
    past = {(DAY - timedelta(days=back)).isoformat(): day_of(chance) for back in range(before, 0, -1)}
    return {**past, DAY.isoformat(): day_of(chance, share)}


def fell(sold: dict[str, dict[str, Testimony]], day: str, least: float) -> list[Fall]:
    return list(Falls(sold, max(sold), least).on(day))


@pytest.mark.parametrize("share", [0.9, 0.8, 0.7, 0.6, 0.5])
def test_a_category_at_any_round_share_of_its_prices_is_found(share: float) -> None:
    (found,) = fell(days(share), DAY.isoformat(), 100.0)
    assert (found.category, found.share) == ("C3", share)


def test_promotions_of_single_products_are_none() -> None:
    assert fell(days(1.0), DAY.isoformat(), 100.0) == []


def test_little_money_is_not_worth_a_line() -> None:
    assert fell(days(0.7), DAY.isoformat(), 1e9) == []


def test_nothing_is_said_before_enough_days_are_known() -> None:
    assert fell(days(0.7, before=LEAST_DAYS - 1), DAY.isoformat(), 100.0) == []
    assert len(fell(days(0.7, before=LEAST_DAYS), DAY.isoformat(), 100.0)) == 1


def test_a_category_that_fell_as_far_before_is_not_unusual() -> None:
    sold = days(0.7)
    earlier = (DAY - timedelta(days=20)).isoformat()
    assert [fall.category for fall in fell(sold, DAY.isoformat(), 100.0)] == ["C3"]
    sold[earlier]["C3"] = sold[DAY.isoformat()]["C3"]
    assert fell(sold, DAY.isoformat(), 100.0) == []


def test_a_day_before_is_judged_by_what_was_known_then() -> None:
    sold = days(0.7)
    sold[(DAY + timedelta(days=1)).isoformat()] = day_of(random.Random(8))
    (found,) = fell(sold, DAY.isoformat(), 100.0)
    assert (found.category, found.day) == ("C3", DAY.isoformat())


def test_a_day_that_is_not_there_has_nothing() -> None:
    assert fell(days(0.7), "2025-01-16", 100.0) == []


def test_a_price_is_known_but_for_rounding_and_for_what_tills_round_to() -> None:
    known = [139.0, 199.0]
    assert is_known(199.5, known)
    assert is_known(138.6, known)
    assert not is_known(197.0, known)
    assert is_known(1_249_500.0, [1_250_000.0]), "large figures are rounded to more than a cent"


def test_the_shares_of_a_price_are_those_of_any_price_it_had() -> None:
    hits = {share for share, hit in zip(SHARES, shares_of(139.3, [199.0, 1000.0]), strict=True) if hit}
    assert hits == {0.7}
    assert not any(shares_of(139.3, []))
