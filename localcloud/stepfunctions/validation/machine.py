"""A whole definition: its scopes, from the outermost machine into every branch and item processor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from localcloud.stepfunctions.validation import values as v
from localcloud.stepfunctions.validation.choice import check_choices
from localcloud.stepfunctions.validation.fields import (
    MACHINE,
    OUTERMOST,
    PROCESSOR,
    STATES,
    Field,
    check_exclusive,
    checks,
)
from localcloud.stepfunctions.validation.graph import check_graph
from localcloud.stepfunctions.validation.problem import Findings, child
from localcloud.stepfunctions.validation.resources import check_resource
from localcloud.stepfunctions.validation.retry import check_retry_and_catch

_ON_TYPES = frozenset(("Pass", "Task", "Wait", "Parallel", "Map"))
_MAX_STATE_NAME = 80
_MAX_LABEL = 40
_WAITS = ("Seconds", "SecondsPath", "Timestamp", "TimestampPath")
_EXCLUSIVE: dict[str, tuple[tuple[str, ...], ...]] = {
    "Wait": (_WAITS,),
    "Task": (("TimeoutSeconds", "TimeoutSecondsPath"), ("HeartbeatSeconds", "HeartbeatSecondsPath")),
    "Fail": (("Error", "ErrorPath"), ("Cause", "CausePath")),
    "Map": (
        ("ItemProcessor", "Iterator"),
        ("ItemSelector", "Parameters"),
        ("MaxConcurrency", "MaxConcurrencyPath"),
        ("ToleratedFailureCount", "ToleratedFailureCountPath"),
        ("ToleratedFailurePercentage", "ToleratedFailurePercentagePath"),
    ),
}
_DISTRIBUTED_ONLY = ("ItemReader", "ItemBatcher", "ResultWriter", "Label")


def check_machine(definition: dict[str, Any], findings: Findings) -> None:
    """Check a definition from its outermost fields down."""
    places: dict[str, str] = {}
    labels: set[str] = set()
    _check_scope(definition, "", v.Scope(findings, _language(definition, "JSONPath")), OUTERMOST, places, labels)


def states_of(machine: Any, place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Each (place, state) of a definition, those of branches and item processors included."""
    states = machine.get("States") if isinstance(machine, dict) else None
    for name, state in states.items() if isinstance(states, dict) else ():
        if isinstance(state, dict):
            here = child(place, "States", name)
            yield here, state
            for inner_place, inner, _fields in _inner_machines(state, here):
                yield from states_of(inner, inner_place)


def _check_scope(
    machine: dict[str, Any],
    place: str,
    scope: v.Scope,
    fields: dict[str, Field],
    places: dict[str, str],
    labels: set[str],
) -> None:
    checks(fields, machine, place, scope)
    states = machine.get("States")
    if not isinstance(states, dict) or not states:
        if "States" in machine and not scope.findings.is_open(states):
            scope.findings.schema("The value should be an object with at least one state", child(place, "States"))
        return
    for name, state in states.items():
        here = child(place, "States", name)
        _check_name(name, here, places, scope.findings)
        if isinstance(state, dict):
            _check_state(state, here, scope, places, labels)
        else:
            scope.findings.schema("The value should be an object", here)
    check_graph(machine, place, scope.findings)


def _check_name(name: str, place: str, places: dict[str, str], findings: Findings) -> None:
    if not 1 <= len(name) <= _MAX_STATE_NAME:
        findings.error(
            "INVALID_STATE_NAME", f"A state's name should have 1 to {_MAX_STATE_NAME} characters", place
        )
    if name in places:
        findings.error("DUPLICATE_STATE_NAME", f"Duplicate State name: {name}, see {places[name]}", place)
    places.setdefault(name, place)


def _check_state(
    state: dict[str, Any], place: str, outer: v.Scope, places: dict[str, str], labels: set[str]
) -> None:
    scope = v.Scope(outer.findings, _language(state, outer.language))
    if outer.language == "JSONata" and state.get("QueryLanguage") == "JSONPath":
        scope.findings.schema(
            "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
            place,
            child(place, "QueryLanguage"),
        )
    kind = state.get("Type")
    if not isinstance(kind, str) or kind not in STATES:
        message = (
            f"Type should be one of {', '.join(STATES)}"
            if "Type" in state
            else "These fields are required: [Type]"
        )
        scope.findings.schema(message, child(place, "Type") if "Type" in state else place)
        return
    checks(STATES[kind], state, place, scope)
    _check_exclusive(state, kind, place, scope.findings)
    if kind in _ON_TYPES:
        _check_next_or_end(state, place, scope.findings)
    if kind == "Task":
        check_resource(state, place, scope.findings)
        _check_heartbeat(state, place, scope.findings)
    elif kind == "Choice":
        check_choices(state, place, scope)
    elif kind == "Map":
        _check_map(state, place, scope.findings, labels)
    check_retry_and_catch(state, place, scope)
    _check_branches(state, kind, place, scope.findings)
    for inner_place, inner, fields in _inner_machines(state, place):
        inner_scope = v.Scope(scope.findings, _language(inner, outer.language))
        _check_scope(inner, inner_place, inner_scope, fields, places, labels)


