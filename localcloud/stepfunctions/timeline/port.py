"""The port `Timeline`, and the `Timer` it hands out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
Job = Callable[[], object]


class Timer:
    """A call promised for a time; `cancel` takes the promise back."""

    __slots__ = ("_job", "_order", "when")

    def __init__(self, when: float, order: int, job: Job) -> None:
        self.when = when
        self._order = order
        self._job: Job | None = job

    def cancel(self) -> None:
        """Never fire. Harmless after the timer has fired."""
        self._job = None

    @property
    def cancelled(self) -> bool:
        """True once cancelled or fired."""
        return self._job is None

    def take(self) -> Job | None:
        """The job, once; called by the loop when the time has come."""
        job, self._job = self._job, None
        return job

    def __lt__(self, other: Timer) -> bool:
        return (self.when, self._order) < (other.when, other._order)


class Timeline(ABC):
    """What every timed part of the local cloud is given instead of `time` and `threading`."""

    @abstractmethod
    def now(self) -> float:
        """Epoch seconds on this timeline."""

    @abstractmethod
    def call_at(self, when: float, fn: Job) -> Timer:
        """Run `fn` at `when`, at once if that is past."""

    @abstractmethod
    def call_soon(self, fn: Job) -> None:
        """Run `fn` on the loop, after what is already waiting there."""

    @abstractmethod
    def submit(self, work: Callable[[], T], done: Callable[[T | BaseException], None]) -> None:
        """Do `work` beside the loop (real: a thread pool; virtual: in turn), then `done` on the loop.

        `done` gets the result, or the exception `work` raised.
        """

    @abstractmethod
    def skip(self, seconds: float) -> None:
        """Move the clock forward; every timer on the way fires at its own time, in order."""

    @abstractmethod
    def skip_to_next_timer(self) -> float | None:
        """Move the clock to the next timer and fire it; the new time, or None where no timer waits."""

    @abstractmethod
    def run_until(self, predicate: Callable[[], bool], limit_seconds: float) -> None:
        """Go on until `predicate()`; raises TimeoutError after `limit_seconds`.

        The limit counts timeline seconds on a virtual clock, wall seconds on a real one.
        """

    def call_after(self, seconds: float, fn: Job) -> Timer:
        """Run `fn` in `seconds` from now."""
        return self.call_at(self.now() + seconds, fn)
