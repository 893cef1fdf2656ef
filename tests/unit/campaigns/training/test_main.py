from __future__ import annotations

import json
from pathlib import Path

import pytest

from chalicelib.campaigns.domain.priority import Levels, Model, Numeric, from_json, score, to_json
from chalicelib.campaigns.training.__main__ import BAD_INPUT, WORSE, WRITTEN, main
from tests.unit.campaigns.training.made_up import as_jsonl, history


def test_a_model_is_trained_said_and_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    calls, out = as_jsonl(history(), tmp_path / "calls.jsonl"), tmp_path / "model.json"
    assert main([str(calls), "--out", str(out)]) == WRITTEN
    said = capsys.readouterr().out
    assert "the prior on the same calls: AUC 0.5000" in said
    assert "happened" in said
    model = from_json(json.loads(out.read_text()))
    assert score(model, {"age": 80.0, "job": "nurse"}) > score(model, {"age": 20.0, "job": "clerk"})
    assert model.about["calls"] == 1_500


def test_a_worse_model_does_not_replace_the_one_in_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = history()
    made.reached[:1_200] = 1 - made.reached[:1_200]  # what is learned from is the opposite of what comes
    calls, out = as_jsonl(made, tmp_path / "calls.jsonl"), tmp_path / "model.json"
    truth = Model(-3.0, (Numeric("age", 0.0, 1.0, 18.0, 90.0, 0.04), Levels("job", {"nurse": 1.2})))
    out.write_text(json.dumps(to_json(truth)))
    assert main([str(calls), "--out", str(out)]) == WORSE
    assert "not written" in capsys.readouterr().err
    assert from_json(json.loads(out.read_text())) == truth


@pytest.mark.parametrize(
    "text", ["", "nonsense\n", '{"features": {}, "reached": true}\n{"features": {}, "reached": false}\n']
)
def test_bad_input_is_said_in_a_line(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    calls = tmp_path / "calls.jsonl"
    calls.write_text(text)
    assert main([str(calls), "--out", str(tmp_path / "model.json")]) == BAD_INPUT
    assert capsys.readouterr().err.startswith("training: ")
    assert main([str(tmp_path / "absent.jsonl"), "--out", str(tmp_path / "model.json")]) == BAD_INPUT
