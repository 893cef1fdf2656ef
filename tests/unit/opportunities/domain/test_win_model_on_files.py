"""Sales pipelines of other shapes than the catalogue's, read from files as ``benchmarks.win_model`` reads them."""

from __future__ import annotations

import csv
import json
import math
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from benchmarks.win_model import (
    LOST,
    WON,
    Closed,
    UnusableFileError,
    calibration_error,
    closed_deals,
    log_loss,
    main,
    read,
    report,
)
from chalicelib.opportunities.domain.winning import learn

SOURCES = {"Web": -0.6, "Referral": 0.9, "Partner": 0.4, "Event": 0.0, "Cold call": -1.0}
SCORED = 8_000


def pipeline(
    count: int, *, seed: int = 1, signal: float = 1.0, base: float = 0.0, missing: float = 0.0, companies: int = 0
) -> list[dict[str, Any]]:
    """Return deals, open ones among them, with what is known only after the end beside what is known before."""
    draw = random.Random(seed)
    industries = {f"Industry {n}": draw.gauss(0, 0.5) for n in range(20)}
    rows = []
    for place in range(count):
        created = date(2021, 1, 1) + timedelta(days=place * 1_500 // count)
        source, industry = draw.choice(list(SOURCES)), draw.choice(list(industries))
        employees = max(1, int(math.exp(draw.gauss(5, 1.5))))
        log_odds = base + signal * (SOURCES[source] + industries[industry] - 0.35 * (math.log(employees) - 5))
        won = draw.random() < 1 / (1 + math.exp(-log_odds))
        early = {"lead_source": source, "industry": industry, "employees": employees}
        early["amount"] = round(math.exp(draw.gauss(9, 1)), 2)
        if companies:
            early["company"] = f"Company {draw.randrange(companies)}"
        rows.append(
            {name: (None if draw.random() < missing else value) for name, value in early.items()}
            | {
                "created": str(created),
                "stage": "Negotiation" if place % 31 == 0 else ("Closed Won" if won else "Closed Lost"),
                "closed": str(created + timedelta(days=draw.randrange(20, 90))),
                "final_discount": round(draw.random() * 0.2, 3) if won else None,
            }
        )
    return rows


def judged(rows: list[dict[str, Any]], learned: int) -> tuple[Any, float, float]:
    """Learn from the first deals; return the model, its calibration error on the others and its gain there."""
    closed = closed_deals(rows, ended="stage", won=WON, lost=LOST, created="created", after=["closed"])
    model = learn(closed.rows[:learned], closed.won[:learned], closed.columns)
    said, later = [model.chance(row) for row in closed.rows[learned:]], closed.won[learned:]
    gained = log_loss([model.base_rate] * len(later), later) - log_loss(said, later)
    return model, calibration_error(said, later), gained


@pytest.mark.parametrize(
    "shape",
    [
        {},
        {"missing": 0.3},
        {"companies": 3_000},
        {"base": -3.4},
    ],
    ids=["plain", "three of ten values missing", "three thousand companies", "one in twenty won"],
)
def test_a_signal_is_found_and_means_what_it_says(shape: dict[str, Any]) -> None:
    model, error, gained = judged(pipeline(6_000 + SCORED, **shape), 6_000)
    assert model.has_signal
    assert "lead_source" in model.columns
    assert "final_discount" not in model.columns
    assert error < 0.03
    assert gained > 0.01


@pytest.mark.parametrize("shape", [{}, {"base": -2.94}, {"companies": 900, "missing": 0.2}])
def test_where_there_is_none_the_base_rate_stands(shape: dict[str, Any]) -> None:
    model, error, gained = judged(pipeline(3_000 + SCORED, signal=0.0, **shape), 3_000)
    assert not model.has_signal
    assert gained == 0.0
    assert error < 0.03


def test_three_hundred_deals_break_nothing_and_promise_nothing() -> None:
    for seed in range(5):
        model, error, gained = judged(pipeline(300 + SCORED, seed=seed), 300)
        assert 0.3 < model.base_rate < 0.7
        assert gained > -0.01
        assert not model.has_signal or error < 0.06


def test_a_report_of_a_file_tells_signal_leaks_and_what_cannot_be_used(tmp_path: Path) -> None:
    rows = pipeline(3_000, companies=2_000)
    file = tmp_path / "deals.csv"
    with file.open("w", newline="", encoding="utf-8-sig") as opened:
        writer = csv.DictWriter(opened, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    closed = closed_deals(read(file), ended="stage", won=WON, lost=LOST, created="created")
    said = "\n".join(report(closed))
    assert "signal: yes" in said
    assert "final_discount: tells the end nearly by itself" in said
    assert "company: has" in said
    assert "not looked at: negotiation 97" in said


def test_the_command_prints_the_report_or_says_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "deals.jsonl"
    deals = [{"when": f"{1 + n % 28:02}/03/2025", "ok": n % 3 == 0, "kind": "ab"[n % 2]} for n in range(400)]
    file.write_text("\n".join(map(json.dumps, deals)))
    assert main([str(file), "--ended", "ok", "--created", "when", "--date-format", "%d/%m/%Y"]) == 0
    assert "closed deals: 400, won 33.5%" in capsys.readouterr().out
    assert main([str(file), "--ended", "stage"]) == 2
    assert "there is no column stage; there are when, ok, kind" in capsys.readouterr().err
    assert main([str(file), "--ended", "kind"]) == 2
    assert "no deal has ended: kind says a, b" in capsys.readouterr().err
    assert main([str(tmp_path / "none.csv"), "--ended", "kind"]) == 2


@pytest.mark.parametrize("text", ["", "\n\n", "[1, 2]\n", '{"a": 1}\n{"a"'])
def test_a_file_without_rows_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "deals.jsonl"
    file.write_text(text)
    with pytest.raises(UnusableFileError):
        read(file)


def test_dates_that_cannot_be_read_stand_first_and_are_told() -> None:
    rows = [{"stage": "won", "created": when} for when in ("2025-02-01", "soon", "2025-01-01")]
    closed = closed_deals(rows, ended="stage", won=WON, lost=LOST, created="created")
    assert [row["created"] for row in closed.rows] == [None, "2025-01-01", "2025-02-01"]
    assert closed.undated == 1
    assert isinstance(closed, Closed)


def test_equal_chances_are_not_torn_apart() -> None:
    assert calibration_error([0.5] * 1_000, [n % 2 == 0 for n in range(1_000)]) < 0.001
