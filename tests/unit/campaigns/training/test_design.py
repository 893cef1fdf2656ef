from __future__ import annotations

import numpy as np
import pytest

from chalicelib.campaigns.domain.priority import Binned, Levels, Numeric, score
from chalicelib.campaigns.training.choose import Settings, fit_model
from chalicelib.campaigns.training.design import BEYOND, drift, features_of, learn
from chalicelib.campaigns.training.history import Row
from tests.unit.campaigns.training.made_up import history


def test_numbers_words_and_what_is_missing_get_their_columns() -> None:
    design = learn(history().rows, features=["age", "job"], bins=True)
    numeric, binned, levels = design.terms
    assert isinstance(numeric, Numeric)
    assert isinstance(binned, Binned)
    assert isinstance(levels, Levels)
    assert sorted(levels.weights) == ["clerk", "nurse", "pilot"]
    matrix = design.matrix([{"job": "nurse"}, {"age": 18.0, "job": "new"}, {}])
    bins = len(binned.weights)
    assert matrix[:, 2 : 2 + bins].tolist() == [[0] * bins, [1] + [0] * (bins - 1), [0] * bins]
    assert matrix[:, 2 + bins :].tolist() == [[0, 1, 0, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1]]
    assert matrix[:, 1].tolist() == [1, 0, 1]
    assert matrix[:, 0] == pytest.approx([0, (18.0 - numeric.mean) / numeric.scale, 0])


def test_a_seldom_level_counts_as_unknown() -> None:
    rows = [Row(job="nurse")] * 40 + [Row(job="king")]
    (levels,) = learn(rows, features=["job"], bins=False).terms
    assert isinstance(levels, Levels)
    assert list(levels.weights) == ["nurse"]


def test_numbers_far_beyond_the_training_are_held_back() -> None:
    design = learn([{"age": 40.0}, {"age": 60.0}], features=["age"], bins=False)
    assert design.matrix([{"age": 1e12}])[0, 0] == 1 + BEYOND


def test_the_model_scores_as_the_matrix_does() -> None:
    made = history()
    fitted = fit_model(made, Settings(1.0, True, tuple(features_of(made.rows))))
    model = fitted.model()
    assert [score(model, row) for row in made.rows[:200]] == pytest.approx(fitted.scores(made)[:200].tolist())


def test_drift_tells_the_calendar_from_the_contact() -> None:
    rows = history().rows
    assert drift(rows, "rate") > 0.95
    assert drift(rows, "age") < 0.1
    assert drift(rows, "job") < 0.1
    months = [Row(month=name) for name in np.repeat(["mar", "apr", "may", "jun"], 200).tolist()]
    assert drift(months, "month") > 0.9
    assert drift([{"same": "x"}] * 50, "same") == 0.0
