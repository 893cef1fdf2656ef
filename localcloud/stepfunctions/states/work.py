"""Work of a state beside the loop: reading items, writing results."""

from __future__ import annotations

from collections.abc import Callable

from localcloud.stepfunctions.frame import Frame
from localcloud.stepfunctions.task import JsonValue


class Work:
    """What a frame waits for while `Timeline.submit` does something for it."""

    __slots__ = ("_cancelled", "_frame")

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._cancelled = False

    def start(
        self, work: Callable[[], JsonValue], finish: Callable[[Frame, JsonValue | BaseException], bool]
    ) -> bool:
        """Do `work`, then let the frame go on with `finish`, on its result or on what it raised."""

        def done(result: JsonValue | BaseException) -> None:
            if not self._cancelled:
                self._frame.execution.engine.resume(self._frame, lambda frame: finish(frame, result))

        self._frame.wait_for(self)
        self._frame.execution.engine.timeline.submit(work, done)
        return False

    def cancel(self) -> None:
        """See `Cancellable.cancel`."""
        self._cancelled = True
