from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from chalicelib.campaigns.training.history import Layout, read
from chalicelib.core.errors import InvalidInputError


def test_a_campaigns_own_calls_are_read_in_order(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    path.write_text('{"features": {"age": 40, "job": "nurse", "x": null}, "reached": true}\n\n'
                    '{"features": {"vip": true}, "reached": false}\n')  # fmt: skip
    history = read(path, Layout())
    assert history.rows == [{"age": 40.0, "job": "nurse"}, {"vip": 1.0}]
    assert history.reached.tolist() == [1.0, 0.0]


def test_a_csv_is_read_with_its_own_words(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv.gz"
    with gzip.open(path, "wt") as file:
        file.write("age;pdays;duration;y\n40;999;261;no\n;3;10;yes\n")
    layout = Layout(target="y", delimiter=";", drop=frozenset({"duration"}), missing={"pdays": "999"})
    history = read(path, layout)
    assert history.rows == [{"age": 40.0}, {"pdays": 3.0}]
    assert history.reached.tolist() == [0.0, 1.0]


def test_what_is_no_number_is_not_known(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text("age,job,reached\n40,nurse,yes\nNaN,pilot,no\n-inf,,no\n", encoding="utf-8-sig")
    assert read(path, Layout()).rows == [{"age": 40.0, "job": "nurse"}, {"job": "pilot"}, {}]
    path = tmp_path / "calls.jsonl"
    path.write_text(
        '{"features": {"age": NaN}, "reached": true}\n{"features": {"age": 1e999}, "reached": false}\n'
    )
    assert read(path, Layout()).rows == [{}, {}]


def test_every_bad_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    path.write_text('{"features": {}, "reached": true}\nnonsense\n{"features": {}}\n[]\n')
    with pytest.raises(InvalidInputError) as refused:
        read(path, Layout())
    assert [problem.path for problem in refused.value.problems] == ["line 2", "line 3", "line 4"]


def test_calls_that_all_end_alike_teach_nothing(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    path.write_text('{"features": {}, "reached": true}\n')
    with pytest.raises(InvalidInputError, match="nothing to learn"):
        read(path, Layout())
