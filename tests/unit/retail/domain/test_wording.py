"""The verdict's figures."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.core.ai.figures import strangers
from chalicelib.retail.domain.findings import FOLLOWED_DAYS, Finding
from chalicelib.retail.domain.recommendations import for_finding
from chalicelib.retail.domain.wording import (
    amount,
    finding_text,
    not_shown_words,
    percent,
    scope_words,
    stake_words,
    verdict,
)

COMPANY = {
    "day": {"netCents": 500_000},
    "against": {"sameWeekday": {"change": -0.3}},
    "expected": {"low": 600_000, "high": 800_000},
    "completeness": {"missingStores": 1, "reportedStores": 1_169, "expectedStores": 1_170},
}


def test_money_at_stake_is_counted_once() -> None:
    items = [
        {"kind": "sales_low", "scope": "company", "money_cents": 200_000},
        {"kind": "sales_low", "scope": "store:S1", "money_cents": 90_000},
        {"kind": "no_data", "scope": "store:S2", "money_cents": 80_000},
        {"kind": "lines_small", "scope": "category:milk", "money_cents": 60_000},
    ]
    assert "4 things need attention, 2,000 USD at stake" in verdict("2025-01-15", COMPANY, items, "USD")
    assert "3 things need attention, 1,700 USD at stake" in verdict("2025-01-15", COMPANY, items[1:], "USD")


def test_large_numbers_of_stores_are_readable() -> None:
    assert "1,169 of 1,170 stores reported; nothing needs action." in verdict("2025-01-15", COMPANY, [], "USD")


def test_what_was_sold_beyond_the_usual_is_not_at_stake() -> None:
    more = {"kind": "sales_high", "scope": "store:S3", "money_cents": 900_000}
    less = {"kind": "sales_low", "scope": "store:S1", "money_cents": 90_000}
    assert "2 things need attention, 900.00 USD at stake." in verdict("2025-01-15", COMPANY, [more, less], "USD")
    assert verdict("2025-01-15", COMPANY, [more], "USD").endswith("one thing needs attention.")
    assert (stake_words(more, "USD"), stake_words(less, "USD")) == ("", "900.00 USD at stake")


def test_who_could_not_look_does_not_say_that_all_is_well() -> None:
    blind = verdict("2025-01-15", COMPANY, [], "USD", ["anomalies"])
    assert blind.endswith("; what is unusual could not be computed.")
    young = COMPANY | {"expected": None, "against": {"sameWeekday": {"change": None}}}
    assert verdict("2025-01-15", young, [], "USD").endswith("; too few days are known to say what is unusual.")


@pytest.mark.parametrize(
    ("cents", "said"),
    [
        (99_999, "999.99"),
        (100_000, "1,000"),
        (-999_999_999_900, "-9,999,999,999"),
        (1_000_000_000_000, "10,000M"),
        (-5_313_340_000_000_000, "-53,133bn"),
    ],
)
def test_money_of_any_size_fits_a_column_and_is_the_same_figure(cents: int, said: str) -> None:
    assert amount(cents) == said
    assert strangers(f"{said} USD", {"cents": cents}) == []


def test_small_words() -> None:
    assert (percent(-0.0001), percent(0.0004), percent(-0.001)) == ("0.0 %", "0.0 %", "-0.1 %")
    assert (scope_words("company"), scope_words("store:a:b")) == ("the company", "store a:b")
    assert (not_shown_words(1), not_shown_words(2)) == (
        "One smaller one is not shown.",
        "2 smaller ones are not shown.",
    )


def test_how_long_a_finding_lasts_is_said_as_far_as_it_was_followed() -> None:
    def said(days: int) -> str:
        return finding_text(
            Finding(
                "no_data",
                "company",
                "2025-01-15",
                9_000,
                0,
                9_000,
                8_000,
                10_000,
                "2025-01-02",
                days,
                {"stores": 3},
            ),
            "USD",
        )

    plain = "3 stores together sent no sales; on a Wednesday they usually sell 90.00 USD."
    assert said(1) == plain
    assert said(13) == f"{plain} Day 13 since 2025-01-02."
    assert said(FOLLOWED_DAYS) == f"{plain} For 14 days or more."


def test_goods_without_a_category_are_no_category() -> None:
    facts = {"lines": 9, "affected": 8, "share": 0.9}
    one = Finding("prices_low", "category:unclassified", "2025-01-15", 1_000, 1, 2, 2, 2, "2025-01-15", 1, facts)
    assert finding_text(one, "USD").startswith("Goods without a category sold 8 of 9 products")
    assert scope_words(one.scope) == "goods without a category"
    low = replace(one, kind="sales_low", facts={})
    assert for_finding(low).action == "Check stock and listing of goods without a category in all stores."
