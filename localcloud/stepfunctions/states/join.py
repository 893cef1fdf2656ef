"""Branches and items under way at once, and the state that waits for them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque

from localcloud.stepfunctions.failures import StateFailure
from localcloud.stepfunctions.frame import Frame
from localcloud.stepfunctions.status import ABORTED, FAILED, RUNNING
from localcloud.stepfunctions.task import JsonValue


class Join(ABC):
    """Runs `count` children, `width` of them at once, and keeps their results in order.

    Children are frames, not threads: each is started from the engine's loop, so neither depth nor number
    of children costs stack.
    """

    def __init__(self, frame: Frame, count: int, width: int) -> None:
        self.frame = frame
        self.results: list[JsonValue] = [None] * count
        self.children: dict[int, Frame] = {}
        self._width = width
        self._running = 0
        self._succeeded = 0
        self._waiting: deque[int] = deque(range(count))
        self._closed = False

    def start(self) -> bool:
        """Start as many children as may run at once; goes on at once when there are none."""
        if not self._waiting:
            return self.finish(self.frame)
        self.frame.join = self
        self.frame.wait_for(self)
        self._fill(self.frame.last_event_id)
        return False

    def redrive(self, frame: Frame) -> bool:
        """Run the children that did not succeed once more, and those that never started."""
        self._closed = False
        self._running = 0
        unsuccessful = [index for index, child in self.children.items() if child.status in (FAILED, ABORTED)]
        self._waiting.extendleft(sorted(unsuccessful, reverse=True))
        return self.start()

    def child_succeeded(self, child: Frame, output: JsonValue) -> None:
        """A child came to its end."""
        last_event_id = child.last_event_id
        self.results[child.index] = output
        del self.children[child.index]
        self._running -= 1
        self._succeeded += 1
        self.frame.last_event_id = self.on_success(child)
        if self._closed:
            return
        if self._succeeded == len(self.results):
            self._closed = True
            self.frame.execution.engine.resume_soon(self.frame, self.finish)
            return
        try:
            self._fill(last_event_id)
        except StateFailure as failure:  # the next item's ItemSelector
            self._give_up(failure, None)

    def child_failed(self, child: Frame, failure: StateFailure) -> None:
        """A child failed: its siblings are aborted, and the state fails with its error."""
        self._running -= 1
        if self._closed:
            return
        self.frame.last_event_id = child.last_event_id
        self._give_up(failure, child)

    def cancel(self) -> None:
        """See `Cancellable.cancel`."""
        self.abort(None)

    def abort(self, previous_event_id: int | None) -> None:
        """See `Joined.abort`."""
        self._closed = True
        self._end_children(None, previous_event_id)

    @abstractmethod
    def make_child(self, index: int, previous_event_id: int) -> Frame:
        """A new frame for a branch or an item."""

    @abstractmethod
    def finish(self, frame: Frame) -> bool:
        """All children succeeded: the state's next step."""

    def on_success(self, child: Frame) -> int:
        """Tell the history; the id of the event that what comes after the join follows."""
        return child.last_event_id

    def tell(self, child: Frame, what: str, previous_event_id: int) -> None:
        """Tell the history that a child "Failed" or was "Aborted", where it tells of children at all."""
        del child, what, previous_event_id

    def _give_up(self, failure: StateFailure, failed: Frame | None) -> None:
        self._closed = True
        self._end_children(failed, self.frame.last_event_id)

        def step(frame: Frame) -> bool:
            raise failure

        self.frame.execution.engine.resume_soon(self.frame, step)

    def _fill(self, previous_event_id: int) -> None:
        while self._waiting and self._running < self._width:
            index = self._waiting.popleft()
            self._running += 1
            child = self.children.get(index)
            if child is None:
                self.children[index] = child = self.make_child(index, previous_event_id)
                self.frame.execution.engine.soon(child.run_if_alive)
            else:
                child.status = RUNNING
                self.frame.execution.engine.soon(child.restart)

    def _end_children(self, failed: Frame | None, previous_event_id: int | None) -> None:
        """Abort what runs, and tell of it and of the failed one in the children's order, as AWS does."""
        for _index, child in sorted(self.children.items()):
            if child is not failed and child.status != RUNNING:
                continue
            if previous_event_id is not None:
                self.tell(child, "Failed" if child is failed else "Aborted", previous_event_id)
            if child is failed:
                child.tell_abort(previous_event_id)
            else:
                child.abort(previous_event_id)
