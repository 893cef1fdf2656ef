"""Weighs whether a category's prices fell together: every product sold is a witness, and some tell more.

A category that sells a few lines a day has no usual total to speak of, but its products have usual prices. A
product testifies by today's price: one it had before, a new one, or the lowest ever; and, for each round
discount, whether it is just that share of an earlier price. How often ordinary days bring each of these is
counted, how often a discount would is `FALLEN`; the logarithm of the ratio is what the product testifies for that
discount (Neyman and Pearson 1933). A category's score is the best discount's sum over its products by the root of
their number. What score is unusual is learnt from the same company's last weeks: the one reached `ALERTS_A_WEEK`
times a week, and more than the category itself ever reached in them.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from chalicelib.retail.domain.price_shares import SHARES, is_known, shares_of

ALERTS_A_WEEK = 0.8
"""How many categories a week may reach the score by chance."""
LEAST_DAYS = 28
"""Days whose scores must be known before any is called unusual."""
LEAST_SCORE = 2.5
"""Where prices never moved, any move is unusual; this much testimony is wanted all the same."""
FEW = 3.0
"""Added to the number of products: one or two prove little."""
FALLEN = (0.01, 0.065, 0.185, 0.085, 0.655)
"""How often a discounted product's price is known, new, new and at the share, the lowest, the lowest and at the
share: measured on discounts planted in a year of real sales, whose halves differ little."""

SHORT, LINES, NEW_LINES, KNOWN, NEW, LOWEST, AT_SHARE = range(7)
"""Where a category's testimony has: the money its new prices are short of the usual, in cents; lines; lines at new
prices; products (parts of one where its stores differ) at a known, a new, the lowest price ever; from `AT_SHARE`
on, of the new and of the lowest, how many are at each of `SHARES`."""
Testimony = list[float]
Weights = Sequence[Sequence[float]]
"""For each of `SHARES`, what a product says of it: in the order of `FALLEN`."""


@dataclass(frozen=True, slots=True)
class Fall:
    """A category whose prices fell together."""

    category: str
    day: str
    """The first day, an ISO date."""
    share: float
    """What is left of earlier prices."""
    score: float
    testimony: Testimony


def nothing() -> Testimony:
    """Return the testimony of a category that sold nothing."""
    return [0.0] * (AT_SHARE + 2 * len(SHARES))


def hear(
    into: Testimony, prices: Sequence[float], units: Sequence[float], known: Sequence[float], usual: float
) -> None:
    """Add one product's day.

    Args:
        into: its category's testimony.
        prices: cents a piece, a line each.
        units: pieces, a line each.
        known: the prices it was sold for before, in order of size, at least one.
        usual: its usual price.
    """
    weight = 1 / len(prices)
    into[LINES] += len(prices)
    for price, lines in Counter(prices).items():
        if price <= 0 or is_known(price, known):
            into[KNOWN] += lines * weight
            continue
        lowest = price < known[0]
        into[LOWEST if lowest else NEW] += lines * weight
        into[NEW_LINES] += lines
        into[SHORT] += max(0.0, usual - price) * sum(
            pieces for pieces, one in zip(units, prices, strict=True) if one == price
        )
        for place, hit in enumerate(shares_of(price, known)):
            into[AT_SHARE + 2 * place + lowest] += hit * lines * weight


class Falls:
    """Which categories' prices fell together, on the day judged and on the days before it."""

    def __init__(self, days: Mapping[str, Mapping[str, Testimony]], day: str, least: float) -> None:
        """Weigh all that was testified.

        Args:
            days: ISO date -> category -> testimony; days after ``day`` must not be there.
            day: ISO date of the day judged.
            least: money in cents below which a category is not worth a line.
        """
        self._days = {date: days[date] for date in sorted(days) if days[date]}
        weights = weigh([one for date, one in self._days.items() if date != day])
        self._scores = {
            date: {name: score(one, weights) for name, one in categories.items() if one[SHORT] >= least}
            for date, categories in self._days.items()
        }

    def on(self, day: str) -> Iterator[Fall]:
        """Yield the categories whose prices fell together on ``day`` as they seldom do in the company.

        A category that reached the same score before, within the days known, is not unusual.
        """
        before = [self._scores[date] for date in self._days if date < day]
        if len(before) < LEAST_DAYS or day not in self._days:
            return
        place = int(ALERTS_A_WEEK * len(before) / 7)
        highest = heapq.nlargest(place + 1, (reached for scores in before for reached, _ in scores.values()))
        bar = max(LEAST_SCORE, highest[place] if place < len(highest) else 0.0)
        for category, (reached, share) in self._scores[day].items():
            if reached > bar and all(reached > scores[category][0] for scores in before if category in scores):
                yield Fall(category, day, share, reached, self._days[day][category])


def weigh(days: Sequence[Mapping[str, Testimony]]) -> Weights:
    """Return what a product says of each share, after how often ordinary days brought the same."""
    total = [1.0 + sum(column) for column in zip(*(one for day in days for one in day.values()), strict=True)]
    weights = []
    for place in range(len(SHARES)):
        ordinary = _outcomes(total, place)
        whole = sum(ordinary)
        weights.append(
            [math.log(fallen * whole / max(1.0, often)) for fallen, often in zip(FALLEN, ordinary, strict=True)]
        )
    return weights


def score(testimony: Testimony, weights: Weights) -> tuple[float, float]:
    """Return how strongly a category's products testify for the likeliest share, and that share."""
    products = testimony[KNOWN] + testimony[NEW] + testimony[LOWEST]
    sums = (
        sum(count * weight for count, weight in zip(_outcomes(testimony, place), weights[place], strict=True))
        for place in range(len(SHARES))
    )
    best, place = max((one, place) for place, one in enumerate(sums))
    return best / math.sqrt(products + FEW), SHARES[place]


def _outcomes(counts: Sequence[float], place: int) -> tuple[float, float, float, float, float]:
    """Return the counts in the order of `FALLEN`, for one share."""
    new, lowest = counts[AT_SHARE + 2 * place], counts[AT_SHARE + 2 * place + 1]
    return counts[KNOWN], counts[NEW] - new, new, counts[LOWEST] - lowest, lowest
