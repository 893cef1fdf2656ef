"""The Wait state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from localcloud.stepfunctions.clock_text import epoch_of, parse_timestamp
from localcloud.stepfunctions.failures import StateFailure
from localcloud.stepfunctions.json_text import is_whole, shown
from localcloud.stepfunctions.states.state import State
from localcloud.stepfunctions.task import JsonValue

if TYPE_CHECKING:
    from localcloud.stepfunctions.frame import Frame


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