def _language(owner: dict[str, Any], inherited: v.Language) -> v.Language:
    written = owner.get("QueryLanguage")
    return "JSONata" if written == "JSONata" else "JSONPath" if written == "JSONPath" else inherited


def _inner_machines(state: dict[str, Any], place: str) -> Iterator[tuple[str, dict[str, Any], dict[str, Field]]]:
    branches = state.get("Branches")
    for index, branch in enumerate(branches if isinstance(branches, list) else ()):
        if isinstance(branch, dict):
            yield child(place, "Branches", index), branch, MACHINE
    for name in ("ItemProcessor", "Iterator"):
        if isinstance(state.get(name), dict):
            yield child(place, name), state[name], PROCESSOR


def _check_next_or_end(state: dict[str, Any], place: str, findings: Findings) -> None:
    ends = state.get("End") is True
    if "Next" in state and ends:
        findings.schema("A state should have Next or End, not both", place)
    elif "Next" not in state and not ends:
        findings.schema("A state should have Next, or End with the value true", place)


def _check_exclusive(state: dict[str, Any], kind: str, place: str, findings: Findings) -> None:
    check_exclusive(_EXCLUSIVE.get(kind, ()), state, place, findings)
    if kind == "Wait" and not any(name in state for name in _WAITS):
        findings.schema(f"One of these fields is required: [{', '.join(_WAITS)}]", place)


def _check_heartbeat(state: dict[str, Any], place: str, findings: Findings) -> None:
    timeout, heartbeat = state.get("TimeoutSeconds"), state.get("HeartbeatSeconds")
    if isinstance(timeout, int) and isinstance(heartbeat, int) and heartbeat >= timeout:
        findings.schema("HeartbeatSeconds should be less than TimeoutSeconds", child(place, "HeartbeatSeconds"))


def _check_branches(state: dict[str, Any], kind: str, place: str, findings: Findings) -> None:
    names = {"Parallel": ("Branches",), "Map": ("ItemProcessor", "Iterator")}.get(kind, ())
    for name in names:
        if name not in state or findings.is_open(state[name]):
            continue
        value, here = state[name], child(place, name)
        if name != "Branches":
            if not isinstance(value, dict):
                findings.schema("The value should be an object", here)
        elif not isinstance(value, list) or not value or not all(isinstance(item, dict) for item in value):
            findings.schema("The value should be an array of one or more branches", here)


def _check_map(state: dict[str, Any], place: str, findings: Findings, labels: set[str]) -> None:
    processor = state.get("ItemProcessor", state.get("Iterator"))
    if processor is None:
        findings.schema("These fields are required: [ItemProcessor]", place)
    config = processor.get("ProcessorConfig") if isinstance(processor, dict) else None
    config = config if isinstance(config, dict) else {}
    distributed = config.get("Mode") == "DISTRIBUTED"
    config_place = child(place, "ItemProcessor", "ProcessorConfig")
    if distributed and "ExecutionType" not in config:
        findings.schema("These fields are required: [ExecutionType]", config_place)
    if distributed and findings.express:
        findings.schema("Express state machine does not support a Map in DISTRIBUTED mode", config_place)
    if not distributed and not findings.is_open(config.get("Mode")):
        for name in _DISTRIBUTED_ONLY:
            if name in state:
                findings.schema(f"Field '{name}' needs a Map in DISTRIBUTED mode", child(place, name))
    label = state.get("Label")
    if isinstance(label, str):
        _check_label(label, child(place, "Label"), findings, labels)


def _check_label(label: str, place: str, findings: Findings, labels: set[str]) -> None:
    if not 1 <= len(label) <= _MAX_LABEL or any(
        char.isspace() or char in '?*<>{}[]:;,\\|^~$#%&`"/' for char in label
    ):
        findings.error("INVALID_LABEL_NAME", f"'{label}' is not a valid label of a Map Run", place)
    if label in labels:
        findings.error("DUPLICATE_LABEL_NAME", f"The label '{label}' is used by another Map state", place)
    labels.add(label)
