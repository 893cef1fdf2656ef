"""The states that neither work nor wait: Pass, Succeed, Fail and Choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from localcloud.stepfunctions.failures import StateFailure, runtime_failure
from localcloud.stepfunctions.json_text import shown
from localcloud.stepfunctions.states.state import State
from localcloud.stepfunctions.task import JsonValue

if TYPE_CHECKING:
    from localcloud.stepfunctions.frame import Frame


class PassState(State):
    """Hands on its input, its Result, or what its Parameters make."""

    type = "Pass"

    def __init__(self, name: str, body: dict[str, JsonValue], language: str) -> None:
        super().__init__(name, body, language)
        self._has_result = "Result" in body
        self._result = body.get("Result")

    def run(self, frame: Frame) -> bool:
        """See `State.run`."""
        value = self.flow.effective_input(frame)
        if self.flow.language == "JSONata":
            return frame.leave(self.flow.pass_through(frame, value), self.next)
        result = self.flow.arguments(frame, value)
        if self._has_result:
            result = self._result
        frame.visit.raw_result = result
        return frame.leave(self.flow.conclude(frame, value, result), self.next)


class SucceedState(State):
    """Ends its thread of control well."""

    type = "Succeed"

    def run(self, frame: Frame) -> bool:
        """See `State.run`."""
        return frame.leave(self.flow.pass_through(frame, self.flow.effective_input(frame)), None)


class FailState(State):
    """Ends its thread of control with an error."""

    type = "Fail"

    def __init__(self, name: str, body: dict[str, JsonValue], language: str) -> None:
        super().__init__(name, body, language)
        self._error = self.flow.value(body, "Error")
        self._cause = self.flow.value(body, "Cause")

    def run(self, frame: Frame) -> bool:
        """See `State.run`."""
        value = frame.input
        error = None if self._error is None else self._error(frame, value)
        cause = None if self._cause is None else self._cause(frame, value)
        raise StateFailure(_text(error), _text(cause))


class ChoiceState(State):
    """Goes where its first true rule says."""

    type = "Choice"

    def __init__(self, name: str, body: dict[str, JsonValue], language: str) -> None:
        super().__init__(name, body, language)
        self._rules = [
            (*self.flow.rule(rule, f"Choices[{number}]"), rule["Next"])
            for number, rule in enumerate(body["Choices"])
        ]
        self._default: str | None = body.get("Default")

    def run(self, frame: Frame) -> bool:
        """See `State.run`."""
        value = self.flow.effective_input(frame)
        for holds, conclude, next_state in self._rules:
            if holds(frame, value):
                return frame.leave(conclude(frame, value), next_state)
        if self._default is None:
            # The language calls it States.NoChoiceMatched, AWS reports States.Runtime.
            raise runtime_failure(
                "Failed to transition out of the state. The state does not point to a next state."
            )
        return frame.leave(self.flow.pass_through(frame, value), self._default)


def _text(value: JsonValue) -> str | None:
    return None if value is None else shown(value)
