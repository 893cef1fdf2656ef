from __future__ import annotations

import numpy as np
import pytest

from chalicelib.campaigns.training.logistic import fit, probabilities


def test_without_columns_that_matter_the_intercept_is_the_base_rate() -> None:
    reached = np.array([1.0, 0, 0, 0] * 25)
    intercept, weights = fit(np.zeros((100, 1)), reached, ridge=1.0)
    assert probabilities(np.array([intercept]))[0] == pytest.approx(0.25)
    assert weights[0] == pytest.approx(0.0)


def test_the_truth_is_found_again() -> None:
    dice = np.random.default_rng(3)
    columns = dice.normal(size=(20_000, 2))
    reached = (dice.random(20_000) < probabilities(0.5 + columns @ np.array([1.0, -0.5]))).astype(float)
    intercept, weights = fit(columns, reached, ridge=0.01)
    assert [intercept, *weights] == pytest.approx([0.5, 1.0, -0.5], abs=0.06)


def test_a_column_that_tells_all_stays_finite() -> None:
    reached = np.array([0.0, 1.0] * 50)
    _, weights = fit(reached[:, None] * 2 - 1, reached, ridge=0.1)
    assert np.isfinite(weights).all()
    assert weights[0] > 1


def test_the_slope_is_zero_at_the_solution() -> None:
    dice = np.random.default_rng(5)
    columns = np.column_stack([dice.normal(size=300), dice.random(300) < 0.01])
    reached = (dice.random(300) < 0.1).astype(float)
    intercept, weights = fit(columns, reached, ridge=2.0)
    gap = reached - probabilities(intercept + columns @ weights)
    assert columns.T @ gap == pytest.approx(2.0 * weights, abs=1e-4)
    assert gap.sum() == pytest.approx(0, abs=1e-4)
