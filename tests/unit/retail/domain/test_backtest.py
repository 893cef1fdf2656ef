"""The replay of past days: what it injects, what it counts, what it reads."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from chalicelib.core.errors import InvalidInputError
from chalicelib.retail.backtest.__main__ import main
from chalicelib.retail.backtest.replay import (
    KINDS,
    PIECES,
    PRICE,
    TRAFFIC,
    WARM_UP_DAYS,
    Injection,
    drop_day,
    replay,
)
from chalicelib.retail.backtest.sales_days import Line, SalesDay
from chalicelib.retail.backtest.sales_files import read_sales

FIRST = date(2025, 1, 1)
STORES, PRODUCTS = 6, 8


def write_sales(path: Path, days: int) -> Path:
    """Write a company's steady sales."""
    lines = ["date,store_id,product_id,product_category,quantity,sales_value"]
    for number in range(days):
        day = FIRST + timedelta(days=number)
        for store in range(STORES):
            for product in range(PRODUCTS):
                pieces = 20 + store + (number * 7 + product) % 3
                lines.append(f"{day},S{store},P{product},C{product % 4},{pieces},{pieces * (1.5 + product):.2f}")
    path.write_text("\n".join(lines) + "\n")
    return path


def test_price_drops_are_found_and_steady_sales_raise_nothing(tmp_path: Path) -> None:
    sales = read_sales(write_sales(tmp_path / "sales.csv", WARM_UP_DAYS + 7), {}).days
    outcome = replay(sales, injections=3)
    assert (outcome.first, outcome.last) == (FIRST + timedelta(days=60), FIRST + timedelta(days=66))
    assert outcome.alerts_a_week() == 0
    assert {kind: outcome.tried[kind, what] for kind in KINDS for what in ("store", "category")} == dict.fromkeys(
        KINDS, 3
    )
    assert outcome.found[PRICE, "store"] == outcome.found[PRICE, "category"] == 3


def test_drops_are_planted_on_days_that_sold_something(tmp_path: Path) -> None:
    days = read_sales(write_sales(tmp_path / "sales.csv", WARM_UP_DAYS + 4), {}).days
    back, *_, last = sorted(days)[WARM_UP_DAYS:]
    for day in set(sorted(days)[WARM_UP_DAYS:]) - {last}:
        days[day] = SalesDay({"S1": {"P1": Line("C1", units=0, returned=2, returns=300)}})
    outcome = replay(days, injections=20)
    assert (outcome.first, outcome.last) == (back, last)
    assert outcome.tried[PRICE, "store"] == 20


def test_a_replay_without_a_sale_plants_nothing(tmp_path: Path) -> None:
    days = read_sales(write_sales(tmp_path / "sales.csv", WARM_UP_DAYS + 1), {}).days
    days[max(days)] = SalesDay({"S1": {"P1": Line("C1", units=0, returned=2, returns=300)}})
    assert replay(days, injections=3).tried == {}


def test_a_line_that_the_untouched_day_has_as_well_is_no_find(tmp_path: Path) -> None:
    days = read_sales(write_sales(tmp_path / "sales.csv", WARM_UP_DAYS + 1), {}).days
    for lines in days[max(days)].stores.values():
        for line in lines.values():
            line.gross *= 0.5
    outcome = replay(days, injections=3)
    assert [one.scope for one in outcome.raised] == ["company"]
    assert outcome.found[PRICE, "store"] == outcome.found[PRICE, "category"] == 0
    assert outcome.halves[PRICE, "store", False] == [False] * 3


def test_the_same_seeds_inject_the_same(tmp_path: Path) -> None:
    sales = read_sales(write_sales(tmp_path / "sales.csv", WARM_UP_DAYS + 2), {}).days
    first, second = (replay(sales, injections=2) for _ in range(2))
    assert (first.found, first.tried, first.heavy) == (second.found, second.tried, second.heavy)


def test_too_few_days_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="60 days are too few"):
        replay(read_sales(write_sales(tmp_path / "sales.csv", WARM_UP_DAYS), {}).days)


def a_day() -> SalesDay:
    day = SalesDay()
    day.stores["S1"] = {"P1": Line("food", 1000, 0, 50_000.0), "P2": Line("toys", 2000, 0, 80_000.0)}
    day.stores["S2"] = {"P1": Line("food", 4000, 0, 200_000.0)}
    return day


@pytest.mark.parametrize("kind", [PRICE, PIECES, TRAFFIC])
def test_a_drop_takes_its_share_from_its_scope_alone(kind: str) -> None:
    before = a_day()
    after, lost = drop_day(before, Injection(1, FIRST, "category:food"), kind, 0.3)
    assert lost == pytest.approx(75_000.0)
    assert after.stores["S1"]["P2"] == before.stores["S1"]["P2"]
    units = after.stores["S2"]["P1"].units
    assert units == (4000 if kind == PRICE else pytest.approx(2800))
    assert before.stores["S1"]["P1"].gross == 50_000.0, "the day itself stays as it was"


def test_a_drop_by_chance_takes_whole_pieces() -> None:
    day = SalesDay()
    day.stores["S1"] = {"P1": Line("food", 100, 0, 5_000.0)}
    after, lost = drop_day(day, Injection(1, FIRST, "store:S1"), TRAFFIC, 0.3)
    kept = after.stores["S1"]["P1"].units
    assert kept == int(kept)
    assert 50 < kept < 90
    assert lost == pytest.approx((100 - kept) * 50)


def test_headings_that_are_missing_are_all_named(tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("tag,artikel,menge\n2025-01-01,P1,2\n")
    with pytest.raises(InvalidInputError, match="headings found: tag, artikel, menge") as caught:
        read_sales(path, {})
    assert [problem.path for problem in caught.value.problems[:-1]] == ["--columns day=", "--columns value="]


def test_the_command_prints_what_it_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_sales(tmp_path / "sales.csv", WARM_UP_DAYS + 2)
    monkeypatch.setattr(sys, "argv", ["backtest", str(path), "--injections", "1", "--drop", "0.4"])
    main()
    printed = capsys.readouterr().out
    assert "alerts a week on untouched days   0.00" in printed
    assert "drops of 40% of one day" in printed
    monkeypatch.setattr(sys, "argv", ["backtest", str(tmp_path / "nowhere.csv")])
    with pytest.raises(SystemExit):
        main()
    assert "No such file" in capsys.readouterr().err
