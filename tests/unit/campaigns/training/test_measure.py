from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.campaigns.training.measure import auc, calibration_error, log_loss, reliability


def test_auc_counts_pairs_in_the_right_order_and_ties_half() -> None:
    assert auc(np.array([0.0, 0.0, 1.0, 1.0]), np.array([0.1, 0.4, 0.35, 0.8])) == 0.75
    assert auc(np.array([0.0, 1.0]), np.array([0.5, 0.5])) == 0.5
    assert auc(np.array([1.0, 1.0]), np.array([0.1, 0.2])) == 0.5


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=2, max_size=30))
def test_auc_is_the_share_of_pairs(pairs: list[tuple[bool, int]]) -> None:
    yes = [score for hit, score in pairs if hit]
    no = [score for hit, score in pairs if not hit]
    found = auc(np.array([float(hit) for hit, _ in pairs]), np.array([float(score) for _, score in pairs]))
    if yes and no:
        wins = sum(1.0 if a > b else 0.5 if a == b else 0.0 for a in yes for b in no)
        assert found == pytest.approx(wins / len(yes) / len(no))


def test_a_model_that_means_what_it_says_has_no_calibration_error() -> None:
    scores = np.array([0.25] * 4 + [0.75] * 4)
    right = np.array([1.0, 0, 0, 0, 1, 1, 1, 0])
    assert calibration_error(reliability(right, scores, bins=2)) == 0
    assert calibration_error(reliability(1 - right, scores, bins=2)) == 0.5


def test_log_loss_of_a_coin_is_ln_two() -> None:
    assert log_loss(np.array([0.0, 1.0]), np.array([0.5, 0.5])) == pytest.approx(np.log(2))
