"""The win model finds what was planted, keeps quiet where there is nothing, and never sees the end."""

from __future__ import annotations

import random
from typing import Any

import pytest

from chalicelib.opportunities.adapters.data_files import catalogue
from chalicelib.opportunities.domain.history import deals
from chalicelib.opportunities.domain.winning import learn
from chalicelib.opportunities.domain.winning.levels import levels_of
from chalicelib.opportunities.domain.winning.logistic import chance_of, fit
from chalicelib.opportunities.service.analyzing import usable
from localcloud.demos.sales_history import sales_history
from tests.fakes.opportunities.world import joined

COLUMNS = ["account", "product", "sales_agent", "sector", "series", "sales_price", "revenue", "engage_date"]


def closed(count: int, seed: int, signal: float) -> tuple[list[dict[str, Any]], list[bool]]:
    history = deals(joined(sales_history(count, seed=seed, signal=signal)))
    return [deal.row for deal in history], [deal.won for deal in history]


def test_a_planted_signal_is_found_and_means_what_it_says() -> None:
    rows, won = closed(9_000, 1, 1.0)
    model = learn(rows[:3_000], won[:3_000], COLUMNS)
    assert model.has_signal
    assert {"sector", "product"} & set(model.columns)
    said = sorted((model.chance(row), ended) for row, ended in zip(rows[3_000:], won[3_000:], strict=True))
    parts = [said[n * len(said) // 5 : (n + 1) * len(said) // 5] for n in range(5)]
    for part in parts:
        assert abs(sum(p for p, _ in part) - sum(e for _, e in part)) / len(part) < 0.06
    assert parts[-1][0][0] - parts[0][-1][0] > 0.2


@pytest.mark.parametrize("seed", range(4))
def test_luck_alone_is_no_signal(seed: int) -> None:
    rows, won = closed(2_000, seed, 0.0)
    model = learn(rows, won, COLUMNS)
    assert not model.has_signal
    assert {model.chance(row) for row in rows[:50]} == {sum(won) / len(won)}
    assert model.evidence.why


@pytest.mark.parametrize("count", [0, 1, 50])
def test_few_rows_are_too_few(count: int) -> None:
    model = learn([{"sector": "a"}] * count, [True] * count, ["sector"])
    assert not model.has_signal
    assert "too few" in model.evidence.why


def test_all_won_is_no_signal() -> None:
    assert not learn([{"sector": str(n % 3)} for n in range(500)], [True] * 500, ["sector"]).has_signal


def test_what_is_known_only_after_the_end_is_never_used() -> None:
    history = deals(joined(sales_history(300)))
    columns = usable(history, catalogue())
    assert not {"deal_stage", "close_date", "close_value", "opportunity_id", "pipeline_year"} & set(columns)
    assert {"sector", "product", "engage_date", "sales_agent"} <= set(columns)
    for deal in history:
        deal.row["cycle_days"] = deal.won
    assert "cycle_days" not in usable(history, catalogue())


def test_a_new_level_and_a_missing_value_add_nothing_wild() -> None:
    rows, won = closed(2_500, 2, 1.0)
    model = learn(rows, won, COLUMNS)
    assert 0.2 < model.chance({}) < 0.9
    assert 0.2 < model.chance({"sector": "unheard of", "sales_price": "many"}) < 0.9


def test_kinds_of_columns() -> None:
    draw = random.Random(1)
    rows = [
        {"n": draw.random(), "d": f"2025-{n % 12 + 1:02}-01", "t": "ab"[n % 2], "id": f"x{n}", "none": None}
        for n in range(400)
    ]
    kinds = {
        name: found.kind if (found := levels_of(name, [row[name] for row in rows])) else None for name in rows[0]
    }
    assert kinds == {"n": "number", "d": "date", "t": "text", "id": None, "none": None}


def test_the_fit_agrees_with_counting() -> None:
    rows = [(n % 2,) for n in range(1_000)]
    won = [(n % 2 == 0 and n % 10 != 0) or n % 20 == 1 for n in range(1_000)]
    found = fit(rows, won, [2], 0.01)
    for level in (0, 1):
        share = sum(w for (row,), w in zip(rows, won, strict=True) if row == level) / 500
        assert chance_of(found.log_odds((level,))) == pytest.approx(share, abs=0.01)
