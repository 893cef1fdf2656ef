"""The Parallel state."""

from __future__ import annotations

from localcloud.stepfunctions.frame import Frame, Program
from localcloud.stepfunctions.states.join import Join
from localcloud.stepfunctions.states.state import State
from localcloud.stepfunctions.task import JsonValue


class ParallelState(State):
    """Runs its branches side by side on the same input; its result is the list of their outputs."""

    type = "Parallel"
    aborted_event = "ParallelStateAborted"
    failed_event = "ParallelStateFailed"
    counts_retries = True

    def __init__(
        self, name: str, body: dict[str, JsonValue], language: str, branches: tuple[Program, ...]
    ) -> None:
        super().__init__(name, body, language)
        self.branches = branches

    def run(self, frame: Frame) -> bool:
        """See `State.run`."""
        value = self.flow.effective_input(frame)
        arguments = self.flow.arguments(frame, value)
        frame.visit.arguments = arguments
        frame.emit("ParallelStateStarted")
        return Branches(self, frame, value, arguments).start()


class Branches(Join):
    """The branches of one visit."""

    def __init__(self, state: ParallelState, frame: Frame, value: JsonValue, arguments: JsonValue) -> None:
        super().__init__(frame, len(state.branches), len(state.branches))
        self._state = state
        self._value = value
        self._arguments = arguments

    def make_child(self, index: int, previous_event_id: int) -> Frame:
        """See `Join.make_child`."""
        frame = self.frame
        return Frame(
            frame.execution,
            self._state.branches[index],
            self._arguments,
            parent=self,
            index=index,
            variables=frame.variables,
            last_event_id=previous_event_id,
            map_item=frame.map_item,
            path=(*frame.path, f"{self._state.name}[{index}]"),
        )

    def finish(self, frame: Frame) -> bool:
        """See `Join.finish`."""
        frame.visit.raw_result = self.results
        frame.execution.emit("ParallelStateSucceeded", frame.last_event_id)
        outcome = self._state.flow.conclude(frame, self._value, self.results)
        return frame.leave(outcome, self._state.next)
