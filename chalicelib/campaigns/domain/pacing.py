"""How many calls, how fast, and how long to wait in between.

All of it is arithmetic on numbers the services have read; nothing here knows the time or a store.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

MAX_DELAY_SECONDS = 900
"""What SQS allows as DelaySeconds of one message."""

LONGEST_WAVE_SECONDS = 3_600
"""What is queued has left the order of priority: an hour is as long as that may last."""

SENDS_PER_SECOND = 1_000
"""What a dispatcher is trusted to write and send a second: a quarter of what is measured."""

TYPICAL_CALL_SECONDS = 45.0
"""How long a line is taken by one attempt, ringing counted, before a campaign has figures of its own."""

FIRST_WAIT_SECONDS = 60
MIN_WAIT_SECONDS = 15
MAX_WAIT_SECONDS = 900

LAMBDA_TASK_EVENTS = 5
"""History events of a Lambda task that succeeds: entered, scheduled, started, succeeded, exited."""
LAMBDA_RETRY_EVENTS = 3
"""What each retry adds: scheduled, started, failed or timed out."""
CHOICE_EVENTS = 2
"""Entered, exited."""
WAIT_EVENTS = 2
"""Entered, exited."""

MONITOR_TURN_EVENTS = WAIT_EVENTS + LAMBDA_TASK_EVENTS + CHOICE_EVENTS
"""MonitorProgress, CheckCampaignStatus, IsCampaignComplete: 9."""
DISPATCH_TURN_EVENTS = LAMBDA_TASK_EVENTS + CHOICE_EVENTS
"""QueryEligibleContacts, CheckContactsAvailable: 7 more in a turn that dispatches."""

HISTORY_EVENT_LIMIT = 25_000
"""AWS ends a standard execution that has more."""
HISTORY_BUDGET_EVENTS = 20_000
"""Where an execution hands over to its successor: the rest is room for retries and the report."""

ABANDONMENT_LIMIT = 0.03
"""Abandoned share of live answers over 30 days that must not be reached (16 CFR 310.4(b)(4)(i), and Ofcom's)."""
ABANDONMENT_EASE = 0.02
"""From here on the campaign takes fewer lines."""
ABANDONMENT_SMALLEST_BASE = 100
"""Fewer live answers are reckoned as this many: one in the first ten is no rate yet."""


def wave_size(
    *,
    calls_per_second: float,
    budget_seconds: float,
    max_concurrent: int,
    queued: int,
    calling: int,
    horizon_seconds: float = MAX_DELAY_SECONDS,
    call_seconds: float = TYPICAL_CALL_SECONDS,
    concurrency_factor: float = 1.0,
) -> int:
    """Return how many contacts to dispatch now.

    Enough to keep the lines busy until the next wave, and no more: what is queued has left the order of
    priority, and must be taken back when a campaign is paused.

    Args:
        calls_per_second: the campaign's rate.
        budget_seconds: what is left of the dispatcher's own time.
        max_concurrent: the campaign's lines.
        queued: contacts already in the queue.
        calling: calls running now; each holds one of the lines.
        horizon_seconds: how long the wave should last.
        call_seconds: how long a call takes a line.
        concurrency_factor: share of the lines allowed, from `concurrency_factor`.
    """
    lines = lines_allowed(max_concurrent, concurrency_factor)
    if lines < 1 or budget_seconds <= 0:
        return 0
    by_rate = math.ceil(calls_per_second * horizon_seconds)
    by_lines = math.ceil(lines * max(1.0, horizon_seconds / call_seconds)) - calling
    by_budget = math.floor(budget_seconds * SENDS_PER_SECOND)
    return max(0, min(by_rate - queued, by_lines - queued, by_budget))


def dial_delay_seconds(place: int, calls_per_second: float) -> int:
    """Return in how many whole seconds the message with ``place`` others ahead of it falls due.

    >>> [dial_delay_seconds(place, 2.0) for place in range(5)]
    [0, 0, 1, 1, 2]
    """
    return int(place / calls_per_second)


def wait_seconds(drain_per_second: float, queued: int, *, longest_seconds: int = MAX_WAIT_SECONDS) -> int:
    """Return how long to wait before looking again: until nine tenths of the queue have drained.

    Between 15 s and ``longest_seconds``; 60 s while a queue has not been seen to drain.
    """
    if queued <= 0:
        return MIN_WAIT_SECONDS
    if drain_per_second <= 0:
        return FIRST_WAIT_SECONDS
    return max(MIN_WAIT_SECONDS, math.floor(min(longest_seconds, 0.9 * queued / drain_per_second)))


def wait_until(now: datetime, next_eligible_at: datetime | None, end_at: datetime | None) -> int:
    """Return the seconds to sleep when every contact is held: to the first that is free, or to the end.

    Whole seconds, never waking too early, at least 1; 15 minutes when neither instant is known.
    """
    instants = [instant for instant in (next_eligible_at, end_at) if instant is not None]
    if not instants:
        return MAX_WAIT_SECONDS
    return max(1, math.ceil((min(instants) - now).total_seconds()))


def patience_seconds(age_seconds: float) -> int:
    """Return how long an execution of this age may let pass between two waves, 15 minutes to an hour.

    A turn with a wave costs five state transitions. A campaign that dials day and night for two weeks stays under
    2,000 of them when its waves grow with its age: a 24th of it.
    """
    return int(max(MAX_DELAY_SECONDS, min(LONGEST_WAVE_SECONDS, age_seconds / 24)))


@dataclass(frozen=True, slots=True)
class Bucket:
    """A token bucket as it is stored between calls."""

    tokens: float
    updated_at: float
    """Epoch seconds at which ``tokens`` was right."""


def take(bucket: Bucket, *, rate: float, burst: float, now: float, want: int) -> tuple[int, Bucket]:
    """Return (tokens granted, the bucket afterwards); grants as many of ``want`` as there are.

    A clock that went back adds no tokens.

    >>> take(Bucket(0.0, 100.0), rate=2.0, burst=10.0, now=103.0, want=8)
    (6, Bucket(tokens=0.0, updated_at=103.0))
    """
    elapsed = max(0.0, now - bucket.updated_at)
    tokens = min(burst, bucket.tokens + elapsed * rate)
    granted = max(0, min(want, math.floor(tokens)))
    return granted, Bucket(tokens - granted, max(now, bucket.updated_at))


def abandonment_rate(abandoned: int, live: int) -> float:
    """Return the abandoned share of ``live`` answers (abandoned ones included), over the last 30 days."""
    return abandoned / max(live, ABANDONMENT_SMALLEST_BASE)


def concurrency_factor(abandoned: int, live: int) -> float:
    """Return the share of its lines a campaign may use: 1 up to 2 % abandoned, falling to 0 at 3 %.

    At 0 nobody is called until old attempts leave the 30 days or a person changes the campaign.

    >>> concurrency_factor(abandoned=25, live=1000)
    0.5
    """
    over = abandonment_rate(abandoned, live) - ABANDONMENT_EASE
    return min(1.0, max(0.0, round(1.0 - over / (ABANDONMENT_LIMIT - ABANDONMENT_EASE), 6)))


def lines_allowed(max_concurrent: int, factor: float) -> int:
    """Return the lines a campaign may use under a `concurrency_factor`; 0: abandonment holds everybody."""
    return math.floor(max_concurrent * factor)


def history_budget_spent(events: int) -> bool:
    """Return whether the execution should hand over to its successor."""
    return events >= HISTORY_BUDGET_EVENTS
