"""What a replay tells, and which model comes into use."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chalicelib.tickets.domain.matching.model import MatchingModel, from_json
from rag_engine.__main__ import main
from rag_engine.evaluate import evaluate, refusal
from rag_engine.promotion import promote
from tests.unit.rag_engine.histories import corpus

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def tickets_file(path: Path, count: int = 220) -> Path:
    topics = ("replica lag wal", "login token session", "invoice tax rounding")
    lines = [
        {
            "n": n,
            "text": f"{topics[n % 3]} {n % 7}",
            "solver": f"cre{n % 3}",
            "component": f"c{n % 3}",
            "link": f"u{n}",
        }
        for n in range(count)
    ]
    path.write_text("\n".join(json.dumps(line) for line in lines))
    return path


def test_the_figures_are_told_and_a_model_is_promoted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = tmp_path / "model.json"
    assert main(["evaluate", str(tickets_file(tmp_path / "t.jsonl")), "--model", str(model)]) == 0
    told = capsys.readouterr().out
    for part in (
        "top-1",
        "60 TF-IDF neighbours",
        "this engine",
        "calibration error",
        "share of first",
        "promoted",
    ):
        assert part in told
    kept = from_json(json.loads(model.read_text()))
    assert kept.weights.fields == ("component",), "what names the ticket itself is no field"
    assert kept.figures is not None
    assert kept.figures.top["1"] > 0.9


def test_a_worse_model_is_not_promoted() -> None:
    history = corpus(220)
    good = evaluate(history, (), half_life=100, now=NOW, embedding="m", told=lambda _line: None)
    weights = good.model.weights
    upside_down = replace(weights, weight=tuple(-w for w in weights.weight))
    worse = replace(good, replayed=replace(good.replayed, steps=tuple(
        replace(step, place=step.place + 5) for step in good.replayed.steps
    )))  # fmt: skip
    assert refusal(worse, good.model, history) is not None
    used: list[MatchingModel] = []
    assert promote(worse, history, lambda: good.model, used.append) == 1
    assert used == []
    assert promote(worse, history, lambda: None, used.append) == 0
    assert used == [worse.model]
    assert refusal(good, replace(good.model, weights=upside_down), history) is None


def test_a_file_that_is_no_history_is_refused_with_its_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text('{"text": "a", "solver": "x"}\nnot json\n["b"]\n')
    assert main(["evaluate", str(path)]) == 2
    said = capsys.readouterr().err
    assert "line 2" in said
    assert "line 3" in said
    assert main(["evaluate", str(tickets_file(tmp_path / "few.jsonl", 20))]) == 2
    assert main(["evaluate", str(tmp_path / "absent.jsonl")]) == 2
