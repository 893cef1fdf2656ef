"""Histories made to mislead the win model: what cannot be told stays at the base rate, and nothing breaks."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.core.clock import FixedClock
from chalicelib.opportunities.adapters.data_files import catalogue
from chalicelib.opportunities.domain.history import deals, past_only
from chalicelib.opportunities.domain.winning import learn
from chalicelib.opportunities.service import analyzing
from chalicelib.opportunities.service.requests import analysis_of
from localcloud.demos.sales_history import sales_history
from tests.fakes.opportunities.world import ScriptedModel, joined

Row = dict[str, Any]


def history(
    count: int, column: Callable[[random.Random, int, bool], Any], *, seed: int = 1
) -> tuple[list[Row], list[bool]]:
    """Return rows with one column ``x``, and outcomes that are luck: six of ten won."""
    draw = random.Random(seed)
    won = [draw.random() < 0.6 for _ in range(count)]
    return [{"x": column(draw, place, ended)} for place, ended in enumerate(won)], won


NOTHING_IN_IT: dict[str, Callable[[random.Random, int, bool], Any]] = {
    "a constant": lambda draw, place, won: "always",
    "a constant number": lambda draw, place, won: 7,
    "nothing given": lambda draw, place, won: None,
    "empty texts": lambda draw, place, won: "",
    "a name for each": lambda draw, place, won: f"name {place}",
    "luck": lambda draw, place, won: draw.choice("abcdefgh"),
    "luck with many levels": lambda draw, place, won: str(draw.randrange(100)),
    "random numbers": lambda draw, place, won: draw.random() * 1e12,
    "no numbers": lambda draw, place, won: draw.choice([math.nan, math.inf, -math.inf]),
    "numbers, texts and truths": lambda draw, place, won: draw.choice([1, "1", 1.0, True, None, "x", ""]),
    "dates that are none": lambda draw, place, won: draw.choice(["2025-13-45", "0000-00-00", "9999-12-31", "?"]),
    "the order of the rows": lambda draw, place, won: place,
    "the end, for half of them": lambda draw, place, won: str(won if place < 1_000 else draw.random() < 0.6),
    "the end turned round halfway": lambda draw, place, won: str(won if place < 1_000 else not won),
    "the end, for one in five hundred": lambda draw, place, won: str(won) if place % 500 == 0 else "unknown",
}  # fmt: skip


@pytest.mark.parametrize("name", NOTHING_IN_IT)
def test_a_column_with_nothing_in_it_leaves_the_base_rate(name: str) -> None:
    rows, won = history(2_000, NOTHING_IN_IT[name])
    model = learn(rows, won, ["x"])
    assert not model.has_signal
    assert {model.chance(row) for row in rows[:100]} == {sum(won) / len(won)}


@pytest.mark.parametrize("seed", range(3))
def test_forty_columns_of_luck_are_still_luck(seed: int) -> None:
    draw = random.Random(seed)
    won = [draw.random() < 0.6 for _ in range(1_000)]
    rows = [{f"c{n}": draw.choice("abcd") for n in range(40)} for _ in won]
    assert not learn(rows, won, [f"c{n}" for n in range(40)]).has_signal


def test_a_column_that_tells_much_is_believed_but_never_beyond_doubt() -> None:
    rows, won = history(2_000, lambda draw, place, ended: "yes" if (draw.random() < 0.8) == ended else "no")
    model = learn(rows, won, ["x"])
    assert model.has_signal
    assert 0.7 < model.chance({"x": "yes"}) < 0.95
    assert 0.05 < model.chance({"x": "no"}) < 0.5
    assert model.chance({"x": "never seen"}) == pytest.approx(sum(won) / len(won), abs=0.25)


TELLS_THE_END: dict[str, Callable[[random.Random, int, bool], Any]] = {
    "the end itself": lambda draw, place, won: "yes" if won else "no",
    "filled in for the won ones": lambda draw, place, won: round(draw.random(), 3) if won else None,
    "a date for the lost ones": lambda draw, place, won: "" if won else f"2025-{1 + place % 12:02}-03",
    "days, longer for the lost ones": lambda draw, place, won: draw.randrange(5, 30) + (0 if won else 24),
    "the end, mistyped now and then": lambda draw, place, won: str(won if draw.random() < 0.96 else not won),
}  # fmt: skip


@pytest.mark.parametrize("name", TELLS_THE_END)
def test_a_column_that_tells_the_end_is_left_out_and_told(name: str) -> None:
    rows, won = history(2_000, TELLS_THE_END[name])
    model = learn(rows, won, ["x"])
    assert not model.has_signal
    assert [column for column, _ in model.evidence.left_out] == ["x"]
    assert "tells the end" in model.evidence.left_out[0][1]


def test_what_cannot_be_used_is_told() -> None:
    rows, won = history(500, lambda draw, place, ended: f"name {place}")
    rows = [row | {"empty": "", "same": "EUR"} for row in rows]
    assert dict(learn(rows, won, ["x", "empty", "same", "missing"]).evidence.left_out) == {
        "x": "has 500 different texts in 500 rows: names, not kinds",
        "empty": "is empty everywhere",
        "same": "is the same everywhere",
        "missing": "is empty everywhere",
    }


@pytest.mark.parametrize(("count", "said"), [(120, "too few closed"), (600, "no signal in what is known")])
def test_too_few_deals_are_not_called_no_signal(count: int, said: str) -> None:
    rows = joined(sales_history(count, signal=0.0, last_day=date(2026, 2, 28)))
    assert said in analyzed(rows, date(2026, 3, 2))["claims"][0]["text"]


def test_an_analysis_tells_which_column_it_does_not_believe() -> None:
    rows = joined(sales_history(600, signal=0.0, last_day=date(2026, 2, 28)))
    for row in rows:
        row["office_location"] = "Kenya" if row["deal_stage"] == "Won" else "Peru"
    found = analyzed(rows, date(2026, 3, 2))
    assert not found["winModel"]["signal"]
    assert any("office location" in one["text"] and one["kind"] == "gap" for one in found["claims"])


@pytest.mark.parametrize("count", [0, 1, 2, 199])
@pytest.mark.parametrize("every", [True, False])
def test_one_outcome_or_few_rows_say_so_and_give_a_chance_between(count: int, every: bool) -> None:
    for won in ([every] * count, [n % 2 == 0 for n in range(count)]):
        model = learn([{"x": "ab"[n % 2]} for n in range(count)], won, ["x"])
        assert not model.has_signal
        assert 0.0 < model.chance({"x": "a"}) < 1.0
        assert model.evidence.why


@pytest.mark.parametrize("first", [400, 800, 1_600, 1_999])
def test_all_lost_until_one_day_and_won_from_then_on(first: int) -> None:
    """A block with one outcome has a rate of 0 or 1, whose log loss has no end."""
    won = [place >= first for place in range(2_000)]
    model = learn([{"x": "ab"[place % 2]} for place in range(2_000)], won, ["x"])
    assert not model.has_signal
    assert model.base_rate == sum(won) / 2_000


def test_columns_that_are_not_there_and_none_at_all() -> None:
    rows, won = history(400, lambda draw, place, ended: "a")
    assert not learn(rows, won, []).has_signal
    assert not learn(rows, won, ["missing", "x"]).has_signal


def test_only_the_columns_it_is_given_are_looked_at() -> None:
    rows, won = history(2_000, lambda draw, place, ended: draw.choice("ab"))
    for row, ended in zip(rows, won, strict=True):
        row["deal_stage"] = row["close_value"] = int(ended)
    model = learn(rows, won, ["x"])
    assert not model.has_signal
    assert model.chance(rows[0] | {"deal_stage": 1}) == model.chance(rows[0] | {"deal_stage": 0})


def asked() -> Any:
    details = {"CustomerName": "Example Corp", "oppName": "Cloud Starter", "closeDate": "2026-12-31"}
    return analysis_of({"id": "r", "kind": "opportunity", "opportunityDetails": details, "analysisOptions": {}})


def analyzed(rows: list[Row], today: date) -> dict[str, Any]:
    clock = FixedClock(datetime(today.year, today.month, today.day, tzinfo=UTC))
    return analyzing.analyze(asked(), rows, ScriptedModel(), catalogue(), clock)


def test_the_end_under_a_name_of_its_own_is_not_used() -> None:
    """What a query computes may tell the end; only the catalogue's columns of creation are the model's."""
    rows = joined(sales_history(600, signal=0.0, last_day=date(2026, 2, 28)))
    for row in rows:
        row |= {
            "score": int(row["deal_stage"] == "Won"),
            "revenue_1": row["close_value"],
            "_col3": row["close_date"],
        }
    found = analyzed(rows, date(2026, 3, 2))["winModel"]
    assert not found["signal"]
    assert found["columns"] == []


def test_what_is_closed_in_the_future_is_left_out_and_told() -> None:
    rows = joined(sales_history(300, last_day=date(2026, 2, 28)))
    today = date(2026, 3, 2)
    doubtful = [
        {
            **rows[0],
            "opportunity_id": f"F{n}",
            "close_date": str(today + timedelta(days=2 + n)),
            "deal_stage": "Won",
        }
        for n in range(50)
    ]
    plain, with_them = analyzed(rows, today), analyzed([*doubtful, *rows], today)
    told = [one for one in with_them["claims"] if "date in the future: 50" in one["text"]]
    assert len(told) == 1
    assert told[0]["rowCount"] == 50
    assert with_them["winModel"] == plain["winModel"]
    assert [one for one in with_them["claims"] if one != told[0]] == plain["claims"]


def test_a_day_ahead_is_another_office_s_today_and_missing_dates_are_no_future() -> None:
    rows: list[Row] = [
        {"opportunity_id": "a", "deal_stage": "Won", "engage_date": "2026-03-01", "close_date": "2026-03-03"},
        {"opportunity_id": "b", "deal_stage": "Lost", "engage_date": None, "close_date": ""},
        {"opportunity_id": "c", "deal_stage": "Won", "engage_date": "2026-03-04", "close_date": None},
        {"opportunity_id": "d", "deal_stage": "Won", "engage_date": "9999-12-31", "close_date": "2026-01-01"},
    ]
    assert {deal.id for deal in past_only(deals(rows), date(2026, 3, 2))} == {"a", "b"}
