"""What speaks for an expert: the signals a ranking weighs, for one query and all experts.

Solved tickets are in the order of time; a ticket's age is how many were solved after it. Weights by age are halved
every half-life, counted in tickets, and a ticket older than `WINDOW_HALF_LIVES` half-lives weighs nothing. Which
half-life matters is not decided here: there is a signal of each, and the ranking learns their weights.

    lexical_60_1000     log of the expert's share of the 60 nearest tickets by words, weighted by age
    dense_60_1000       the same by vectors
    lexical_nearest     similarity of their nearest ticket
    centroid_1500       cosine of the query with the sum of their tickets
    activity_200        log share of the tickets they solved, weighted by age
    since               log of 1 + how many tickets were solved after their last
    component_300       how much more often than else they solve tickets with this value of the field "component"

This is the plain reading, a loop over tickets. The engine has the same by arrays, for a hundred thousand.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

FOREVER = 1e12
"""A half-life that never halves."""
NEIGHBOR_HALF_LIVES = (100.0, 300.0, 1_000.0, 3_000.0, FOREVER)
CENTROID_HALF_LIVES = (300.0, 1_500.0, FOREVER)
ACTIVITY_HALF_LIVES = (50.0, 200.0, 800.0, 3_200.0, FOREVER)
FIELD_HALF_LIVES = (300.0, 3_000.0)
LEXICAL_NEIGHBORS = (60, 400)
DENSE_NEIGHBORS = (60,)
WINDOW_HALF_LIVES = 14
LEAST_SHARE = 2e-3
"""Added to a share before its logarithm: what nobody solved is not impossible."""
LEAST_ACTIVITY = 1e-4
FIELD_PRIOR_TICKETS = 3.0
"""As many tickets of the usual mix are added to those of a field's value."""


@dataclass(frozen=True, slots=True)
class Solved:
    """A solved ticket beside a query."""

    solver: str
    lexical: float
    """TF-IDF cosine with the query."""
    dense: float
    """Cosine of the vectors, 0 when negative, squared."""
    fields: Mapping[str, str] = field(default_factory=dict)


def names(fields: Sequence[str]) -> tuple[str, ...]:
    """Return the signals' names in their order; ``fields`` are the fields that have signals."""
    return (
        *(f"lexical_{size}_{_said(h)}" for h in NEIGHBOR_HALF_LIVES for size in LEXICAL_NEIGHBORS),
        *(f"dense_{size}_{_said(h)}" for h in NEIGHBOR_HALF_LIVES for size in DENSE_NEIGHBORS),
        "lexical_nearest",
        "dense_nearest",
        *(f"centroid_{_said(h)}" for h in CENTROID_HALF_LIVES),
        *(f"activity_{_said(h)}" for h in ACTIVITY_HALF_LIVES),
        "since",
        *(f"{name}_{_said(h)}" for name in fields for h in FIELD_HALF_LIVES),
    )


def weight_of_age(age: float, half_life: float) -> float:
    """Return 1 for the youngest, halved every half-life; 0 beyond `WINDOW_HALF_LIVES` of them."""
    return 2.0 ** (-age / half_life) if age <= WINDOW_HALF_LIVES * half_life else 0.0


def signals(
    solved: Sequence[Solved],
    centroid_lengths: Mapping[float, Mapping[str, float]],
    query_fields: Mapping[str, str],
    fields: Sequence[str],
) -> dict[str, list[float]]:
    """Return each expert's signals in the order of `names`.

    Args:
        solved: in the order of time.
        centroid_lengths: half-life to expert to the length of the sum of the expert's tickets, weighted by age.
        query_fields: what the query says beside text.
        fields: the fields that have signals.
    """
    experts = sorted({ticket.solver for ticket in solved})
    rows: list[Mapping[str, float]] = [
        *_shares(solved, [t.lexical for t in solved], LEXICAL_NEIGHBORS),
        *_shares(solved, [t.dense for t in solved], DENSE_NEIGHBORS),
        _nearest(solved, [t.lexical for t in solved]),
        _nearest(solved, [t.dense for t in solved]),
        *_centroids(solved, centroid_lengths),
        *_activity(solved, experts),
        *_affinities(solved, experts, query_fields, fields),
    ]
    return {expert: [row[expert] for row in rows] for expert in experts}


