"""Retry and Catch: their fields, their error names, and the rules of States.ALL."""

from __future__ import annotations

import dataclasses
from typing import Any

from localcloud.stepfunctions.validation import values as v
from localcloud.stepfunctions.validation.fields import Field, checks
from localcloud.stepfunctions.validation.problem import child

STATES_ERRORS = frozenset(
    "States." + name
    for name in (
        "ALL", "BranchFailed", "DataLimitExceeded", "ExceedToleratedFailureThreshold", "HeartbeatTimeout",
        "Http.Socket", "IntrinsicFailure", "ItemReaderFailed", "NoChoiceMatched", "ParameterPathFailure",
        "Permissions", "QueryEvaluationError", "ResultPathMatchFailure", "ResultWriterFailed", "Runtime",
        "TaskFailed", "Timeout",
    )
)  # fmt: skip
"""The names AWS documents; error names of one's own must not start with "States."."""

RETRIER: dict[str, Field] = {
    "Comment": Field(v.string),
    "ErrorEquals": Field(v.anything, required=True),
    "IntervalSeconds": Field(v.number(1, v.MAX_SECONDS, expression=False)),
    "MaxAttempts": Field(v.number(0, v.MAX_SECONDS, expression=False)),
    "BackoffRate": Field(v.number(1, whole=False, expression=False)),
    "MaxDelaySeconds": Field(v.number(1, 31_622_399, expression=False)),
    "JitterStrategy": Field(v.one_of("FULL", "NONE")),
}
CATCHER: dict[str, Field] = {
    "Comment": Field(v.string),
    "ErrorEquals": Field(v.anything, required=True),
    "Next": Field(v.string, required=True),
    "ResultPath": Field(v.result_path, "JSONPath"),
    "Output": Field(v.template, "JSONata"),
    "Assign": Field(v.assignment),
}


def check_retry_and_catch(state: dict[str, Any], place: str, scope: v.Scope) -> None:
    """Check both lists of a Task, Map or Parallel state."""
    in_catch = dataclasses.replace(scope, in_catch=True)
    for name, fields, inside in (("Retry", RETRIER, scope), ("Catch", CATCHER, in_catch)):
        if name in state and not scope.findings.is_open(state[name]):
            _check_list(state[name], fields, child(place, name), inside)


def _check_list(entries: Any, fields: dict[str, Field], place: str, scope: v.Scope) -> None:
    if not isinstance(entries, list):
        scope.findings.schema("The value should be an array", place)
        return
    seen: set[str] = set()
    for index, entry in enumerate(entries):
        here = child(place, index)
        if not isinstance(entry, dict):
            scope.findings.schema("The value should be an object", here)
            continue
        checks(fields, entry, here, scope)
        _check_delays(entry, here, scope)
        if "ErrorEquals" in entry:
            last = index == len(entries) - 1
            _check_names(entry["ErrorEquals"], seen, child(here, "ErrorEquals"), scope, last=last)


def _check_names(names: Any, seen: set[str], place: str, scope: v.Scope, *, last: bool) -> None:
    if scope.findings.is_open(names):
        return
    if not isinstance(names, list) or not names:
        scope.findings.schema("The value should be an array with at least one error name", place)
        return
    for index, name in enumerate(names):
        here = child(place, index)
        if not isinstance(name, str) or not name:
            scope.findings.schema("The value should be an error's name", here)
            continue
        if name.startswith("States.") and name not in STATES_ERRORS:
            scope.findings.warning("UNKNOWN_ERROR_NAME", f"Step Functions raises no error '{name}'", here)
        if name in seen:
            scope.findings.warning("UNREACHABLE_ERROR_NAME", f"'{name}' is taken by an entry before", here)
        seen.add(name)
    if "States.ALL" in names:
        if len(names) > 1:
            scope.findings.schema("States.ALL must stand alone in its ErrorEquals", place)
        if not last:
            scope.findings.schema("States.ALL must be in the last entry", place)


def _check_delays(retrier: dict[str, Any], place: str, scope: v.Scope) -> None:
    longest, first = retrier.get("MaxDelaySeconds"), retrier.get("IntervalSeconds", 1)
    if isinstance(longest, int) and isinstance(first, int) and 0 < longest <= first:
        message = f"The delay never grows: IntervalSeconds is {first} already"
        scope.findings.warning("DELAY_NEVER_GROWS", message, child(place, "MaxDelaySeconds"))
