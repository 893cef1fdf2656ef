"""What a wholesaler's invoices, returns and cancellations add up to, against plain decimal arithmetic."""

from __future__ import annotations

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.retail.domain.sales import MOST_LINE_CENTS
from tests.fakes.retail.sale_rows import json_lines
from tests.fakes.retail.upload_desk import UploadDesk

KEY = "uploads/invoices.jsonl"
PRICES = st.one_of(st.decimals(0, 1_000, places=2), st.decimals(0, 40_000, places=4), st.integers(0, 10_000_000))


@st.composite
def invoices(draw: st.DrawFn) -> dict[str, Any]:
    """Return a row: sold, returned or cancelled, with an odd name here and there."""
    price = draw(PRICES)
    pieces = min(80_995, int(MOST_LINE_CENTS / max(1, price * 100)))
    quantity = draw(st.integers(-pieces, pieces).filter(bool))
    most = float(min(abs(quantity) * price, 10_000_000))
    row = {
        "store": draw(st.sampled_from(["United Kingdom", "Côte d'Ivoire", "日本", 'quo"te'])),
        "date": draw(st.sampled_from(["2010-12-01", "2010-12-01T08:26:00", "2011-12-09"])),
        "product": draw(st.sampled_from(["85123A", "POST", "gift_0001_20", 22632])),
        "quantity": quantity,
        "unit_price": float(price),
        "transaction": f"{'C' if quantity < 0 else ''}{draw(st.integers(536365, 536370))}",
        "description": draw(st.sampled_from(["HEART, WHITE", "\U0001f384 ??? \x85", "CAFÉ"])),
    }
    if draw(st.booleans()) and most >= 0.01:
        row["discount"] = int(draw(st.integers(0, int(most * 50)))) / 100
    return row


def cents(amount: Decimal) -> int:
    return int((amount * 100).quantize(Decimal(1), ROUND_HALF_UP))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(invoices(), min_size=1, max_size=40), st.sampled_from([2, 50_000]))
def test_gross_returns_discounts_and_net_are_right_to_the_cent(rows: list[dict[str, Any]], held: int) -> None:
    expected: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * 5)
    sold_in: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        quantity, price = row["quantity"], Decimal(repr(row["unit_price"]))
        place = (row["store"], row["date"][:10])
        sums = expected[place]
        returned = quantity < 0
        sums[returned] += abs(quantity)
        sums[2 + returned] += cents(abs(quantity) * price)
        sums[4] += cents(Decimal(repr(row.get("discount", 0)))) * (-1 if returned else 1)
        if not returned:
            sold_in[place].add(row["transaction"])
    desk = UploadDesk()
    desk.put(KEY, json_lines(*rows))
    result = desk.process(KEY, held)
    assert result["rows"] == {"in": len(rows), "kept": len(rows), "quarantined": 0}
    days = {(one.store_id, one.day.isoformat()): one for one in desk.facts.days.values()}
    assert {
        place: [one.units_sold, one.units_returned, one.gross_cents, one.returns_cents, one.discount_cents]
        for place, one in days.items()
    } == expected
    for place, one in days.items():
        _, _, gross, returns, discount = expected[place]
        assert one.net_cents == gross - returns - discount
        assert one.tickets == len(sold_in[place])
    sheets = [line for sheet in desk.facts.sheets.values() for line in sheet.rows()]
    assert sum(line.gross_cents - line.returns_cents for line in sheets) == sum(
        sums[2] - sums[3] for sums in expected.values()
    )


def test_what_is_no_sale_is_refused_by_name() -> None:
    good = {"store": "UK", "date": "2010-12-01", "product": "22632", "quantity": 1, "unit_price": 1.25}
    desk = UploadDesk()
    desk.put(
        KEY,
        json_lines(
            good,
            good | {"unit_price": -11062.06},
            good | {"quantity": 0},
            good | {"date": "12/1/2010 8:26"},
            good | {"product": ""},
            good | {"store": None},
            good | {"quantity": 0.5},
            good | {"unit_price": "1,25"},
        ),
    )
    result = desk.process(KEY)
    assert result["rows"] == {"in": 8, "kept": 1, "quarantined": 7}
    entries = desk.files.quarantined[result["quarantineKey"]]
    assert [(one["line"], one["problems"][0]["path"], one["problems"][0]["code"]) for one in entries] == [
        (2, "unit_price", "out_of_range"),
        (3, "quantity", "zero_quantity"),
        (4, "date", "invalid_date"),
        (5, "product", "wrong_length"),
        (6, "store", "required"),
        (7, "quantity", "not_whole"),
        (8, "unit_price", "wrong_type"),
    ]
    assert all(one["problems"][0]["message"] for one in entries)
