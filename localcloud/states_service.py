"""The Step Functions API in AWS's JSON protocol, over the engine and, for runs of earlier days, the store."""

from __future__ import annotations

from typing import Any

from localcloud.aws.router import Answer
from localcloud.stepfunctions.api import StepFunctionsApi
from localcloud.stepfunctions.engine import Engine
from localcloud.stepfunctions.errors import ExecutionDoesNotExist
from localcloud.stepfunctions.http import handle_request
from localcloud.store import RunStore, StoredExecution

_STORED = "stored:"
"""Begins the page tokens that go on in the store."""


class StatesService:
    """Answers requests signed for "states"."""

    def __init__(self, engine: Engine, store: RunStore | None = None) -> None:
        self._engine = engine
        self._api = StepFunctionsApi(engine)
        self._store = store

    def __call__(self, request: Any) -> Answer:
        """See `localcloud.aws.router.Service`."""
        return handle_request(self, request)

    def call(self, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """See `StepFunctionsApi.call`."""
        if operation == "ListExecutions" and str(arguments.get("nextToken", "")).startswith(_STORED):
            return self._with_stored({"executions": []}, arguments)
        try:
            answer = self._api.call(operation, arguments)
        except ExecutionDoesNotExist:
            stored = None if self._store is None else self._store.execution(arguments.get("executionArn", ""))
            if stored is None or operation not in ("DescribeExecution", "GetExecutionHistory"):
                raise
            return _description(stored) if operation == "DescribeExecution" else self._history(stored, arguments)
        if operation == "ListExecutions" and self._store is not None and "nextToken" not in answer:
            return self._with_stored(answer, arguments)
        return answer

    def _history(self, stored: StoredExecution, arguments: dict[str, Any]) -> dict[str, Any]:
        assert self._store is not None
        events = self._store.history(stored.arn)
        if arguments.get("reverseOrder"):
            events.reverse()
        first = int(arguments.get("nextToken") or 0)
        count = int(arguments.get("maxResults") or 1000)
        answer: dict[str, Any] = {"events": events[first : first + count]}
        if first + count < len(events):
            answer["nextToken"] = str(first + count)
        return answer

    def _with_stored(self, answer: dict[str, Any], arguments: dict[str, Any]) -> dict[str, Any]:
        """Fill the page with runs of earlier days, which follow those the engine knows."""
        assert self._store is not None
        earlier = [
            stored
            for stored in self._store.executions(arguments.get("stateMachineArn"))
            if arguments.get("statusFilter", stored.status) == stored.status and not self._is_known(stored.arn)
        ]
        token = str(arguments.get("nextToken", ""))
        first = int(token.removeprefix(_STORED)) if token.startswith(_STORED) else 0
        last = first + max(0, int(arguments.get("maxResults") or 1000) - len(answer["executions"]))
        answer["executions"] += [_outline(stored) for stored in earlier[first:last]]
        if last < len(earlier):
            answer["nextToken"] = f"{_STORED}{last}"
        return answer

    def _is_known(self, arn: str) -> bool:
        try:
            self._engine.execution(arn)
        except ExecutionDoesNotExist:
            return False
        return True


def _outline(stored: StoredExecution) -> dict[str, Any]:
    outline: dict[str, Any] = {
        "executionArn": stored.arn,
        "stateMachineArn": stored.machine_arn,
        "name": stored.name,
        "status": stored.status,
        "startDate": stored.started_at,
        "redriveCount": stored.redrive_count,
    }
    if stored.stopped_at is not None:
        outline["stopDate"] = stored.stopped_at
    return outline


def _description(stored: StoredExecution) -> dict[str, Any]:
    description = _outline(stored) | {"input": stored.input, "inputDetails": {"included": True}}
    if stored.output is not None:
        description |= {"output": stored.output, "outputDetails": {"included": True}}
    optional = {"error": stored.error, "cause": stored.cause}
    return description | {key: value for key, value in optional.items() if value is not None}
