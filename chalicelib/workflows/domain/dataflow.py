"""What went through one visit: input, what was sent, what came back, output; and each try with where it logged."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.workflows.domain.visit import Event, Try, Visit, details

ABSENT = object()
"""Of a stage the visit does not have (yet)."""


@dataclass(frozen=True, slots=True)
class Work:
    """One try of a task, and the function that did it."""

    scheduled_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    error: str | None
    cause: str | None
    function: str | None
    """Name or ARN of the Lambda function; None where other services did the work."""
    request_id: str | None
    """Of the function's invocation; None while it runs, and where it ended without a word."""


@dataclass(frozen=True, slots=True)
class Dataflow:
    """The stages of a visit; those it does not have are `ABSENT`."""

    input: Any
    arguments: Any
    """What the task sent; of its last try."""
    result: Any
    """What came back, whole."""
    output: Any
    tries: tuple[Work, ...]


def dataflow(visit: Visit, events: Mapping[int, Event]) -> Dataflow:
    """Return what went through ``visit``; ``events`` are the run's, with data, by id."""
    last = visit.tries[-1] if visit.tries else None
    scheduled = details(events[last.scheduled]) if last else {}
    done = details(events[last.ended]) if last and last.ended and not last.error else {}
    exited = details(events[visit.exited]) if visit.exited else {}
    return Dataflow(
        input=_value(details(events[visit.id]), "input"),
        arguments=_value(scheduled, "parameters" if "parameters" in scheduled else "input"),
        result=_value(done, "output"),
        output=_value(exited, "output"),
        tries=tuple(_work(one, events) for one in visit.tries),
    )


def _work(one: Try, events: Mapping[int, Event]) -> Work:
    scheduled = details(events[one.scheduled])
    sent = _value(scheduled, "parameters")
    function = None
    if scheduled.get("resourceType") == "lambda" and isinstance(sent, dict):
        function = sent.get("FunctionName")
    elif events[one.scheduled]["type"].startswith("LambdaFunction"):
        function = scheduled.get("resource")
    ended = details(events[one.ended]) if one.ended else {}
    return Work(
        one.scheduled_at,
        one.started_at,
        one.ended_at,
        one.error,
        one.cause,
        function,
        _request_id(_value(ended, "output"), one.cause) if function else None,
    )


def _request_id(output: Any, cause: str | None) -> str | None:
    """Return the invocation's id: from lambda:invoke's answer, or from the runtime's error payload."""
    if isinstance(output, dict) and isinstance(output.get("SdkResponseMetadata"), dict):
        return str(output["SdkResponseMetadata"].get("RequestId") or "") or None
    try:
        told = json.loads(cause or "")
    except (ValueError, RecursionError):
        return None
    return str(told["requestId"]) if isinstance(told, dict) and told.get("requestId") else None


def _value(told: Mapping[str, Any], name: str) -> Any:
    """Return a stage's JSON; text that AWS has cut off, or nested too deeply, stays text."""
    if name not in told:
        return ABSENT
    try:
        return json.loads(told[name])
    except (TypeError, ValueError, RecursionError):
        return told[name]


def task_answers(visits: Iterable[Visit], events: Mapping[int, Event]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (state, what it was answered) of every try that ended, in the order in which they began.

    An answer is ``{"Return": value}`` or ``{"Throw": {"Error": ..., "Cause": ...}}``.
    """
    ended = [(one, visit.state) for visit in visits for one in visit.tries if one.ended]
    for one, state in sorted(ended, key=lambda pair: pair[0].scheduled):
        assert one.ended is not None
        if one.error is not None:
            yield state, {"Throw": {"Error": one.error, "Cause": one.cause or ""}}
        else:
            value = _value(details(events[one.ended]), "output")
            yield state, {"Return": None if value is ABSENT else value}
