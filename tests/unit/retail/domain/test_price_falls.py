"""A category's prices that fall together, told from promotions."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from chalicelib.retail.domain.price_evidence import Hearing, Past, Testimony, weigh
from chalicelib.retail.domain.price_falls import LEAST_DAYS, Fall, Falls
from chalicelib.retail.domain.price_shares import SHARES

DAY = date(2025, 1, 15)
PRICES = {f"C{category}": [199 + 130 * product + 17 * category for product in range(5)] for category in range(8)}
"""Category -> what its products cost, in cents."""
Cut = Callable[[str], float]
"""Category -> the share of its prices it is sold at."""


def as_usual(_: str) -> float:
    return 1.0


def cut(of: str, share: float) -> Cut:
    return lambda category: share if category == of else 1.0


class Company:
    """Days of a company that learns what its prices testify; a product in ten has a new price."""

    def __init__(self) -> None:
        self.days: dict[str, dict[str, Testimony]] = {}
        self._chance = random.Random(7)
        self._cells: list[tuple[list[float], list[float]]] = []

    def sell(self, back: int, share_of: Cut = as_usual, promotions: float = 0.1) -> None:
        """Let the day ``back`` days before `DAY` be sold."""
        hearing = Hearing(weigh(self._cells))
        for category, prices in PRICES.items():
            for usual in prices:
                price = float(usual)
                if self._chance.random() < promotions:
                    price *= self._chance.choice((0.83, 0.94, 1.07))
                if share_of(category) < 1:
                    price = round(usual * share_of(category))
                hearing.hear(category, [price] * 2, [3, 1], Past([usual * 0.95, usual], 30, usual))
        self.days[(DAY - timedelta(days=back)).isoformat()] = hearing.testimony
        self._cells.append((hearing.ordinary, hearing.discounted))

    def falls(self, day: date = DAY, least: float = 100.0) -> list[Fall]:
        return list(Falls(self.days, least).on(day.isoformat()))


def after(days: int, share_of: Cut = as_usual) -> Company:
    company = Company()
    for back in range(days, 0, -1):
        company.sell(back)
    company.sell(0, share_of)
    return company


@pytest.mark.parametrize("share", SHARES)
def test_a_category_at_any_round_share_of_its_prices_is_found(share: float) -> None:
    (found,) = after(60, cut("C3", share)).falls()
    assert (found.scope, found.day, found.share) == ("C3", DAY.isoformat(), share)


@pytest.mark.parametrize("share", [0.45, 0.37, 0.1])
def test_a_category_below_half_of_its_prices_is_found_whatever_the_share(share: float) -> None:
    (found,) = after(60, cut("C3", share)).falls()
    assert (found.scope, found.share) == ("C3", None)


def test_promotions_of_single_products_are_none() -> None:
    company = after(100)
    told = [fall for back in range(58) for fall in company.falls(DAY - timedelta(days=back))]
    assert len(told) <= 5, "in eight weeks"


def test_little_money_is_not_worth_a_line() -> None:
    assert after(60, cut("C3", 0.7)).falls(least=1e9) == []


def test_nothing_is_said_before_enough_days_are_known() -> None:
    assert after(LEAST_DAYS - 1, cut("C3", 0.7)).falls() == []
    assert len(after(LEAST_DAYS, cut("C3", 0.7)).falls()) == 1


def test_a_category_that_fell_as_far_before_is_not_unusual() -> None:
    company = after(60, cut("C3", 0.7))
    earlier = (DAY - timedelta(days=20)).isoformat()
    company.days[earlier]["C3"] = company.days[DAY.isoformat()]["C3"]
    assert company.falls() == []


def test_where_some_category_is_at_half_price_each_week_that_is_usual_and_a_third_off_is_not() -> None:
    def told(share: float) -> list[str]:
        company = Company()
        for back in range(60, 0, -1):
            company.sell(back, cut(f"C{back % 8}", 0.5) if back % 7 == 0 else as_usual)
        company.sell(0, cut("C3", share))
        return [fall.scope for fall in company.falls()]

    assert told(0.5) == []
    assert told(0.7) == ["C3"]


def test_a_day_before_is_judged_by_what_was_known_then() -> None:
    company = after(60, cut("C3", 0.7))
    company.sell(-1)
    (found,) = company.falls()
    assert (found.scope, found.day) == ("C3", DAY.isoformat())


def test_a_day_that_is_not_there_and_one_without_sales_have_nothing() -> None:
    company = after(60, cut("C3", 0.7))
    assert company.falls(DAY + timedelta(days=1)) == []
    company.days[(DAY + timedelta(days=2)).isoformat()] = {}
    assert company.falls(DAY + timedelta(days=2)) == []