def _aged(solved: Sequence[Solved], half_life: float) -> list[float]:
    return [weight_of_age(len(solved) - 1 - place, half_life) for place in range(len(solved))]


def _summed(solved: Sequence[Solved], weights: Sequence[float]) -> dict[str, float]:
    sums: dict[str, float] = defaultdict(float)
    for ticket, weight in zip(solved, weights, strict=True):
        sums[ticket.solver] += weight
    return sums


def _shares(
    solved: Sequence[Solved], near: Sequence[float], sizes: Sequence[int]
) -> Iterator[Mapping[str, float]]:
    for half_life in NEIGHBOR_HALF_LIVES:
        aged = [s * w for s, w in zip(near, _aged(solved, half_life), strict=True)]
        nearest = sorted(range(len(aged)), key=lambda place: -aged[place])
        for size in sizes:
            chosen = set(nearest[:size])
            sums = _summed(solved, [a if place in chosen else 0.0 for place, a in enumerate(aged)])
            total = sum(sums.values()) + 1e-9
            yield {expert: math.log(value / total + LEAST_SHARE) for expert, value in sums.items()}


def _nearest(solved: Sequence[Solved], near: Sequence[float]) -> Mapping[str, float]:
    nearest: dict[str, float] = defaultdict(float)
    for ticket, similarity in zip(solved, near, strict=True):
        nearest[ticket.solver] = max(nearest[ticket.solver], similarity)
    return nearest


def _centroids(
    solved: Sequence[Solved], lengths: Mapping[float, Mapping[str, float]]
) -> Iterator[Mapping[str, float]]:
    for half_life in CENTROID_HALF_LIVES:
        sums = _summed(solved, [t.lexical * w for t, w in zip(solved, _aged(solved, half_life), strict=True)])
        yield {
            expert: value / lengths[half_life][expert] if lengths[half_life][expert] > 0 else 0.0
            for expert, value in sums.items()
        }


def _activity(solved: Sequence[Solved], experts: Sequence[str]) -> Iterator[Mapping[str, float]]:
    for half_life in ACTIVITY_HALF_LIVES:
        share = _share(solved, half_life)
        yield {expert: math.log(share[expert] + LEAST_ACTIVITY) for expert in experts}
    last = {ticket.solver: place for place, ticket in enumerate(solved)}
    yield {expert: math.log1p(len(solved) - last[expert]) for expert in experts}


def _affinities(
    solved: Sequence[Solved], experts: Sequence[str], query_fields: Mapping[str, str], fields: Sequence[str]
) -> Iterator[Mapping[str, float]]:
    for name in fields:
        asked = query_fields.get(name)
        seen = asked is not None and any(ticket.fields.get(name) == asked for ticket in solved)
        for half_life in FIELD_HALF_LIVES:
            if not seen:
                yield dict.fromkeys(experts, 0.0)
                continue
            share = _share(solved, half_life)
            weights = _aged(solved, half_life)
            alike = [
                w if ticket.fields.get(name) == asked else 0.0 for ticket, w in zip(solved, weights, strict=True)
            ]
            sums = _summed(solved, alike)
            total = sum(alike) + FIELD_PRIOR_TICKETS
            prior = {expert: share[expert] + LEAST_ACTIVITY for expert in experts}
            yield {
                expert: math.log((sums[expert] + FIELD_PRIOR_TICKETS * prior[expert]) / total / prior[expert])
                for expert in experts
            }


def _share(solved: Sequence[Solved], half_life: float) -> dict[str, float]:
    weights = _aged(solved, half_life)
    total = sum(weights)
    sums = _summed(solved, weights)
    return {expert: value / total for expert, value in sums.items()}


def _said(half_life: float) -> str:
    return "ever" if half_life >= FOREVER else f"{half_life:g}"
