"""TestState: one state, run by itself with real or mocked services, and what became of its data.

The state runs in an engine of its own on a virtual clock, so a Wait state passes at once. Its targets are
replaced by ends, its retriers are asked instead of followed: as on AWS, one try is made.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any

from localcloud.stepfunctions.api.arguments import Arguments
from localcloud.stepfunctions.api.errors import ValidationException
from localcloud.stepfunctions.dataflow import ABSENT, Visit
from localcloud.stepfunctions.engine import Engine
from localcloud.stepfunctions.errors import InvalidDefinition, InvalidExecutionInput
from localcloud.stepfunctions.failures import StateFailure
from localcloud.stepfunctions.integrations.result_check import ResultCheck
from localcloud.stepfunctions.json_text import dumps
from localcloud.stepfunctions.machine import read_definition
from localcloud.stepfunctions.states.handlers import Retrier
from localcloud.stepfunctions.task import Integrations, JsonValue, TaskCall, TaskError
from localcloud.stepfunctions.timeline import VirtualTimeline

_LIMIT_SECONDS = 300.0
"""AWS ends a tested state after five minutes."""
_TYPES = ("Task", "Pass", "Wait", "Choice", "Succeed", "Fail")
_MOCKED_TYPES = ("Task", "Map", "Parallel")
_COMPOUND_FIELDS = (
    "Comment", "QueryLanguage", "InputPath", "OutputPath", "Arguments", "ResultSelector", "ResultPath", "Output",
    "Assign", "Retry", "Catch", "Next", "End",
)  # fmt: skip
"""What remains of a Map or Parallel state whose result is mocked."""
_DEFAULT_NAME = "State"
_BEFORE = "Variables of the test"
_STAGES_JSONPATH = (
    ("afterInputPath", "after_input_path"),
    ("afterParameters", "arguments"),
    ("result", "raw_result"),
    ("afterResultSelector", "after_selector"),
    ("afterResultPath", "after_result_path"),
)
_STAGES_JSONATA = (("afterArguments", "arguments"), ("result", "raw_result"))


class StateTester:
    """Runs single states."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._results = ResultCheck()

    def test_state(self, arguments: Arguments) -> dict[str, Any]:
        """TestState."""
        name, state = _read_state(arguments)
        mock = _read_mock(arguments)
        _check_request(state, mock, arguments)
        if mock is not None:
            self._check_mocked_result(state, mock, arguments["mock"].get("fieldValidationMode", "STRICT"))
            state = _plain(state)
        variables = _read_object(arguments, "variables")
        visit, timed_out = self._run(name, state, mock, arguments, variables)
        if timed_out:
            return {
                "status": "FAILED",
                "error": "States.Timeout",
                "cause": "The state ran for more than 300 seconds",
            }
        return _answer(state, visit, variables, arguments)

    def _run(
        self,
        name: str,
        state: dict[str, Any],
        mock: Integrations | None,
        arguments: Arguments,
        variables: dict[str, Any],
    ) -> tuple[Visit, bool]:
        timeline = VirtualTimeline(self._engine.timeline.now())
        engine = Engine(timeline, Integrations(), account_id=self._engine.account_id, region=self._engine.region)
        engine.integrations = mock or self._engine.integrations
        engine.create_state_machine("checked", _machine(name, state, variables), role_arn="")
        once = {field: value for field, value in state.items() if field != "Retry"}
        machine = engine.create_state_machine("TestState", _machine(name, once, variables), role_arn="")
        execution = engine.start_execution(machine.arn, arguments.get("input", "{}"))
        execution.given_context = _read_object(arguments, "context") if "context" in arguments else None
        try:
            timeline.run_until(lambda: execution.ended, _LIMIT_SECONDS)
        except TimeoutError:
            return execution.dataflow[-1], True
        return next(visit for visit in execution.dataflow if visit.state == name), False

    def _check_mocked_result(self, state: dict[str, Any], mock: MockedService, mode: str) -> None:
        if state["Type"] != "Task" or mock.error is not None or mode == "NONE":
            return
        faults = self._results.faults(str(state.get("Resource")), mock.value, required=mode == "STRICT")
        if faults:
            raise ValidationException(f"The mocked result does not fit the API: {'; '.join(faults)}")


