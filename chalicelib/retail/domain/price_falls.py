"""Finds the categories whose prices fell together as they seldom do in the company.

A category's score for a discount is its products' testimony (`price_evidence`) by a power of their number. Some
companies halve prices each week and never take 30 % off, so each discount has a scale of its own, learnt from the
company's last weeks: the highest score of each day, whose tail is taken to be exponential, as that of most maxima
is. How far a score is above the middle of those highs, in mean excesses, makes discounts comparable. A category is
told when it gets further than categories do `ALERTS_A_WEEK` times a week, and scores more than it did itself.
Prices below half of all earlier ones are told by themselves, for they are no discount that a company gives.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from chalicelib.retail.domain.expectations import median
from chalicelib.retail.domain.price_evidence import DEEP_LINES, FOR_SHARE, LINES, PRODUCTS, SHORT, Testimony
from chalicelib.retail.domain.price_shares import SHARES, is_deep, is_known, is_share

ALERTS_A_WEEK = 0.6
"""How many categories a week may get that far by chance."""
LEAST_DAYS = 42
"""Days whose scores must be known before any is called unusual: the fewer, the oftener chance passes for more."""
LEAST_SCORE = 1.0
"""Where prices never moved, any move is unusual; this much testimony is wanted all the same."""
LEAST_EXCESS = 0.3
"""For the same reason."""
FEW = 3.0
"""Added to the number of products: one or two prove little."""
POWER = 0.75
"""Products of a category are neither independent witnesses, which 0.5 would be for, nor one, which 1 would."""
DEEP_SHARE = 0.5
DEEP_LEAST_LINES = 5
"""Of so many lines, this share at less than half of any earlier price: a single one is a clearance."""

Scores = list[float]
"""For each of `SHARES`."""


@dataclass(frozen=True, slots=True)
class Fall:
    """A category, or a store, whose prices fell together."""

    scope: str
    """``category:NAME`` or ``store:ID``."""
    day: str
    """The first day, an ISO date."""
    share: float | None
    """What is left of earlier prices; None where it is less than half of all of them, whatever it is."""
    testimony: Testimony

    def has(self, price: float, known: Sequence[float]) -> bool:
        """Say whether a price has fallen so; ``known`` are those of the product before, in order of size."""
        if self.share is None:
            return is_deep(price, known)
        return not is_known(price, known) and is_share(price, self.share, known)


class Falls:
    """Which categories' prices fell together, on any of the days known."""

    def __init__(self, days: Mapping[str, Mapping[str, Testimony]], least: float) -> None:
        """Score all that was testified.

        Args:
            days: ISO date -> scope -> testimony.
            least: money in cents below which a fall is not worth a line.
        """
        self._least = least
        self._days = {date: days[date] for date in sorted(days) if days[date]}
        self._scores = dict[str, dict[str, Scores]]()
        """Of the categories that have the least score for any discount."""
        self._highs = dict[str, Scores]()
        for date, scopes in self._days.items():
            scores = {name: _scores(one) for name, one in scopes.items() if one[SHORT] >= least}
            self._highs[date] = [max(column) for column in zip(*scores.values(), strict=True)] or [0.0] * len(
                SHARES
            )
            self._scores[date] = {name: one for name, one in scores.items() if max(one) >= LEAST_SCORE}

    def on(self, day: str) -> Iterator[Fall]:
        """Yield the categories whose prices fell together on ``day``, by what was known before it."""
        before = [date for date in self._days if date < day]
        if len(before) < LEAST_DAYS or day not in self._days:
            return
        scale = _Scale([self._highs[date] for date in before])
        place = int(ALERTS_A_WEEK * len(before) / 7)
        reached = (scale.strays(one)[0] for date in before for one in self._scores[date].values())
        highest = heapq.nlargest(place + 1, reached)
        bar = highest[place] if place < len(highest) else 0.0
        deep = {name for name, one in self._days[day].items() if one[SHORT] >= self._least and _is_deep(one)}
        for name in sorted(deep):
            yield Fall(name, day, None, self._days[day][name])
        for name, one in self._scores[day].items():
            strays, discount = scale.strays(one)
            own = (self._scores[date][name][discount] for date in before if name in self._scores[date])
            if name not in deep and strays > bar and all(one[discount] > score for score in own):
                yield Fall(name, day, SHARES[discount], self._days[day][name])


class _Scale:
    """How high the days' highest scores usually are, a discount each."""

    def __init__(self, highs: Sequence[Scores]) -> None:
        self._middles, self._excesses = [], []
        for column in zip(*highs, strict=True):
            middle = median(column)
            above = [high - middle for high in column if high >= middle]
            self._middles.append(middle)
            self._excesses.append(max(LEAST_EXCESS, sum(above) / len(above)))

    def strays(self, scores: Scores) -> tuple[float, int]:
        """Return how many mean excesses the furthest score is above its middle, and the place of its discount."""
        return max(
            ((score - middle) / excess, place)
            for place, (score, middle, excess) in enumerate(
                zip(scores, self._middles, self._excesses, strict=True)
            )
        )


def _is_deep(testimony: Testimony) -> bool:
    lines = testimony[LINES]
    return lines >= DEEP_LEAST_LINES and testimony[DEEP_LINES] >= DEEP_SHARE * lines


def _scores(testimony: Testimony) -> Scores:
    most = (testimony[PRODUCTS] + FEW) ** POWER
    return [for_share / most for for_share in testimony[FOR_SHARE:]]
