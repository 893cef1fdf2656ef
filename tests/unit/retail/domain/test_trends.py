"""Trends are more than chance."""

from __future__ import annotations

import random

from chalicelib.retail.domain.trends import mann_kendall, theil_sen, trends, weekly


def test_a_week_with_few_days_is_left_out_and_gaps_are_filled_up() -> None:
    series: list[int | None] = [None] * 4 + [10] * 3 + [10] * 5 + [None, None] + [20] * 7
    assert weekly(series) == [70, 140]


def test_the_slope_does_not_mind_an_outlier() -> None:
    assert theil_sen([10, 12, 14, 900, 18, 20]) == 2


def test_ties_alone_are_no_trend() -> None:
    assert mann_kendall([5, 5, 5, 5, 5, 5, 5]) == 1.0


def test_a_steady_fall_is_found_with_its_size() -> None:
    days: list[int | None] = [10_000 - 500 * (day // 7) for day in range(56)]
    (found,) = trends({"store:S1": days}, least_cents=100)
    assert found.weekly_cents == -3500
    assert found.weeks == 8
    assert found.chance < 0.01


def test_of_a_thousand_series_without_a_trend_hardly_any_is_called_one() -> None:
    draw = random.Random(7)
    noise: dict[str, list[int | None]] = {
        f"store:{n}": [round(draw.gauss(10_000, 2_000)) for _ in range(56)] for n in range(1_000)
    }
    assert len(trends(noise, least_cents=100)) <= 2
