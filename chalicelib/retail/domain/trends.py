"""Where stores and products are heading: robust slopes, and which of them are more than chance.

The slope is Theil and Sen's: the median of the slopes between all pairs of weeks. Whether it is one says Mann and
Kendall's test on the same pairs; of hundreds of series some always look like a trend, so the false discovery rate
over all of them is held at `FALSE_DISCOVERIES` (Benjamini and Hochberg 1995).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from chalicelib.retail.domain.expectations import median

FALSE_DISCOVERIES = 0.05
LEAST_WEEKS = 6
LEAST_WEEKLY_SHARE = 0.02
"""Of its own level a week: a slope below is not worth a line, however sure."""
MOST = 10


@dataclass(frozen=True, slots=True)
class Trend:
    """One series that rises or falls."""

    scope: str
    """``store:<id>`` or ``product:<id>``."""
    weekly_cents: int
    """Change of a week's sales from week to week."""
    weekly_share: float
    """The same as a share of the median week."""
    weeks: int
    """Whole weeks looked at."""
    chance: float
    """How likely pure chance shows as much (two-sided)."""
    level_cents: int
    """The median week's sales."""


def weekly(series: Sequence[int | None]) -> list[int]:
    """Return the sums of whole weeks, the last ending with the series; those with under five days are out."""
    sums = []
    for end in range(len(series), 6, -7):
        week = [value for value in series[end - 7 : end] if value is not None]
        if len(week) >= 5:
            sums.append(sum(week) * 7 // len(week))
    return sums[::-1]


def trends(series: Mapping[str, Sequence[int | None]], *, least_cents: int) -> list[Trend]:
    """Return the trends among ``series`` (scope -> sales a day in cents), the most money a week first.

    Args:
        series: what to look at.
        least_cents: series with a median week below are left out, before anything is tested.
    """
    tested: list[Trend] = []
    for scope, days in series.items():
        weeks = weekly(days)
        if len(weeks) < LEAST_WEEKS:
            continue
        level = median(weeks)
        if level < least_cents or level <= 0:
            continue
        chance = mann_kendall(weeks)
        slope = theil_sen(weeks) if chance < 0.5 else 0.0
        tested.append(Trend(scope, round(slope), slope / level, len(weeks), chance, round(level)))
    sure = _discoveries(tested)
    steep = [trend for trend in sure if abs(trend.weekly_share) >= LEAST_WEEKLY_SHARE]
    return sorted(steep, key=lambda trend: (-abs(trend.weekly_cents), trend.scope))[:MOST]


def theil_sen(values: Sequence[float]) -> float:
    """Return the median slope a step.

    >>> theil_sen([1, 2, 3, 400, 5])
    1.0
    """
    return median([(values[j] - values[i]) / (j - i) for i, j in combinations(range(len(values)), 2)])


def mann_kendall(values: Sequence[float]) -> float:
    """Return how likely a series without a trend rises or falls as steadily as this one (two-sided).

    The normal approximation with continuity correction and tie correction; from six values on it is close enough.

    >>> round(mann_kendall([1, 2, 3, 4, 5, 6, 7, 8]), 4)
    0.0009
    """
    n = len(values)
    score = sum((b > a) - (b < a) for a, b in combinations(values, 2))
    ties: dict[float, int] = {}
    for value in values:
        ties[value] = ties.get(value, 0) + 1
    variance = (n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in ties.values())) / 18
    if variance <= 0 or score == 0:
        return 1.0
    return math.erfc((abs(score) - 1) / math.sqrt(2 * variance))


def _discoveries(tested: Sequence[Trend]) -> list[Trend]:
    ranked = sorted(tested, key=lambda trend: trend.chance)
    last = 0
    for rank, trend in enumerate(ranked, 1):
        if trend.chance <= FALSE_DISCOVERIES * rank / len(ranked):
            last = rank
    return ranked[:last]
