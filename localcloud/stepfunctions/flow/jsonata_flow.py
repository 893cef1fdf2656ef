"""The flow of the JSONata language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from localcloud.stepfunctions.failures import FieldValueFailure, StateFailure
from localcloud.stepfunctions.flow.port import Compute, Conclude, Flow, Guard, Outcome
from localcloud.stepfunctions.json_text import dumps
from localcloud.stepfunctions.jsonata import QueryTemplate, compile_query_template, is_query, parse_query
from localcloud.stepfunctions.jsonata.query import type_name
from localcloud.stepfunctions.task import JsonValue

if TYPE_CHECKING:
    from localcloud.stepfunctions.frame import Frame

_WANTS_CONTEXT = re.compile(r"\$states\s*\.\s*context|\$states\b(?!\s*\.)")
_NUMBERS = {"number"}


class JsonataFlow(Flow):
    """Arguments, Assign and Output, all of them computed from `$states` and the variables."""

    language = "JSONata"

    def __init__(self, body: dict[str, JsonValue]) -> None:
        # Most expressions read input and result only: the context object is built for those that ask.
        self._wants_context = _WANTS_CONTEXT.search(dumps(body)) is not None
        self._arguments = _template(body, "Arguments")
        self._assign = _template(body, "Assign")
        self._output = _template(body, "Output")

    def effective_input(self, frame: Frame) -> JsonValue:
        """See `Flow.effective_input`: there is no InputPath."""
        return frame.input

    def arguments(self, frame: Frame, value: JsonValue) -> JsonValue:
        """See `Flow.arguments`."""
        if self._arguments is None:
            return value
        return self._arguments(self._bindings(frame))

    def conclude(self, frame: Frame, value: JsonValue, result: JsonValue) -> Outcome:
        """See `Flow.conclude`."""
        return self._hand_on(frame, self._assign, self._output, result, {"result": result})

    def pass_through(self, frame: Frame, value: JsonValue) -> Outcome:
        """See `Flow.pass_through`."""
        return self._hand_on(frame, self._assign, self._output, value, {})

    def catcher(self, body: dict[str, JsonValue], location: str) -> Conclude:
        """See `Flow.catcher`."""
        assign, output = _template(body, "Assign", location), _template(body, "Output", location)
        return lambda frame, error: self._hand_on(frame, assign, output, error, {"errorOutput": error})

    def rule(self, body: dict[str, JsonValue], location: str) -> tuple[Guard, Conclude]:
        """See `Flow.rule`."""
        condition = self._typed(body["Condition"], f"{location}/Condition", {"boolean"})
        assign = _template(body, "Assign", location)
        output = _template(body, "Output", location) if "Output" in body else self._output
        return (
            lambda frame, value: condition(frame, value) is True,
            lambda frame, value: self._hand_on(frame, assign, output, value, {}),
        )

    def number(self, body: dict[str, JsonValue], field: str) -> Compute | None:
        """See `Flow.number`."""
        return self._typed(body[field], field, _NUMBERS) if field in body else None

    def value(self, body: dict[str, JsonValue], field: str) -> Compute | None:
        """See `Flow.value`."""
        if field not in body:
            return None
        expected = {"Seconds": _NUMBERS, "Items": {"array"}}.get(field, {"string"})
        return self._typed(body[field], field, expected)

    def template(self, value: JsonValue, location: str) -> Compute:
        """See `Flow.template`."""
        template = compile_query_template(value, location)
        return lambda frame, data: template(self._bindings(frame))

    def refusal(self, field: str, cause: str) -> StateFailure:
        """See `Flow.refusal`."""
        return FieldValueFailure(cause, field)

    def _hand_on(
        self,
        frame: Frame,
        assign: QueryTemplate | None,
        output: QueryTemplate | None,
        default: JsonValue,
        states: Mapping[str, JsonValue],
    ) -> Outcome:
        if assign is None and output is None:
            return Outcome(default)
        bindings = self._bindings(frame, states)
        assigned = assign(bindings) if assign is not None else None
        return Outcome(default if output is None else output(bindings), assigned)

    def _bindings(self, frame: Frame, states: Mapping[str, JsonValue] | None = None) -> dict[str, JsonValue]:
        about = {"input": frame.input, **(states or {})}
        if self._wants_context:
            about["context"] = frame.context()
        return {**frame.variables, "states": about}

    def _typed(self, value: JsonValue, field: str, expected: set[str]) -> Compute:
        """A field whose expression must give a value of a certain type."""
        if not is_query(value):
            template = compile_query_template(value, field)
            return lambda frame, data: template(self._bindings(frame))
        query = parse_query(value, field)

        def compute(frame: Frame, data: JsonValue) -> JsonValue:
            result = query.evaluate(self._bindings(frame))
            if type_name(result) not in expected:
                raise query.unexpected("' or '".join(sorted(expected)), result, dumps(result))
            return result

        return compute


def _template(body: dict[str, JsonValue], field: str, location: str | None = None) -> QueryTemplate | None:
    place = field if location is None else f"{location}/{field}"
    return compile_query_template(body[field], place) if field in body else None
