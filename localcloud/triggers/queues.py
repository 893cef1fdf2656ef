"""SQS to functions: one poller for each event source mapping.

A poller sleeps until moto says that something happened to its queue, or until the next message becomes
visible again; an empty queue costs nothing and holds no timer. It receives a batch, invokes the function,
deletes what succeeded and leaves the rest to become visible again: redrive to the dead-letter queue happens
in moto when such a message would be received once too often.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

from localcloud.functions import Functions, Outcome
from localcloud.provision.site import QueueMapping
from localcloud.stepfunctions import Timeline, Timer
from localcloud.triggers.sqs_records import failed_ids, sqs_event

Matches = Callable[[dict[str, Any], Any], bool]
"""Whether an event pattern matches a value."""


class QueuePoller:
    """Polls one queue for one function."""

    def __init__(
        self,
        mapping: QueueMapping,
        backend: Any,
        timeline: Timeline,
        functions: Functions,
        lock: threading.RLock,
        matches: Matches,
    ) -> None:
        self._mapping = mapping
        self._backend = backend
        self._queue_name = mapping.queue_arn.split(":")[-1]
        self._timeline = timeline
        self._functions = functions
        self._lock = lock
        self._matches = matches
        self._in_flight = 0
        self._woken = False
        self._window: Timer | None = None
        self._later: Timer | None = None

    @property
    def queue_name(self) -> str:
        """The queue's name."""
        return self._queue_name

    def wake(self) -> None:
        """Look at the queue soon; many calls make one look."""
        if not self._woken:
            self._woken = True
            self._timeline.call_soon(self._look)

    def _look(self) -> None:
        self._woken = False
        queue = self._backend.get_queue(self._queue_name)
        if (
            self._mapping.window_seconds
            and self._window is None
            and self._visible(queue) < self._mapping.batch_size
        ):
            if self._visible(queue):
                self._window = self._timeline.call_after(self._mapping.window_seconds, self._window_over)
        elif self._window is None or self._visible(queue) >= self._mapping.batch_size:
            self._poll(queue)
        self._look_again_when_visible(queue)

    def _window_over(self) -> None:
        self._window = None
        queue = self._backend.get_queue(self._queue_name)
        self._poll(queue)
        self._look_again_when_visible(queue)

    def _poll(self, queue: Any) -> None:
        while self._in_flight < self._mapping.concurrency:
            with self._lock:
                batch = self._backend.receive_message(
                    self._queue_name, self._mapping.batch_size, 0, int(queue.visibility_timeout), None
                )
            if not batch:
                return
            if self._window is not None:
                self._window.cancel()
                self._window = None
            wanted = self._delete_unwanted(batch)
            if wanted:
                self._in_flight += 1
                self._invoke(wanted, json.dumps(sqs_event(wanted, queue)))

    def _invoke(self, batch: list[Any], event: str) -> None:
        self._timeline.submit(
            lambda: self._functions.invoke(self._mapping.function_arn, event),
            lambda result: self._ended(batch, result),
        )

    def _ended(self, batch: list[Any], result: Outcome | BaseException) -> None:
        self._in_flight -= 1
        ids = [message.id for message in batch]
        if isinstance(result, BaseException) or result.failed:
            failed = set(ids)
        elif self._mapping.reports_failures:
            failed = failed_ids(result.value, ids)
        else:
            failed = set()
        for message in batch:
            if message.id not in failed:
                self._delete(message)
        self.wake()

    def _delete(self, message: Any) -> None:
        with self._lock:
            self._backend.get_queue(self._queue_name).delete_message(message.receipt_handle)

    def _delete_unwanted(self, batch: list[Any]) -> list[Any]:
        """Return the messages that match a filter; the others are deleted, as Lambda does."""
        if not self._mapping.filters:
            return batch
        wanted = []
        for message in batch:
            seen = {"body": _json_or_text(message.body)}
            if any(self._matches(pattern, seen) for pattern in self._mapping.filters):
                wanted.append(message)
            else:
                self._delete(message)
        return wanted

    def _visible(self, queue: Any) -> int:
        return sum(1 for message in queue.messages if message.visible)

    def _look_again_when_visible(self, queue: Any) -> None:
        """Set the timer for the next message that is delayed or being worked on."""
        now = self._timeline.now()
        times = [max(message.visible_at, message.delayed_until) / 1000.0 for message in list(queue._messages)]
        later = min((time for time in times if time >= now), default=None)
        if self._later is not None:
            self._later.cancel()
            self._later = None
        if later is not None:
            # moto calls a message visible strictly after its time
            self._later = self._timeline.call_at(later + 0.001, self.wake)


def _json_or_text(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