class MockedService(Integrations):
    """Answers the one call of a tested state."""

    def __init__(self, value: JsonValue, error: TaskError | None) -> None:
        self.value = value
        self.error = error

    def call(self, call: TaskCall) -> JsonValue:
        """See `Integrations.call`."""
        if self.error is not None:
            raise self.error
        return self.value


def _read_state(arguments: Arguments) -> tuple[str, dict[str, Any]]:
    """The state's name and definition, alone or picked out of a whole machine's by stateName."""
    try:
        definition = json.loads(arguments["definition"])
    except ValueError as error:
        raise InvalidDefinition([f"INVALID_JSON_DESCRIPTION: {error}"]) from error
    if not isinstance(definition, dict):
        raise InvalidDefinition(["SCHEMA_VALIDATION_FAILED: A definition should be an object at "])
    name = arguments.get("stateName")
    if name is None:
        return _DEFAULT_NAME, definition
    read_definition(definition)
    for found, state, language in _states(definition, "JSONPath"):
        if found == name:
            return name, {"QueryLanguage": language} | state
    raise ValidationException(f"State not found in the definition: '{name}'")


def _states(machine: dict[str, Any], language: str) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Each (name, state, query language) of a machine and of what is inside its states."""
    language = machine.get("QueryLanguage", language)
    for name, state in machine.get("States", {}).items():
        yield name, state, language
        for inner in (*state.get("Branches", ()), state.get("ItemProcessor"), state.get("Iterator")):
            if isinstance(inner, dict):
                yield from _states(inner, language)


def _read_mock(arguments: Arguments) -> MockedService | None:
    if "mock" not in arguments:
        return None
    mock = arguments["mock"]
    if ("result" in mock) == ("errorOutput" in mock):
        raise ValidationException("A mock must have either a result or an errorOutput")
    if "errorOutput" in mock:
        told = mock["errorOutput"]
        return MockedService(None, TaskError(told.get("error", ""), told.get("cause", "")))
    try:
        return MockedService(json.loads(mock["result"]), None)
    except ValueError as error:
        raise ValidationException(f"The mocked result is not valid JSON: {error}") from error


def _read_object(arguments: Arguments, name: str) -> dict[str, Any]:
    try:
        value = json.loads(arguments.get(name, "{}"))
    except ValueError as error:
        raise InvalidExecutionInput(f"{name} is not valid JSON: {error}") from error
    if not isinstance(value, dict):
        raise ValidationException(f"{name} must be a JSON object")
    return value


def _check_request(state: dict[str, Any], mock: MockedService | None, arguments: Arguments) -> None:
    kind, resource = state.get("Type"), str(state.get("Resource", ""))
    if mock is not None:
        if kind not in _MOCKED_TYPES:
            raise ValidationException(f"A mock can only be specified for {', '.join(_MOCKED_TYPES)} states")
        return
    if kind in ("Map", "Parallel"):
        raise ValidationException(f"State type '{kind}' is not supported when a mock is not specified")
    if resource.endswith((".sync", ".sync:2", ".waitForTaskToken")) or ":activity:" in resource:
        raise ValidationException(f"Resource '{resource}' is not supported when a mock is not specified")


def _plain(state: dict[str, Any]) -> dict[str, Any]:
    """A mocked state as a Task that asks and answers: no job to follow, no token, no branches, no items."""
    if state["Type"] == "Task":
        resource = str(state.get("Resource", ""))
        for pattern in (".sync:2", ".sync", ".waitForTaskToken"):
            resource = resource.removesuffix(pattern)
        return state | {"Resource": resource}
    kept = {name: state[name] for name in _COMPOUND_FIELDS if name in state}
    if state["Type"] == "Parallel" and "Parameters" in state:
        kept["Parameters"] = state["Parameters"]
    return kept | {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke"}


def _machine(name: str, state: dict[str, Any], variables: dict[str, Any]) -> dict[str, Any]:
    """A machine of the state and its targets, each of which ends; with a state before it that sets variables."""
    aimed = _ending(state)
    if aimed.get("Type") in ("Task", "Pass", "Wait") and "Next" not in aimed:
        aimed.setdefault("End", True)
    states: dict[str, Any] = {name: aimed} | {target: {"Type": "Succeed"} for target in _targets(aimed)}
    if not variables:
        return {"StartAt": name, "States": states}
    first = {"Type": "Pass", "QueryLanguage": "JSONPath", "Assign": variables, "Next": name}
    return {"StartAt": _BEFORE, "States": {_BEFORE: first, **states}}


def _ending(state: Any) -> Any:
    """The state with every target renamed, so that one that leads back to itself ends too."""
    aimed = dict(state)
    for field in ("Next", "Default"):
        if isinstance(aimed.get(field), str):
            aimed[field] = f"-> {aimed[field]}"
    for field in ("Choices", "Catch"):
        if isinstance(aimed.get(field), list):
            aimed[field] = [_ending(entry) if isinstance(entry, dict) else entry for entry in aimed[field]]
    return aimed


def _targets(state: dict[str, Any]) -> set[str]:
    found = {state[field] for field in ("Next", "Default") if isinstance(state.get(field), str)}
    for field in ("Choices", "Catch"):
        entries = state.get(field)
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict):
                found |= _targets(entry)
    return found


def _answer(
    state: dict[str, Any], visit: Visit, variables: dict[str, Any], arguments: Arguments
) -> dict[str, Any]:
    answer: dict[str, Any] = {"status": "SUCCEEDED"}
    details: dict[str, Any] = {}
    if visit.error is not None or visit.type == "Fail":
        answer = {"status": "CAUGHT_ERROR" if visit.caught else "FAILED"}
        told = {"error": visit.error, "cause": visit.cause and visit.cause.removeprefix(_preamble(visit))}
        answer |= {name: text for name, text in told.items() if text is not None}
        details = _retry_details(state, visit, arguments)
        if details:
            answer["status"] = "RETRIABLE"
        elif visit.caught:
            details = {"catchIndex": _first_taking(state.get("Catch", []), visit)}
    if answer["status"] in ("SUCCEEDED", "CAUGHT_ERROR"):
        answer["output"] = dumps(visit.output)
        if visit.next_state is not None:
            answer["nextState"] = visit.next_state.removeprefix("-> ")
    if arguments.get("inspectionLevel", "INFO") != "INFO":
        answer["inspectionData"] = _inspection(state, visit, variables, details)
    return answer


def _preamble(visit: Visit) -> str:
    """How a cause begins in an execution's history: a state tested by itself has no place to name."""
    return (
        f"An error occurred while executing the state '{visit.state}' (entered at the event id "
        f"#{visit.entered_event_id}). "
    )


