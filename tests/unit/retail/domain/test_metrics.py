"""A morning's figures."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.retail.domain.books import HISTORY_DAYS, StoreBook, days_until, write_book
from chalicelib.retail.domain.metrics import company_metrics, product_metrics
from tests.fakes.retail.chain import LAST, MORNING, Chain
from tests.fakes.retail.reports import FakeDailyFacts


def book(facts: FakeDailyFacts) -> StoreBook:
    noon = {day: MORNING + 8 * 3600 - 86400 * back for back, day in enumerate(reversed(days_until(LAST, 61)))}
    return write_book(facts.store_days(LAST - timedelta(days=HISTORY_DAYS), LAST), LAST, noon)


def company(stores: int = 3) -> tuple[Chain, FakeDailyFacts]:
    chain, facts = Chain(stores, products=4), FakeDailyFacts()
    chain.fill(facts, LAST)
    return chain, facts


def test_sums_are_those_of_the_stores() -> None:
    _, facts = company()
    metrics = company_metrics(book(facts))
    today = [fact for (_, day), fact in facts.days.items() if day == LAST]
    assert metrics["day"]["netCents"] == sum(fact.net_cents for fact in today)
    assert metrics["day"]["tickets"] == sum(fact.tickets or 0 for fact in today)
    assert metrics["day"]["marginShare"] == pytest.approx(0.5, abs=0.001)
    yesterday = sum(f.net_cents for (_, day), f in facts.days.items() if day == LAST - timedelta(days=1))
    assert metrics["against"]["yesterday"]["netCents"] == yesterday


def test_month_to_date_is_compared_with_the_same_weekdays_four_weeks_before() -> None:
    _, facts = company()
    month = company_metrics(book(facts))["against"]["monthToDate"]
    before = [LAST - timedelta(days=28 + back) for back in range(15)]
    assert month["netCents"] == sum(f.net_cents for (_, day), f in facts.days.items() if day in before)


def closed_on_saturdays(facts: FakeDailyFacts) -> None:
    for store, day in list(facts.days):
        if day.weekday() == 5:
            facts.remove(store, day)


def test_month_to_date_is_compared_where_the_company_is_closed_on_a_weekday() -> None:
    _, facts = company()
    closed_on_saturdays(facts)
    before = [LAST - timedelta(days=28 + back) for back in range(15)]
    sold = sum(fact.net_cents for (_, day), fact in facts.days.items() if day in before)
    assert company_metrics(book(facts))["against"]["monthToDate"]["netCents"] == sold
    for store in ("S01", "S02", "S03"):  # a holiday then, no holiday now
        facts.remove(store, LAST - timedelta(days=28 + 6))
    assert company_metrics(book(facts))["against"]["monthToDate"]["netCents"] is None


def test_a_store_that_sells_now_and_then_is_not_missed() -> None:
    _, facts = company(5)
    closed_on_saturdays(facts)
    for back in range(61):
        day = LAST - timedelta(days=back)
        if back not in (4, 9, 20, 33) and day.weekday() != 5:
            facts.remove("S02", day)  # four days in nine weeks
        if back < 5 and day.weekday() != 5:
            facts.remove("S03", day)  # silent for some days
        if back != 1 and day.weekday() != 5:
            facts.remove("S04", day)  # new, and silent on its second day
        if back < 15 and day.weekday() != 5:
            facts.remove("S05", day)  # gone for long
    complete = company_metrics(book(facts))["completeness"]
    assert (complete["missing"], complete["expectedStores"]) == (["S03", "S04"], 3)


def test_one_store_without_tickets_makes_the_companys_unknown() -> None:
    _, facts = company()
    facts.days["S01", LAST] = facts.days["S01", LAST]._replace(tickets=None)
    day = company_metrics(book(facts))["day"]
    assert (day["tickets"], day["basketCents"]) == (None, None)


def test_who_is_missing_late_or_damaged() -> None:
    chain, facts = company()
    facts.remove("S01", LAST)
    chain.sell(facts, "S02", LAST, arrived=MORNING + 12 * 3600)
    chain.sell(facts, "S03", LAST, complete=False)
    complete = company_metrics(book(facts))["completeness"]
    assert (complete["reportedStores"], complete["expectedStores"]) == (2, 3)
    assert (complete["missing"], complete["late"], complete["damaged"]) == (["S01"], ["S02"], ["S03"])


def test_a_book_travels_unchanged() -> None:
    _, facts = company()
    made = book(facts)
    assert StoreBook.from_json(made.as_json()) == made


def test_products_add_up_to_categories() -> None:
    products = {"P1": ["dairy", 3, 0, 300, 0, 0, 0, 0, [], []], "P2": ["dairy", 1, 1, 100, 100, 0, 0, 0, [], []]}
    weeks = [{"P1": ["dairy", 2, 0, 200, 0, 0, 0, 0, [], []]}] * 5
    metrics = product_metrics(products, weeks)
    (dairy,) = metrics["categories"]
    assert (dairy["netCents"], dairy["units"], dairy["returnsCents"]) == (300, 4, 100)
    assert dairy["sameWeekday"] == {"netCents": 200, "changeCents": 100, "change": 0.5}
    assert [one["product"] for one in metrics["topProducts"]] == ["P1", "P2"]
