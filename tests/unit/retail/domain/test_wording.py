"""The verdict's figures."""

from __future__ import annotations

from chalicelib.retail.domain.wording import verdict

COMPANY = {
    "day": {"netCents": 500_000},
    "against": {"sameWeekday": {"change": -0.3}},
    "expected": {"low": 600_000, "high": 800_000},
    "completeness": {"missingStores": 1, "reportedStores": 1_169, "expectedStores": 1_170},
}


def test_money_at_stake_is_counted_once() -> None:
    items = [
        {"scope": "company", "money_cents": 200_000},
        {"scope": "store:S1", "money_cents": 90_000},
        {"scope": "store:S2", "money_cents": 80_000},
        {"scope": "category:milk", "money_cents": 60_000},
    ]
    assert "4 things need attention, 2,000 USD at stake" in verdict("2025-01-15", COMPANY, items, "USD")
    assert "3 things need attention, 1,700 USD at stake" in verdict("2025-01-15", COMPANY, items[1:], "USD")


def test_large_numbers_of_stores_are_readable() -> None:
    assert "1,169 of 1,170 stores reported; nothing needs action." in verdict("2025-01-15", COMPANY, [], "USD")
