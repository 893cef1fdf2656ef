"""One execution: its status, its history and its data flow."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING

from localcloud.stepfunctions.dataflow import Visit
from localcloud.stepfunctions.failures import RUNTIME, TIMEOUT, HistoryFullError, StateFailure
from localcloud.stepfunctions.frame import Frame, Step
from localcloud.stepfunctions.history import Event, History
from localcloud.stepfunctions.json_text import dumps
from localcloud.stepfunctions.limits import HISTORY_EVENTS, LONGEST_PAUSE_SECONDS, REDRIVE_SECONDS
from localcloud.stepfunctions.status import ABORTED, EXPRESS, FAILED, RUNNING, STANDARD, SUCCEEDED, TIMED_OUT
from localcloud.stepfunctions.task import JsonValue
from localcloud.stepfunctions.timeline import Timer

if TYPE_CHECKING:
    from localcloud.stepfunctions.engine import Engine
    from localcloud.stepfunctions.machine import StateMachine


class Execution:
    """A run of a machine, or of one child of a distributed Map. Read it freely; only the engine changes it."""

    def __init__(
        self,
        engine: Engine,
        machine: StateMachine,
        arn: str,
        name: str,
        value: JsonValue,
        input_text: str | None,
        *,
        machine_type: str | None = None,
        map_run_arn: str | None = None,
        map_index: int | None = None,
    ) -> None:
        self.engine = engine
        self.machine = machine
        self.arn = arn
        self.name = name
        self.input: JsonValue = value
        self._input_text = input_text
        self.type = machine_type or machine.type
        self.map_run_arn = map_run_arn
        self.map_index = map_index
        """Which child of its map run this is."""
        self.state_machine_arn = machine.arn
        self.state_machine_name = machine.name
        self.role_arn = machine.role_arn
        self.status = RUNNING
        self.output: JsonValue = None
        self.error: str | None = None
        self.cause: str | None = None
        self.started_at = engine.timeline.now()
        self.stopped_at: float | None = None
        self.redrive_count = 0
        self.redriven_at: float | None = None
        self.history = History()
        self.dataflow: list[Visit] = []
        self.given_context: dict[str, JsonValue] | None = None
        """Fields of the context object that a test of a single state gives."""
        self.root: Frame | None = None
        self.on_end: tuple[Callable[[Execution], None], ...] = ()
        """Called once when the execution ends, then forgotten."""
        self.deadline: Timer | None = None

    @cached_property
    def random(self) -> Random:
        """Jitter of this execution: drawn from its ARN, so that a repeated run pauses the same."""
        return Random(self.arn)

    @property
    def ended(self) -> bool:
        """True when the status is final (until a redrive)."""
        return self.status != RUNNING

    @property
    def input_text(self) -> str:
        """The input as it was given, to the letter; a Map child's as JSON text."""
        return dumps(self.input) if self._input_text is None else self._input_text

    @property
    def output_text(self) -> str | None:
        """The output as JSON text; None unless the execution succeeded."""
        return dumps(self.output) if self.status == SUCCEEDED else None

    def now(self) -> float:
        """Epoch seconds on the engine's timeline."""
        return self.engine.timeline.now()

    def after(self, seconds: float, job: Callable[[], None]) -> Timer:
        """Do a job in some seconds; pauses beyond all that AWS takes are cut to the longest it does."""
        return self.engine.timeline.call_after(min(seconds, LONGEST_PAUSE_SECONDS), job)

    def timer(self, seconds: float, frame: Frame, step: Step) -> Timer:
        """Resume a frame with `step` in some seconds."""
        return self.after(seconds, lambda: self.engine.resume(frame, step))

    def emit(
        self, event_type: str, previous: int, key: str | None = None, details: dict[str, JsonValue] | None = None
    ) -> int:
        """Add an event; its id. Raises HistoryFullError when only the last place is left."""
        events = self.history.events
        event_id = len(events) + 1
        if event_id >= HISTORY_EVENTS and self.type == STANDARD and not event_type.startswith("Execution"):
            raise HistoryFullError
        event = Event(event_id, previous, self.engine.timeline.now(), event_type, key, details or {})
        events.append(event)
        if self.engine.listener is not None:
            self.engine.listener.on_event(self, event)
        return event_id

    def begin(self) -> None:
        """Write the first event and enter the first state (called on the loop)."""
        if self.ended:
            return
        assert self.root is not None
        self.root.run()

    def succeed(self, output: JsonValue, last_event_id: int) -> None:
        """The last state handed on its output."""
        self.output = output
        self._end(SUCCEEDED, "Succeeded", last_event_id, {"output": output})
        self.root = None  # nothing to redrive: let go of the frame at once, not at the next garbage collection

    def fail(self, failure: StateFailure, last_event_id: int) -> None:
        """A failure nothing took."""
        self.error, self.cause = failure.error, failure.cause
        self._end(FAILED, "Failed", last_event_id, self._error_details())

    def history_full(self, frame: Frame) -> None:
        """The history has room for its last event only."""
        if self.ended:
            return
        failure = StateFailure(
            RUNTIME, f"The execution reached the maximum number of history events ({HISTORY_EVENTS})."
        )
        self._silence(FAILED)
        self.fail(failure, frame.last_event_id)

    def abort(self, error: str | None, cause: str | None) -> None:
        """StopExecution."""
        self.error, self.cause = error, cause
        self._silence(ABORTED)
        self._end(ABORTED, "Aborted", 0, self._error_details())

    def time_out(self) -> None:
        """TimeoutSeconds of the machine, or the longest run its type allows, is over.

        The error is told by the event alone: DescribeExecution shows none, as on AWS.
        """
        if not self.ended:
            self._silence(ABORTED)
            self._end(TIMED_OUT, "TimedOut", 0, {"error": TIMEOUT})

    def redrive(self) -> None:
        """Run on from what did not succeed."""
        assert self.root is not None
        self.redrive_count += 1
        self.redriven_at = self.now()
        self.status, self.error, self.cause, self.stopped_at = RUNNING, None, None, None
        self.root.last_event_id = self.emit(
            "ExecutionRedriven",
            len(self.history),
            "executionRedrivenEventDetails",
            {"redriveCount": self.redrive_count},
        )
        self.root.status = RUNNING
        self.engine.set_deadline(self)
        self.engine.tell_status(self)
        self.engine.soon(self.root.restart)

    def redrive_obstacle(self) -> str | None:
        """Why the execution cannot be redriven, in AWS's words; None when it can."""
        if self.type == EXPRESS:
            return "Execution is of type EXPRESS and cannot be redriven"
        if not self.ended or self.status == SUCCEEDED:
            return f"Execution is {self.status} and cannot be redriven"
        assert self.stopped_at is not None
        if self.now() - self.stopped_at > REDRIVE_SECONDS:
            return "Execution has exceeded the redrivable period"
        return None

    def _silence(self, status: str) -> None:
        """End all frames without a word."""
        assert self.root is not None
        self.root.abort(None)
        self.root.status = status

    def _end(self, status: str, what: str, previous: int, details: dict[str, JsonValue]) -> None:
        if self.ended:
            return
        self.status = status
        self.stopped_at = self.now()
        if self.deadline is not None:
            self.deadline.cancel()
        self.emit(f"Execution{what}", previous, f"execution{what}EventDetails", details)
        self.engine.tell_status(self)
        watchers, self.on_end = self.on_end, ()
        for watcher in watchers:
            watcher(self)

    def _error_details(self) -> dict[str, JsonValue]:
        details: dict[str, JsonValue] = {}
        if self.error is not None:
            details["error"] = self.error
        if self.cause is not None:
            details["cause"] = self.cause
        return details
