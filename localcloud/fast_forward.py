"""Runs a real timeline as fast as its work allows: whenever nothing is left to do, on to the next timer."""

from __future__ import annotations

import threading
import time

from localcloud.stepfunctions import RealTimeline

_NOTHING_TO_DO_SECONDS = 0.002


class FastForward:
    """Skips the waiting between `__enter__` and `__exit__`; what runs is run, in the same order."""

    def __init__(self, timeline: RealTimeline) -> None:
        self._timeline = timeline
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="fast forward", daemon=True)

    def __enter__(self) -> FastForward:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            # A task under way must not see its timeout pass because this machine is slow.
            if self._timeline.busy or self._timeline.skip_to_next_timer() is None:
                time.sleep(_NOTHING_TO_DO_SECONDS)
