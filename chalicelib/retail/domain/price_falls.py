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
from datetime import date

from chalicelib.retail.domain.expectations import median
from chalicelib.retail.domain.price_evidence import DEEP, FOR_SHARE, PRODUCTS, SHORT, Testimony
from chalicelib.retail.domain.price_shares import SHARES, is_deep, is_known, is_share

ALERTS_A_WEEK = 0.6
"""How many categories a week may get that far by chance."""
LEAST_DAYS = 42
"""That must have passed since the first day known before any score is called unusual: the fewer, the oftener
chance passes for more."""
LEAST_OPEN_DAYS = 20
"""Of them, with sales."""
LEAST_SCORE = 1.0
"""Where prices never moved, any move is unusual; this much testimony is wanted all the same."""
LEAST_EXCESS = 0.3
"""For the same reason."""
FEW = 3.0
"""Added to the number of products: one or two prove little."""
POWER = 0.75
"""Products of a category are neither independent witnesses, which 0.5 would be for, nor one, which 1 would."""
DEEP_SHARE = 0.6
DEEP_LEAST = 4
"""Of so many products, this share at less than half of any earlier price: a single one is a clearance."""

Scores = list[float]
"""For each of `SHARES`."""
_NOTHING = [0.0] * len(SHARES)


@dataclass(frozen=True, slots=True)
class Fall:
    """A category, or a store, whose prices fell together."""

    scope: str
    """``category:NAME`` or ``store:ID``."""
    day: str
    """ISO date."""
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
        self._days = {day: days[day] for day in sorted(days) if days[day]}
        self._scores = dict[str, dict[str, Scores]]()
        """Of the scopes that have the least score for any discount."""
        self._highs = dict[str, Scores]()
        for day, scopes in self._days.items():
            scores = {scope: _scores(one) for scope, one in scopes.items() if one[SHORT] >= least}
            self._highs[day] = [max(column) for column in zip(_NOTHING, *scores.values(), strict=True)]
            self._scores[day] = {scope: one for scope, one in scores.items() if max(one) >= LEAST_SCORE}

    def on(self, day: str) -> Iterator[Fall]:
        """Yield the scopes whose prices fell together on ``day``, by what was known before it."""
        before = [one for one in self._days if one < day]
        if day not in self._days or len(before) < LEAST_OPEN_DAYS:
            return
        passed = (date.fromisoformat(day) - date.fromisoformat(before[0])).days
        if passed < LEAST_DAYS:
            return
        deep = {scope for scope, one in self._days[day].items() if one[SHORT] >= self._least and _is_deep(one)}
        for scope in sorted(deep):
            yield Fall(scope, day, None, self._days[day][scope])
        scale = _Scale([self._highs[one] for one in before])
        bar = self._bar(scale, before, ALERTS_A_WEEK * passed / 7)
        for scope, scores in self._scores[day].items():
            strays, discount = scale.strays(scores)
            own = (self._scores[one][scope][discount] for one in before if scope in self._scores[one])
            if scope not in deep and strays > bar and all(scores[discount] > score for score in own):
                yield Fall(scope, day, SHARES[discount], self._days[day][scope])

    def _bar(self, scale: _Scale, before: Sequence[str], reached: float) -> float:
        """Return how far scopes came about ``reached`` times on the days before."""
        strays = (scale.strays(scores)[0] for day in before for scores in self._scores[day].values())
        furthest = heapq.nlargest(int(reached) + 1, strays)
        return furthest[-1] if len(furthest) > int(reached) else 0.0


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
    return testimony[PRODUCTS] >= DEEP_LEAST and testimony[DEEP] >= DEEP_SHARE * testimony[PRODUCTS]


def _scores(testimony: Testimony) -> Scores:
    most = (testimony[PRODUCTS] + FEW) ** POWER
    return [for_share / most for for_share in testimony[FOR_SHARE:]]
