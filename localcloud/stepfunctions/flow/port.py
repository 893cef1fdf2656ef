"""The port `Flow`: what a state asks of its query language."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from localcloud.stepfunctions.failures import StateFailure
from localcloud.stepfunctions.json_text import dumps, is_whole
from localcloud.stepfunctions.task import JsonValue

if TYPE_CHECKING:
    from localcloud.stepfunctions.frame import Frame


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a state hands on."""

    output: JsonValue
    assigned: dict[str, JsonValue] | None = None
    """Variables set on the way out; None where the state has no Assign."""


Guard = Callable[["Frame", JsonValue], bool]
"""A Choice rule's condition, on the state's effective input."""
Conclude = Callable[["Frame", JsonValue], Outcome]
"""From a state's effective input (a rule's) or its error output (a catcher's) to what is handed on."""
Compute = Callable[["Frame", JsonValue], JsonValue]
"""A field's value, on the state's effective input."""


class Flow(ABC):
    """The stages between a state's input and its output. Every method may raise StateFailure."""

    language: str

    @abstractmethod
    def effective_input(self, frame: Frame) -> JsonValue:
        """The input the state works on (after InputPath)."""

    @abstractmethod
    def arguments(self, frame: Frame, value: JsonValue) -> JsonValue:
        """What the state sends or starts with: Parameters or Arguments, the effective input without them."""

    @abstractmethod
    def conclude(self, frame: Frame, value: JsonValue, result: JsonValue) -> Outcome:
        """From the result to the output: ResultSelector, ResultPath, Assign, OutputPath; or Assign, Output."""

    @abstractmethod
    def pass_through(self, frame: Frame, value: JsonValue) -> Outcome:
        """The output of a state without a result (Wait, Succeed, Choice's default)."""

    @abstractmethod
    def catcher(self, body: dict[str, JsonValue], location: str) -> Conclude:
        """Prepare what one Catch entry does with the error output; `location` is "Catch[0]"."""

    @abstractmethod
    def rule(self, body: dict[str, JsonValue], location: str) -> tuple[Guard, Conclude]:
        """Prepare one Choice rule, its condition and what it hands on; `location` is "Choices[0]"."""

    @abstractmethod
    def number(self, body: dict[str, JsonValue], field: str) -> Compute | None:
        """Prepare a whole number or its Path form; None where the state has neither."""

    @abstractmethod
    def value(self, body: dict[str, JsonValue], field: str) -> Compute | None:
        """Prepare any other field or its Path form (Error, Cause, Seconds, Timestamp, Items...)."""

    @abstractmethod
    def template(self, value: JsonValue, location: str) -> Compute:
        """Prepare a template that stands in the state (ItemSelector, ItemReader's Arguments...)."""

    @abstractmethod
    def refusal(self, field: str, cause: str) -> StateFailure:
        """The failure for a field whose computed value is of the right type, yet cannot be taken."""

    def positive(self, field: str, value: JsonValue) -> int:
        """A computed value that must be a whole number above 0. Raises StateFailure."""
        if not is_whole(value) or value <= 0:
            raise self.refusal(field, f"The {field} field must be a positive integer but was: {dumps(value)}")
        return int(value)

    def error_output(self, failure: StateFailure) -> JsonValue:
        """What Catch hands on of a failure: a time-out, which has no cause, has an empty one here."""
        return {"Error": failure.error or "", "Cause": failure.cause or ""}
