"""Weighs whether a category's prices fell together: every line sold is a witness, and some tell more than others.

A category of a few lines a day has no usual total to speak of, but its lines have usual prices. Each line is put in a
cell by its price against the lowest and against the middle of what the product was sold for before. How often lines
fall into a cell on ordinary days is counted, and how often they would have if all had been sold for `SOUGHT` of
their price; the logarithm of both shares' ratio is what a line in that cell testifies (Neyman and Pearson 1933). A
category's score is the sum over its lines by the root of their number. What score is unusual is learnt from the
same company's last weeks: the one that so many days and categories reach `ALERTS_A_WEEK` times a week.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from chalicelib.retail.domain.digests import Digest
from chalicelib.retail.domain.price_cells import CELLS

ALERTS_A_WEEK = 0.8
"""How many categories a week may reach the score by chance."""
LEAST_DAYS = 28
"""Days whose scores must be known before any is called unusual."""
LEAST_SCORE = 0.7
"""Where prices never moved, any move is unusual; this much testimony is wanted all the same."""
CLIP = 2.5
"""The most that one line can testify, for or against."""
FEW = 3.0
"""Added to the number of lines: one or two prove little."""

Weights = Sequence[float]


def unusual_scores(digests: Mapping[str, Digest], day: str) -> Iterator[tuple[str, float]]:
    """Yield (category, score) of the categories whose prices fell together on ``day`` more than they ever do.

    Args:
        digests: ISO date -> its products; days after ``day`` must not be there.
        day: ISO date.
    """
    before = [one for date, one in digests.items() if date != day and one.cells]
    if len(before) < LEAST_DAYS or day not in digests:
        return
    weights = testimony(before)
    usual = sorted((score(cells, weights) for one in before for cells in one.cells.values()), reverse=True)
    place = int(ALERTS_A_WEEK * len(before) / 7)
    bar = max(LEAST_SCORE, usual[min(place, len(usual) - 1)])
    for category, cells in digests[day].cells.items():
        if (reached := score(cells, weights)) > bar:
            yield category, reached


def testimony(days: Sequence[Digest]) -> Weights:
    """Return what a line in each cell testifies: above 0 for a fall of prices, below 0 against it."""
    ordinary, fallen = [1.0] * CELLS, [1.0] * CELLS  # one each: a cell never seen says nothing
    for day in days:
        for cells in day.cells.values():
            for cell, count in enumerate(cells):
                ordinary[cell] += count
        for cell, count in enumerate(day.fallen_cells):
            fallen[cell] += count
    scale = math.log(sum(ordinary) / sum(fallen))
    return [
        max(-CLIP, min(CLIP, math.log(after / before) + scale))
        for before, after in zip(ordinary, fallen, strict=True)
    ]


def score(cells: Sequence[int], weights: Weights) -> float:
    """Return how strongly a category's lines testify together."""
    lines = sum(cells)
    return sum(count * weight for count, weight in zip(cells, weights, strict=True)) / math.sqrt(lines + FEW)
