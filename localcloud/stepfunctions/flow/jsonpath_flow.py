"""The flow of the JSONPath language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from localcloud.stepfunctions.choice import compile_rule
from localcloud.stepfunctions.expressions import Expression
from localcloud.stepfunctions.failures import LocatedFailure, StateFailure, runtime_failure
from localcloud.stepfunctions.flow.port import Compute, Conclude, Flow, Guard, Outcome
from localcloud.stepfunctions.intrinsics import parse_expression
from localcloud.stepfunctions.json_text import dumps, is_whole, number_in, shown
from localcloud.stepfunctions.paths import PathNotFoundError, ReferencePath, parse_reference
from localcloud.stepfunctions.paths.reference import ReferenceMismatchError
from localcloud.stepfunctions.scope import Scope
from localcloud.stepfunctions.task import JsonValue
from localcloud.stepfunctions.templates import Template, compile_template, read_field

if TYPE_CHECKING:
    from localcloud.stepfunctions.frame import Frame

WHOLE = "$"


class JsonPathFlow(Flow):
    """InputPath, Parameters, ResultSelector, ResultPath, Assign, OutputPath, in this order."""

    language = "JSONPath"

    def __init__(self, body: dict[str, JsonValue]) -> None:
        self._input_path = _path_filter(body, "InputPath")
        self._output_path = _path_filter(body, "OutputPath")
        self._parameters = compile_template(body["Parameters"]) if "Parameters" in body else None
        self._selector = compile_template(body["ResultSelector"]) if "ResultSelector" in body else None
        self._result_path = _result_path(body)
        self._assign = _assign(body)

    def effective_input(self, frame: Frame) -> JsonValue:
        """See `Flow.effective_input`."""
        value = _filtered(self._input_path, frame.scope(frame.input))
        frame.visit.after_input_path = value
        return value

    def arguments(self, frame: Frame, value: JsonValue) -> JsonValue:
        """See `Flow.arguments`."""
        if self._parameters is None:
            return value
        return self._parameters(frame.scope(value))

    def conclude(self, frame: Frame, value: JsonValue, result: JsonValue) -> Outcome:
        """See `Flow.conclude`."""
        selected = result
        if self._selector is not None:
            selected = self._selector(frame.scope(result))
            frame.visit.after_selector = selected
        return self._hand_on(frame, selected, self._result_path, self._assign)

    def pass_through(self, frame: Frame, value: JsonValue) -> Outcome:
        """See `Flow.pass_through`."""
        scope = frame.scope(value)
        assigned = self._assign(scope) if self._assign is not None else None
        return Outcome(_filtered(self._output_path, scope), assigned)

    def catcher(self, body: dict[str, JsonValue], location: str) -> Conclude:
        """See `Flow.catcher`: OutputPath has no say over what a catcher hands on."""
        result_path, assign = _result_path(body), _assign(body)

        def conclude(frame: Frame, error_output: JsonValue) -> Outcome:
            assigned = assign(frame.scope(error_output)) if assign is not None else None
            return Outcome(_written(result_path, frame.input, error_output), assigned)

        return conclude

    def rule(self, body: dict[str, JsonValue], location: str) -> tuple[Guard, Conclude]:
        """See `Flow.rule`."""
        condition, assign = compile_rule(body), _assign(body)

        def conclude(frame: Frame, value: JsonValue) -> Outcome:
            scope = frame.scope(value)
            assigned = assign(scope) if assign is not None else None
            return Outcome(_filtered(self._output_path, scope), assigned)

        return lambda frame, value: condition(frame.scope(value)), conclude

    def number(self, body: dict[str, JsonValue], field: str) -> Compute | None:
        """See `Flow.number`."""
        path = f"{field}Path"
        if path not in body:
            return _constant(body, field)
        expression = parse_expression(body[path])

        def compute(frame: Frame, value: JsonValue) -> JsonValue:
            found = read_field(expression, path, frame.scope(value))
            number = number_in(found)
            if not is_whole(number):
                raise runtime_failure(
                    f'The {path} field refers to value "{shown(found)}" which is not a valid integer: '
                    f"{expression.text}"
                )
            return number

        return compute

    def value(self, body: dict[str, JsonValue], field: str) -> Compute | None:
        """See `Flow.value`."""
        path = f"{field}Path"
        if path not in body:
            return _constant(body, field)
        expression = parse_expression(body[path])
        return lambda frame, value: read_field(expression, path, frame.scope(value))

    def template(self, value: JsonValue, location: str) -> Compute:
        """See `Flow.template`."""
        template = compile_template(value)
        return lambda frame, data: template(frame.scope(data))

    def refusal(self, field: str, cause: str) -> StateFailure:
        """See `Flow.refusal`."""
        return runtime_failure(cause)

    def _hand_on(
        self, frame: Frame, result: JsonValue, result_path: ReferencePath | None, assign: Template | None
    ) -> Outcome:
        assigned = assign(frame.scope(result)) if assign is not None else None
        combined = _written(result_path, frame.input, result)
        frame.visit.after_result_path = combined
        return Outcome(_filtered(self._output_path, frame.scope(combined)), assigned)


def _constant(body: dict[str, JsonValue], field: str) -> Compute | None:
    if field not in body:
        return None
    constant = body[field]
    return lambda frame, value: constant


def _assign(body: dict[str, JsonValue]) -> Template | None:
    return compile_template(body["Assign"]) if "Assign" in body else None


def _path_filter(body: dict[str, JsonValue], field: str) -> tuple[str, Expression | None] | None:
    """None for the whole value; (field, None) for the empty object that a null stands for."""
    text = body.get(field, WHOLE)
    if text == WHOLE:
        return None
    return field, None if text is None else parse_expression(text)


def _filtered(path: tuple[str, Expression | None] | None, scope: Scope) -> JsonValue:
    if path is None:
        return scope.value
    _field, expression = path
    if expression is None:
        return {}
    try:
        return expression.evaluate(scope)
    except PathNotFoundError as error:
        raise runtime_failure(f"Invalid path '{expression.text}' : {error}") from error


def _result_path(body: dict[str, JsonValue]) -> ReferencePath | None:
    text = body.get("ResultPath", WHOLE)
    return None if text is None else parse_reference(text)


def _written(path: ReferencePath | None, document: JsonValue, result: JsonValue) -> JsonValue:
    if path is None:
        return document
    try:
        return path.write(document, result)
    except ReferenceMismatchError as error:
        raise LocatedFailure(
            "States.ResultPathMatchFailure",
            f"Unable to apply ReferencePath {path.text} to input {dumps(document)}",
        ) from error
