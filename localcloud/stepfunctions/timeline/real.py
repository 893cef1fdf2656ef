"""The wall clock, scaled, on one scheduler thread."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from localcloud.stepfunctions.timeline.port import Job, T, Timeline, Timer

_log = logging.getLogger(__name__)


LOOK_SECONDS = 0.002


class RealTimeline(Timeline):
    """The wall clock, `speed` times as fast, on one scheduler thread; between `start()` and `stop()`."""

    def __init__(self, speed: float = 1.0, *, start: float | None = None, workers: int = 32) -> None:
        lock = threading.RLock()
        self._changed = threading.Condition(lock)
        """Something for the loop to see."""
        self._settled = threading.Condition(lock)
        """Something for those who wait for the loop to see."""
        self._clock_anchor = time.time() if start is None else start
        self._wall_anchor = time.monotonic()
        self._speed = speed
        self._ready: deque[Job] = deque()
        self._timers: list[Timer] = []
        self._order = itertools.count()
        self._working = 0
        self._skip_target: float | None = None
        self._settle_seconds = 5.0
        self._workers = workers
        self._pool: ThreadPoolExecutor | None = None
        self._thread: threading.Thread | None = None
        self._stopping = False

    @property
    def speed(self) -> float:
        """Timeline seconds a wall second; may be set while running."""
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        if speed <= 0:
            raise ValueError("speed must be above 0")
        with self._changed:
            self._set_clock(self.now())
            self._speed = speed
            self._changed.notify_all()

    @property
    def busy(self) -> bool:
        """True while work is under way beside the loop, or a job waits for its turn."""
        with self._changed:
            return bool(self._working or self._ready)

    def start(self) -> None:
        """Start the scheduler thread."""
        if self._thread is not None:
            raise RuntimeError("This timeline is already running.")
        self._stopping = False
        self._pool = ThreadPoolExecutor(self._workers, thread_name_prefix="task")
        self._thread = threading.Thread(target=self._loop, name="timeline", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop the scheduler thread; what waits is not run, work under way is not waited for."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
            self._settled.notify_all()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()
        self._thread = None
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

    def now(self) -> float:
        """See `Timeline.now`."""
        with self._changed:
            return self._clock_anchor + (time.monotonic() - self._wall_anchor) * self._speed

    def call_at(self, when: float, fn: Job) -> Timer:
        """See `Timeline.call_at`."""
        with self._changed:
            timer = Timer(when, next(self._order), fn)
            heapq.heappush(self._timers, timer)
            self._changed.notify_all()
        return timer

    def call_soon(self, fn: Job) -> None:
        """See `Timeline.call_soon`."""
        with self._changed:
            self._ready.append(fn)
            self._changed.notify_all()

    def submit(self, work: Callable[[], T], done: Callable[[T | BaseException], None]) -> None:
        """See `Timeline.submit`."""

        def beside() -> None:
            try:
                result: T | BaseException = work()
            except BaseException as error:  # handed to `done`
                result = error
            with self._changed:
                self._working -= 1
                self._ready.append(lambda: done(result))
                self._changed.notify_all()

        if self._pool is None:
            raise RuntimeError("This timeline is not running: call start() first.")
        with self._changed:
            self._working += 1
        self._pool.submit(beside)

    def skip(self, seconds: float) -> None:
        """See `Timeline.skip`. Returns when the clock is there; work a timer started may settle first."""
        with self._changed:
            self._skip_to((self._skip_target or self.now()) + seconds)

    def skip_to_next_timer(self) -> float | None:
        """See `Timeline.skip_to_next_timer`."""
        with self._changed:
            due = self._next_due()
            if due is None:
                return None
            self._skip_to(max(due, self.now()))
            return self.now()

    def next_due(self) -> float | None:
        """Return when the next timer is due, None where none waits."""
        with self._changed:
            return self._next_due()

    def run_until(self, predicate: Callable[[], bool], limit_seconds: float) -> None:
        """See `Timeline.run_until`: waits, while the scheduler thread does the running."""
        deadline = time.monotonic() + limit_seconds
        while True:
            if predicate():  # outside the lock: it may take locks of its own
                return
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"The condition does not hold after {limit_seconds} s.")
            with self._settled:
                # Looking now and then costs the loop less than being woken after each of its steps.
                self._settled.wait(min(left, LOOK_SECONDS))

    def _set_clock(self, now: float) -> None:
        self._clock_anchor, self._wall_anchor = now, time.monotonic()

    def _skip_to(self, target: float) -> None:
        if self._thread is None or self._thread is threading.current_thread():
            raise RuntimeError("A running timeline is skipped from outside its own thread.")
        self._skip_target = target
        self._changed.notify_all()
        self._settled.wait_for(lambda: self._skip_target is None or self._stopping)

    def _next_due(self) -> float | None:
        timers = self._timers
        while timers and timers[0].cancelled:
            heapq.heappop(timers)
        return timers[0].when if timers else None

    def _loop(self) -> None:
        while (job := self._next_job()) is not None:
            try:
                job()
            except Exception:  # one broken job must not stop everyone's clock
                _log.exception("a job on the timeline failed")

    def _next_job(self) -> Job | None:
        """Wait for the next job; None when the timeline stops."""
        with self._changed:
            while not self._stopping:
                if self._ready:
                    return self._ready.popleft()
                due = self._next_due()
                now = self.now()
                if due is not None and due <= now:
                    job = heapq.heappop(self._timers).take()
                    if job is not None:
                        return job
                elif self._skip_target is not None:
                    self._advance_skip(due)
                else:
                    if not self._working:
                        self._settled.notify_all()
                    self._changed.wait(None if due is None else (due - now) / self._speed)
            return None

    def _advance_skip(self, due: float | None) -> None:
        """One move towards the skip's target, once the work under way has settled."""
        target = self._skip_target
        assert target is not None
        settled = self._changed.wait_for(lambda: self._ready or not self._working, timeout=self._settle_seconds)
        if settled and self._ready:
            return
        if due is None or due > target:
            self._set_clock(max(self.now(), target))
            self._skip_target = None
            self._settled.notify_all()
        else:
            self._set_clock(max(self.now(), due))
