"""What runs would cost on AWS: transitions, requests, GB-seconds and dollars, from real histories."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from localcloud.store import RunStore, StoredInvocation

TRANSITION_DOLLARS = 0.025 / 1000
"""Standard workflows, https://aws.amazon.com/step-functions/pricing/ (us-east-1)."""
GB_SECOND_DOLLARS = 0.0000166667
"""Lambda on x86, https://aws.amazon.com/lambda/pricing/ (us-east-1)."""
REQUEST_DOLLARS = 0.20 / 1_000_000


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one run, or of a sum."""

    transitions: int = 0
    requests: int = 0
    gb_seconds: float = 0.0

    @property
    def dollars(self) -> float:
        """At list prices, without the free tier."""
        return (
            self.transitions * TRANSITION_DOLLARS
            + self.gb_seconds * GB_SECOND_DOLLARS
            + self.requests * REQUEST_DOLLARS
        )

    def __add__(self, other: Cost) -> Cost:
        return Cost(
            self.transitions + other.transitions,
            self.requests + other.requests,
            self.gb_seconds + other.gb_seconds,
        )


def transitions(event_counts: Mapping[str, int]) -> int:
    """Return the billed transitions of a history: each state entered, and each retry.

    >>> transitions({"TaskStateEntered": 2, "TaskScheduled": 3, "SucceedStateEntered": 1})
    4
    """
    entered = sum(count for kind, count in event_counts.items() if kind.endswith("StateEntered"))
    tries = sum(event_counts.get(kind, 0) for kind in ("TaskScheduled", "LambdaFunctionScheduled"))
    return entered + max(0, tries - event_counts.get("TaskStateEntered", 0))


def function_cost(invocations: Iterable[StoredInvocation]) -> Cost:
    """Return what invocations cost; time is billed in whole milliseconds."""
    total = Cost()
    for one in invocations:
        seconds = max(1, math.ceil(one.seconds * 1000)) / 1000
        total += Cost(requests=1, gb_seconds=seconds * one.memory_mb / 1024)
    return total


def run_cost(store: RunStore, execution_arn: str) -> Cost:
    """Return what one run cost, its own tasks included; what its events made run elsewhere is not."""
    own = function_cost(store.invocations(caller=execution_arn))
    return own + Cost(transitions=transitions(store.event_counts(execution_arn)))
