"""One entry of Retry, one entry of Catch."""

from __future__ import annotations

from random import Random

from localcloud.stepfunctions.flow import Flow
from localcloud.stepfunctions.limits import LONGEST_PAUSE_SECONDS
from localcloud.stepfunctions.task import JsonValue

DEFAULT_INTERVAL_SECONDS = 1
DEFAULT_MAX_ATTEMPTS = 3
DEFAULT_BACKOFF_RATE = 2.0


class Retrier:
    """When and how often to try again."""

    __slots__ = (
        "_backoff_rate",
        "_full_jitter",
        "_interval_seconds",
        "_max_delay_seconds",
        "max_attempts",
        "names",
    )

    def __init__(self, body: dict[str, JsonValue]) -> None:
        self.names: tuple[str, ...] = tuple(body["ErrorEquals"])
        self.max_attempts: int = body.get("MaxAttempts", DEFAULT_MAX_ATTEMPTS)
        self._interval_seconds: float = body.get("IntervalSeconds", DEFAULT_INTERVAL_SECONDS)
        self._backoff_rate: float = body.get("BackoffRate", DEFAULT_BACKOFF_RATE)
        self._max_delay_seconds: float = body.get("MaxDelaySeconds", LONGEST_PAUSE_SECONDS)
        self._full_jitter = body.get("JitterStrategy", "NONE") == "FULL"

    def delay_seconds(self, used: int, random: Random) -> float:
        """The pause before the next try, after `used` retries of this entry.

        IntervalSeconds 3, BackoffRate 2, MaxDelaySeconds 10: 3, 6, 10, 10 ... With full jitter the pause is
        drawn between 0 and that.
        """
        try:
            delay = min(self._interval_seconds * self._backoff_rate**used, self._max_delay_seconds)
        except OverflowError:
            delay = self._max_delay_seconds
        return random.uniform(0, delay) if self._full_jitter else delay


class Catcher:
    """Where to go with an error."""

    __slots__ = ("conclude", "names", "next")

    def __init__(self, body: dict[str, JsonValue], flow: Flow, number: int) -> None:
        self.names: tuple[str, ...] = tuple(body["ErrorEquals"])
        self.next: str = body["Next"]
        self.conclude = flow.catcher(body, f"Catch[{number}]")
