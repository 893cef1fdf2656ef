"""What all states share: the way in, the way out, Retry and Catch."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from localcloud.stepfunctions.dataflow import Try
from localcloud.stepfunctions.failures import StateFailure
from localcloud.stepfunctions.flow import make_flow
from localcloud.stepfunctions.states.handlers import Catcher, Retrier
from localcloud.stepfunctions.task import JsonValue

if TYPE_CHECKING:
    from localcloud.stepfunctions.frame import Frame


class State(ABC):
    """A compiled state: immutable, shared by all executions of its machine."""

    type: str
    aborted_event: str | None = None
    """The event for a state left while it waits; None for states that never wait."""
    failed_event: str | None = None
    """The event for a state whose branches or items failed beyond its retries."""
    counts_retries: bool = False
    """Whether the context object tells a RetryCount."""

    def __init__(self, name: str, body: dict[str, JsonValue], language: str) -> None:
        self.name = name
        self.next: str | None = None if body.get("End") else body.get("Next")
        self.flow = make_flow(body, language)
        self._retriers = tuple(Retrier(entry) for entry in body.get("Retry", ()))
        self._catchers = tuple(
            Catcher(entry, self.flow, number) for number, entry in enumerate(body.get("Catch", ()))
        )

    @abstractmethod
    def run(self, frame: Frame) -> bool:
        """Do the state's work; see `Step`. Raises StateFailure."""

    def failed(self, frame: Frame, failure: StateFailure) -> bool:
        """Retry, catch, or end the frame."""
        failure = frame.told(failure)
        execution = frame.execution
        note = Try(frame.retry_count, failure.error, failure.cause, execution.now())
        frame.visit.tries = [*frame.visit.tries, note]
        if not failure.fatal:
            delay = self._retry_delay(frame, failure)
            if delay is not None:
                frame.retry_count += 1
                note.retry_at = execution.now() + delay
                frame.join = None
                return frame.wait_for(execution.timer(delay, frame, self.run))
            if self.failed_event is not None:
                frame.emit(self.failed_event)
            for catcher in self._catchers:
                if failure.matches(catcher.names):
                    frame.visit.error, frame.visit.cause, frame.visit.caught = failure.error, failure.cause, True
                    return frame.leave(catcher.conclude(frame, self.flow.error_output(failure)), catcher.next)
        return frame.fail(failure)

    def _retry_delay(self, frame: Frame, failure: StateFailure) -> float | None:
        """Seconds until the next try; None when no retrier takes the failure, or it is used up."""
        for number, retrier in enumerate(self._retriers):
            if failure.matches(retrier.names):
                used = frame.retries.get(number, 0)
                if used >= retrier.max_attempts:
                    return None
                frame.retries = {**frame.retries, number: used + 1}
                return retrier.delay_seconds(used, frame.execution.random)
        return None
