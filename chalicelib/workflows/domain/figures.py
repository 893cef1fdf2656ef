"""How a workflow has been doing: shares, durations, cost of a run."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from chalicelib.workflows.domain.visit import Visit

TRANSITION_DOLLARS = 0.025 / 1000
"""Standard workflows, https://aws.amazon.com/step-functions/pricing/ (us-east-1)."""
GB_SECOND_DOLLARS = 0.0000166667
"""Lambda on x86, https://aws.amazon.com/lambda/pricing/ (us-east-1)."""
REQUEST_DOLLARS = 0.20 / 1_000_000


def share(part: int, whole: int) -> float | None:
    """Return ``part`` of ``whole``; None of nothing."""
    return part / whole if whole else None


def percentile(values: Sequence[float], rank: float) -> float | None:
    """Return the nearest-rank percentile; ``rank`` between 0 and 1; None of nothing.

    >>> percentile([3.0, 1.0, 2.0], 0.5)
    2.0
    """
    if not values:
        return None
    ordered = sorted(values)
    return ordered[max(0, math.ceil(rank * len(ordered)) - 1)]


def transitions(visits: Iterable[Visit]) -> int:
    """Return what Step Functions bills of a run: each state entered, and each try after the first."""
    return sum(1 + max(0, len(visit.tries) - 1) for visit in visits)


def dollars(visits: Sequence[Visit], function_gb_seconds: float, invocations: int) -> float:
    """Return what a run cost at list prices: its transitions, and the functions its tasks ran."""
    steps = transitions(visits) * TRANSITION_DOLLARS
    return steps + function_gb_seconds * GB_SECOND_DOLLARS + invocations * REQUEST_DOLLARS
