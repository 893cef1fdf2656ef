"""One thread of control in an execution: the whole run, one branch, or one item of a Map."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol

from localcloud.stepfunctions.context import context_object
from localcloud.stepfunctions.dataflow import Visit
from localcloud.stepfunctions.failures import (
    DataLimitFailure,
    HistoryFullError,
    LocatedFailure,
    QueryFailure,
    StateFailure,
    too_large,
)
from localcloud.stepfunctions.json_text import size
from localcloud.stepfunctions.limits import PAYLOAD_BYTES
from localcloud.stepfunctions.scope import Scope
from localcloud.stepfunctions.status import ABORTED, FAILED, RUNNING, SUCCEEDED
from localcloud.stepfunctions.task import JsonValue
from localcloud.stepfunctions.variables import with_assigned

if TYPE_CHECKING:
    from localcloud.stepfunctions.execution import Execution
    from localcloud.stepfunctions.flow import Outcome
    from localcloud.stepfunctions.states.join import Join
    from localcloud.stepfunctions.states.state import State

NO_RETRIES: Mapping[int, int] = {}
"""Retries used, by retrier; shared by all frames that have used none."""
Step = Callable[["Frame"], bool]
"""One move of a frame: True when it has a next state to enter at once, False when it waits or has ended."""


class Cancellable(Protocol):
    """What a waiting frame waits for."""

    def cancel(self) -> None:
        """Nobody waits any more."""


class Joined(Cancellable, Protocol):
    """Branches, items or children that can be run on after a failure."""

    def abort(self, previous_event_id: int | None) -> None:
        """End those that run; see `Frame.abort`."""

    def redrive(self, frame: Frame) -> bool:
        """Run those that did not succeed once more; see `Step`."""


class Program:
    """The states of a machine, a branch or an item processor."""

    __slots__ = ("start_at", "states")

    def __init__(self, start_at: str, states: Mapping[str, State]) -> None:
        self.start_at = start_at
        self.states = states


class Frame:
    """Where a thread of control is, with what it carries. Moved by the engine's loop only."""

    __slots__ = (
        "before_entered",
        "entered_at",
        "entered_event_id",
        "execution",
        "index",
        "input",
        "join",
        "last_event_id",
        "map_item",
        "parent",
        "path",
        "pending",
        "program",
        "retries",
        "retry_count",
        "state",
        "status",
        "task_token",
        "variables",
        "visit",
    )  # fmt: skip

    visit: Visit

    def __init__(
        self,
        execution: Execution,
        program: Program,
        value: JsonValue,
        *,
        parent: Join | None = None,
        index: int = 0,
        variables: dict[str, JsonValue] | None = None,
        last_event_id: int = 0,
        map_item: JsonValue = None,
        path: tuple[str, ...] = (),
    ) -> None:
        self.execution = execution
        self.program = program
        self.state: State = program.states[program.start_at]
        self.input = value
        self.parent = parent
        self.index = index
        self.variables: dict[str, JsonValue] = variables or {}
        """Shared with the outer scope until something is assigned; replaced, never changed."""
        self.last_event_id = last_event_id
        self.map_item = map_item
        self.path = path
        self.status = RUNNING
        self.pending: Cancellable | None = None
        self.join: Joined | None = None
        """The branches or items of the current state, kept for a redrive."""
        self.task_token: str | None = None
        self.retries: Mapping[int, int] = NO_RETRIES
        self.retry_count = 0
        self.entered_at = 0.0
        self.entered_event_id = 0
        self.before_entered = last_event_id

    # -- what states use

    def scope(self, value: JsonValue) -> Scope:
        """The surroundings for JSONPath expressions on `value`."""
        return Scope(value, self.variables, self.context)

    def context(self) -> JsonValue:
        """The context object as of now."""
        return context_object(self)

    def emit(self, event_type: str, key: str | None = None, details: dict[str, JsonValue] | None = None) -> int:
        """Add an event after this frame's last one."""
        self.last_event_id = self.execution.emit(event_type, self.last_event_id, key, details)
        return self.last_event_id

    def check_size(self, value: JsonValue, owner: str) -> None:
        """Raise States.DataLimitExceeded where a value is above the payload limit."""
        if size(value) > PAYLOAD_BYTES:
            raise DataLimitFailure(too_large(owner))

    def wait_for(self, pending: Cancellable) -> bool:
        """Stay in this state until something resumes the frame."""
        self.pending = pending
        return False

    def leave(self, outcome: Outcome, next_state: str | None) -> bool:
        """Exit the current state with its outcome, for the next one or for the end of the program."""
        state, output = self.state, outcome.output
        if output is not self.input:
            self.check_size(output, state.name)
        details: dict[str, JsonValue] = {"name": state.name, "output": output}
        visit = self.visit
        if outcome.assigned is not None:
            self.variables = with_assigned(self.variables, outcome.assigned, state.name)
            if outcome.assigned:
                details["assignedVariables"] = outcome.assigned
            visit.assigned = outcome.assigned
        self.emit(f"{state.type}StateExited", "stateExitedEventDetails", details)
        visit.output = output
        visit.exited_at = self.execution.now()
        visit.next_state = next_state
        self.input = output
        self.join = None
        if next_state is None:
            self._succeed(output)
            return False
        self.state = self.program.states[next_state]
        return True

    def fail(self, failure: StateFailure) -> bool:
        """End this thread of control with a failure nothing took."""
        self.status = FAILED
        self.pending = None
        self.visit.error, self.visit.cause = failure.error, failure.cause
        if self.parent is None:
            self.execution.fail(failure, self.last_event_id)
        else:
            self.parent.child_failed(self, failure)
        return False

    def told(self, failure: StateFailure) -> StateFailure:
        """The failure as the history tells it: with the state's name, for failures of its own fields."""
        if not isinstance(failure, LocatedFailure):
            return failure
        failure_told = StateFailure(
            failure.error,
            f"An error occurred while executing the state '{self.state.name}' (entered at the event id "
            f"#{self.entered_event_id}). {failure.cause}",
        )
        if isinstance(failure, QueryFailure):
            if not failure.follows_entry and self.last_event_id == self.entered_event_id:
                self.last_event_id = self.before_entered
            details: dict[str, JsonValue] = {"error": failure_told.error, "cause": failure_told.cause}
            if failure.location is not None:
                details["location"] = failure.location
            details["state"] = self.state.name
            self.emit("EvaluationFailed", "evaluationFailedEventDetails", details)
        return failure_told

    # -- what the engine's loop uses

    def run(self) -> None:
        """Enter states until the frame waits or ends."""
        try:
            while self._enter():
                pass
        except HistoryFullError:
            self.execution.history_full(self)

    def run_if_alive(self) -> None:
        """Start, unless aborted before the loop came to it."""
        if self.status == RUNNING:
            self.run()

    def resume(self, step: Step) -> None:
        """Go on from a wait."""
        if self.status != RUNNING:
            return
        self.pending = None
        try:
            if self._guarded(step):
                self.run()
        except HistoryFullError:
            self.execution.history_full(self)

    def abort(self, previous_event_id: int | None) -> None:
        """End without result: a sibling failed, or the execution was stopped.

        The events that tell it follow the one given; None for none.
        """
        if self.status != RUNNING:
            return
        self.status = ABORTED
        pending, self.pending = self.pending, None
        if pending is not None:
            if pending is self.join:
                self.join.abort(previous_event_id)
            else:
                pending.cancel()
            self.tell_abort(previous_event_id)

    def tell_abort(self, previous_event_id: int | None) -> None:
        """Tell the history that the current state was left without an exit."""
        if previous_event_id is not None and self.state.aborted_event is not None:
            self.execution.emit(self.state.aborted_event, previous_event_id)

    def restart(self) -> None:
        """Redrive: run the state that did not succeed once more, or its unsuccessful branches and items.

        Whoever asks for it has set the status to RUNNING.
        """
        if self.status != RUNNING:  # a sibling failed before the loop came to this one
            return
        if not self.entered_event_id:
            self.run()
            return
        self.retries, self.retry_count = NO_RETRIES, 0
        self.visit.error = self.visit.cause = None
        join = self.join
        if join is not None:
            self.resume(join.redrive)
        else:
            self.resume(lambda frame: frame.state.run(frame))

    def _enter(self) -> bool:
        state, execution = self.state, self.execution
        self.before_entered = self.last_event_id
        self.entered_at = execution.now()
        self.entered_event_id = self.emit(
            f"{state.type}StateEntered", "stateEnteredEventDetails", {"name": state.name, "input": self.input}
        )
        self.visit = Visit(state.name, state.type, self.entered_at, self.entered_event_id, self.input, self.path)
        execution.dataflow.append(self.visit)
        if self.retry_count:
            self.retries, self.retry_count = NO_RETRIES, 0
        return self._guarded(state.run)

    def _guarded(self, step: Step) -> bool:
        try:
            return step(self)
        except StateFailure as failure:
            try:
                return self.state.failed(self, failure)
            except StateFailure as second:  # of Retry or Catch themselves: nothing takes it
                return self.fail(self.told(second))

    def _succeed(self, output: JsonValue) -> None:
        self.status = SUCCEEDED
        if self.parent is None:
            self.execution.succeed(output, self.last_event_id)
        else:
            self.parent.child_succeeded(self, output)
