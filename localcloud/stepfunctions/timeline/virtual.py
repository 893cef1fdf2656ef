"""A clock that jumps to whatever happens next."""

from __future__ import annotations

import heapq
import itertools
from collections import deque
from collections.abc import Callable

from localcloud.stepfunctions.timeline.port import Job, T, Timeline, Timer


class VirtualTimeline(Timeline):
    """A clock that costs nothing: it moves only when asked to run, straight to what happens next.

    >>> line = VirtualTimeline(start=0.0)
    >>> _ = line.call_after(86_400, lambda: print(line.now()))
    >>> line.run_until_idle()
    86400.0
    """

    def __init__(self, start: float = 1_700_000_000.0) -> None:
        self._now = start
        self._ready: deque[Job] = deque()
        self._timers: list[Timer] = []
        self._order = itertools.count()

    def now(self) -> float:
        """See `Timeline.now`."""
        return self._now

    def call_at(self, when: float, fn: Job) -> Timer:
        """See `Timeline.call_at`."""
        timer = Timer(when, next(self._order), fn)
        heapq.heappush(self._timers, timer)
        return timer

    def call_soon(self, fn: Job) -> None:
        """See `Timeline.call_soon`."""
        self._ready.append(fn)

    def submit(self, work: Callable[[], T], done: Callable[[T | BaseException], None]) -> None:
        """See `Timeline.submit`: the work runs in its turn on the thread that runs the timeline."""

        def in_turn() -> None:
            try:
                result: T | BaseException = work()
            except (Exception, SystemExit) as error:  # handed to `done`
                result = error
            done(result)

        self._ready.append(in_turn)

    def skip(self, seconds: float) -> None:
        """See `Timeline.skip`."""
        self._run_to(self._now + seconds)

    def skip_to_next_timer(self) -> float | None:
        """See `Timeline.skip_to_next_timer`."""
        self._drain()
        due = self._next_due()
        if due is None:
            return None
        self._run_to(max(due, self._now))
        return self._now

    def run_until(self, predicate: Callable[[], bool], limit_seconds: float) -> None:
        """See `Timeline.run_until`; also raises TimeoutError when nothing is left that could happen."""
        limit = self._now + limit_seconds
        while not predicate():
            if self._ready:
                self._ready.popleft()()
                continue
            due = self._next_due()
            if due is None:
                raise TimeoutError("Nothing is left to happen on this timeline, and the condition does not hold.")
            if due > limit:
                self._now = max(self._now, limit)
                raise TimeoutError(f"The condition does not hold after {limit_seconds} s.")
            self._fire_next()

    def run_until_idle(self) -> None:
        """Run until no timer and no work is left."""
        while True:
            self._drain()
            if self._next_due() is None:
                return
            self._fire_next()

    def _run_to(self, target: float) -> None:
        while True:
            self._drain()
            due = self._next_due()
            if due is None or due > target:
                break
            self._fire_next()
        self._now = max(self._now, target)

    def _drain(self) -> None:
        ready = self._ready
        while ready:
            ready.popleft()()

    def _next_due(self) -> float | None:
        timers = self._timers
        while timers and timers[0].cancelled:
            heapq.heappop(timers)
        return timers[0].when if timers else None

    def _fire_next(self) -> None:
        timer = heapq.heappop(self._timers)
        self._now = max(self._now, timer.when)
        job = timer.take()
        if job is not None:
            job()