def _retry_details(state: dict[str, Any], visit: Visit, arguments: Arguments) -> dict[str, Any]:
    """The retrier that would try again and its pause; empty when none would."""
    retriers = state.get("Retry", [])
    index = _first_taking(retriers, visit)
    if index is None:
        return {}
    retrier = Retrier(retriers[index])
    used = arguments.get("stateConfiguration", {}).get("retrierRetryCount", 0)
    if used >= retrier.max_attempts:
        return {}
    return {"retryIndex": index, "retryBackoffIntervalSeconds": int(retrier.delay_seconds(used, Random(0)))}


def _first_taking(entries: list[dict[str, Any]], visit: Visit) -> int | None:
    failure = StateFailure(visit.error, visit.cause)
    return next(
        (index for index, entry in enumerate(entries) if failure.matches(tuple(entry["ErrorEquals"]))), None
    )


def _inspection(
    state: dict[str, Any], visit: Visit, variables: dict[str, Any], details: dict[str, Any]
) -> dict[str, Any]:
    """The data at each stage; in a JSONPath state, a stage it does not have hands its data on unchanged."""
    data = {"input": dumps(visit.input)}
    jsonata = state.get("QueryLanguage") == "JSONata"
    before: JsonValue = visit.input
    for name, attribute in _STAGES_JSONATA if jsonata else _STAGES_JSONPATH:
        value = getattr(visit, attribute)
        if value is not ABSENT:
            before = value
        elif jsonata or visit.error is not None:
            continue
        data[name] = dumps(before)
    known = variables | (visit.assigned or {})
    if known:
        data["variables"] = dumps(known)
    return data | ({"errorDetails": details} if details else {})
