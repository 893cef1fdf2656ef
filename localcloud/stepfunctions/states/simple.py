"""The states that do no work of their own: Pass, Succeed, Fail, Choice and Wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from localcloud.stepfunctions.clock_text import epoch_of, parse_timestamp
from localcloud.stepfunctions.failures import StateFailure, runtime_failure
from localcloud.stepfunctions.json_text import is_whole, shown
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


class WaitState(State):
    """Waits for a number of seconds or until a time."""

    type = "Wait"
    aborted_event = "WaitStateAborted"

    def __init__(self, name: str, body: dict[str, JsonValue], language: str) -> None:
        super().__init__(name, body, language)
        self._seconds = self.flow.value(body, "Seconds")
        self._timestamp = self.flow.value(body, "Timestamp")
        self._paths = {field: body.get(f"{field}Path") for field in ("Seconds", "Timestamp")}

    def run(self, frame: Frame) -> bool:
        """See `State.run`."""
        value = self.flow.effective_input(frame)
        now = frame.execution.now()
        until = self._until(frame, value, now)
        if until <= now:
            return self._go_on(frame)
        return frame.wait_for(frame.execution.timer(until - now, frame, self._go_on))

    def _go_on(self, frame: Frame) -> bool:
        return frame.leave(self.flow.pass_through(frame, self.flow.effective_input(frame)), self.next)

    def _until(self, frame: Frame, value: JsonValue, now: float) -> float:
        if self._seconds is not None:
            return now + self._checked_seconds(self._seconds(frame, value))
        assert self._timestamp is not None
        text = self._timestamp(frame, value)
        timestamp = parse_timestamp(text)
        if timestamp is None:
            raise self._bad_timestamp(text)
        return epoch_of(timestamp)

    def _bad_timestamp(self, text: JsonValue) -> StateFailure:
        """AWS words it differently in each language."""
        form = "ISO-8601 extended offset date-time format string"
        if self.flow.language == "JSONata":
            return self.flow.refusal("Timestamp", f"The Timestamp field cannot be parsed as an {form}: {text}")
        return self.flow.refusal(
            "Timestamp",
            f"The {self._field('Timestamp')} parameter does not reference a valid {form}: "
            f"{self._shown('Timestamp', text)}",
        )

    def _checked_seconds(self, seconds: JsonValue) -> float:
        if not is_whole(seconds):
            fault = "cannot be parsed as a long value"
        elif seconds < 0:
            fault = "references a negative value"
        else:
            return float(seconds)
        raise self.flow.refusal(
            "Seconds", f"The {self._field('Seconds')} parameter {fault}: {self._shown('Seconds', seconds)}"
        )

    def _field(self, field: str) -> str:
        return f"{field}Path" if self._paths[field] is not None else field

    def _shown(self, field: str, value: JsonValue) -> str:
        path = self._paths[field]
        return shown(value) if path is None else f"{path} == {shown(value)}"


def _text(value: JsonValue) -> str | None:
    return None if value is None else shown(value)
