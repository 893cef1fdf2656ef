from __future__ import annotations

from chalicelib.campaigns.training.choose import choose, random_folds
from tests.unit.campaigns.training.made_up import history


def test_what_follows_the_calendar_and_says_nothing_is_left_out() -> None:
    chosen = choose(history())
    assert chosen.settings.features == ("age", "job")
    assert chosen.auc > 0.65


def test_without_an_order_every_feature_is_used() -> None:
    assert choose(history(600), in_time_order=False).settings.features == ("age", "job", "rate")


def test_folds_score_every_call_once_and_repeat() -> None:
    folds = list(random_folds(10, 3, seed=1))
    assert sorted(place for _, kept in folds for place in kept) == list(range(10))
    assert all(set(learned) | set(kept) == set(range(10)) for learned, kept in folds)
    again = list(random_folds(10, 3, seed=1))
    assert [kept.tolist() for _, kept in again] == [kept.tolist() for _, kept in folds]
