"""What a day should bring: the same weekday's median, and how far days usually stray from it.

Sales are compared as square roots: a count's spread grows with its root, so one scale serves weak and strong days.
The spread is 1.4826 times the median absolute deviation, which a normal distribution's standard deviation is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

WEEKS = 8
LEAST_WEEKS = 4
"""Fewer same weekdays with facts: nothing is expected."""
RANGE = 2.0
"""The expected range reaches this many spreads to both sides."""
TO_DEVIATION = 1.4826
LEAST_SPREAD = 0.03
"""Of the middle: a series that hardly moves must not make a finding of every cent."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What one day of one series should bring; fields in roots of cents."""

    root: float
    """Of the middle."""
    spread: float
    actual_root: float

    @property
    def middle(self) -> float:
        """Cents."""
        return self.root**2

    @property
    def low(self) -> float:
        """The expected range's lower end, in cents."""
        return max(0.0, self.root - RANGE * self.spread) ** 2

    @property
    def high(self) -> float:
        """The expected range's upper end, in cents."""
        return (self.root + RANGE * self.spread) ** 2

    @property
    def strays(self) -> float:
        """How many spreads the day is off, negative below."""
        return (self.actual_root - self.root) / self.spread

    def with_actual(self, cents: float) -> Expectation:
        """Return the same for another day's value."""
        return Expectation(self.root, self.spread, math.sqrt(max(0.0, cents)))

    def scaled(self, factor: float) -> Expectation:
        """Return what is expected when everyone sold ``factor`` times the usual."""
        return Expectation(self.root * math.sqrt(factor), self.spread, self.actual_root)


def median(values: Sequence[float]) -> float:
    """Return the middle value; of an even number the mean of both middles."""
    ranked = sorted(values)
    half = len(ranked) // 2
    return ranked[half] if len(ranked) % 2 else (ranked[half - 1] + ranked[half]) / 2


def expect(
    series: Sequence[int | None], place: int, *, usable: Sequence[bool] | None = None
) -> Expectation | None:
    """Return what ``series[place]`` should be by the days before it, None when too few are known.

    Args:
        series: a value a day; None where no facts came, which counts as 0 on the day itself.
        place: the day.
        usable: a flag a day; days without are not learnt from (holidays).
    """
    root = math.sqrt
    start = max(0, place - 7 * WEEKS)
    weekdays: list[list[float]] = [[] for _ in range(7)]
    for back in range(start, place):
        value = series[back]
        if value is not None and (usable is None or usable[back]):
            weekdays[back % 7].append(root(value) if value > 0 else 0.0)
    same = weekdays[place % 7]
    if len(same) < LEAST_WEEKS:
        return None
    middle = median(same)
    strays: list[float] = []
    for roots in weekdays:
        if roots:
            centre = middle if roots is same else median(roots)
            strays += [abs(value - centre) for value in roots]
    spread = max(TO_DEVIATION * median(strays), LEAST_SPREAD * middle, 1.0)
    return Expectation(middle, spread, root(max(0, series[place] or 0)))
