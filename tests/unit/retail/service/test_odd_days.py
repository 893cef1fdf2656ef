"""Mornings of odd companies: one store, no past, gaps, returns alone, nothing but zeros, giants."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.retail.adapters.report_pages import PagePrinter
from chalicelib.retail.domain.facts import ProductSheet, StoreDay
from tests.fakes.retail.chain import LAST, MORNING, Chain
from tests.fakes.retail.morning import MorningSimulation


def reported(simulation: MorningSimulation) -> dict[str, Any]:
    """Run the morning with the pages really drawn, and return the report."""
    execution = simulation.run()
    assert execution.status == "SUCCEEDED", execution.cause
    assert simulation.shelf.files["reports/2025-01-15/report.pdf"].startswith(b"%PDF")
    assert len(simulation.mails) == 1
    assert simulation.alerts == [], "every part was computed"
    assert simulation.report()["unavailable"] == []
    return simulation.report()


@pytest.fixture
def simulation() -> MorningSimulation:
    return MorningSimulation(PagePrinter())


def put(simulation: MorningSimulation, store: str, day: date, units: int, returned: int, cents: int) -> None:
    """Put a store's day of one product, at so many cents a piece."""
    simulation.facts.put(
        StoreDay(
            store, day, units, returned, units * cents, returned * cents, 0, 0, 0, units or None, 1, True, 1,
            MORNING - 86400 * (LAST - day).days, ("upload",),
        ),
        ProductSheet(
            store, day, "upload", 1, 0, ["P1"], [None], [units], [returned], [units * cents], [returned * cents],
            [0], [0], [0],
        ),
    )  # fmt: skip


def test_a_company_of_one_store_learns_of_a_drop(simulation: MorningSimulation) -> None:
    chain = Chain(1)
    chain.fill(simulation.facts, LAST)
    chain.sell(simulation.facts, "S01", LAST, factor=0.3)
    report = reported(simulation)
    assert report["items"][0]["kind"] == "sales_low"
    assert report["company"]["completeness"]["expectedStores"] == 1


def test_the_first_day_ever_is_reported_without_comparisons(simulation: MorningSimulation) -> None:
    Chain(3).fill(simulation.facts, LAST, days=1)
    report = reported(simulation)
    assert report["items"] == []
    assert report["company"]["against"]["sameWeekday"] == {"netCents": None, "changeCents": None, "change": None}


@pytest.mark.parametrize("days", [1, 2, 3, 5, 30])
def test_the_first_mornings_can_be_computed(simulation: MorningSimulation, days: int) -> None:
    Chain(3).fill(simulation.facts, LAST, days=days)
    assert reported(simulation)["unavailable"] == []
    assert simulation.alerts == []


def test_days_without_any_sales_are_no_days_of_zero(simulation: MorningSimulation) -> None:
    chain = Chain(3)
    for back in range(60):
        if (LAST - timedelta(days=back)).weekday() != 6:  # closed on Sundays
            for store in chain.stores:
                chain.sell(simulation.facts, store, LAST - timedelta(days=back))
    report = reported(simulation)
    assert report["items"] == []
    assert None in [one["netCents"] for one in report["company"]["history"]]


def test_a_day_of_returns_alone_is_negative_and_said_so(simulation: MorningSimulation) -> None:
    for back in range(40, 0, -1):
        put(simulation, "S01", LAST - timedelta(days=back), 100, 1, 250)
    put(simulation, "S01", LAST, 0, 30, 250)
    report = reported(simulation)
    assert report["company"]["day"]["netCents"] == -7_500
    assert "-75.00 USD" in report["verdict"]
    assert "S01" in str([item["scope"] for item in report["items"]]) or report["items"][0]["scope"] == "company"


def test_a_past_of_zeros_divides_nothing(simulation: MorningSimulation) -> None:
    for back in range(40, 0, -1):
        put(simulation, "S01", LAST - timedelta(days=back), 5, 0, 0)
    put(simulation, "S01", LAST, 5, 0, 100)
    assert reported(simulation)["company"]["against"]["yesterday"]["change"] is None


def test_money_of_a_trillion_is_counted_to_the_cent(simulation: MorningSimulation) -> None:
    for back in range(40, -1, -1):
        put(simulation, "S01", LAST - timedelta(days=back), 1_000, 0, 10**12 + 1)
    assert reported(simulation)["company"]["day"]["netCents"] == 1_000 * (10**12 + 1)
