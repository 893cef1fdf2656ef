"""states:startExecution, answered by the engine itself: children run on the same timeline."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from localcloud.stepfunctions.errors import StepFunctionsError
from localcloud.stepfunctions.json_text import dumps
from localcloud.stepfunctions.task import Integrations, JsonValue, Later, TaskCall, TaskError, TaskOutcome

if TYPE_CHECKING:
    from localcloud.stepfunctions.engine import Engine
    from localcloud.stepfunctions.execution import Execution

_PREFIX = "arn:aws:states:::states:startExecution"


class NestedExecutions(Integrations):
    """Starts child executions; passes every other call on."""

    def __init__(self, engine: Engine, others: Integrations) -> None:
        self._engine = engine
        self._others = others

    def call(self, call: TaskCall) -> JsonValue | TaskOutcome | Later:
        """See `Integrations.call`. Ends as the suffix says: at once, with the child, or by token."""
        if not call.resource.startswith(_PREFIX):
            return self._others.call(call)
        suffix = call.resource.removeprefix(_PREFIX)
        child = self._start(call)
        if not suffix.startswith(".sync"):
            return {"ExecutionArn": child.arn, "StartDate": int(child.started_at * 1000)}
        later = Later()
        with self._engine.lock:
            later.on_cancel(lambda: self._stop(child))
            if child.ended:
                self._end(child, later, parsed=suffix == ".sync:2")
            else:
                child.on_end += (lambda ended: self._end(ended, later, parsed=suffix == ".sync:2"),)
        return later

    def read_object(self, bucket: str, key: str) -> bytes:
        """See `Integrations.read_object`."""
        return self._others.read_object(bucket, key)

    def list_objects(self, bucket: str, prefix: str) -> list[dict[str, JsonValue]]:
        """See `Integrations.list_objects`."""
        return self._others.list_objects(bucket, prefix)

    def write_object(self, bucket: str, key: str, body: bytes) -> None:
        """See `Integrations.write_object`."""
        self._others.write_object(bucket, key, body)

    def _start(self, call: TaskCall) -> Execution:
        arguments = call.arguments
        value = arguments.get("Input", {})
        text = value if isinstance(value, str) else dumps(value)
        try:
            return self._engine.start_execution(arguments.get("StateMachineArn", ""), text, arguments.get("Name"))
        except StepFunctionsError as error:
            raise TaskError(f"StepFunctions.{error.code}Exception", _service_cause(error)) from error

    def _stop(self, child: Execution) -> None:
        with self._engine.lock:
            if not child.ended:
                child.abort(None, "The parent execution no longer waits for this one")

    def _end(self, child: Execution, later: Later, *, parsed: bool) -> None:
        description = describe(child, parsed=parsed)
        if child.status == "SUCCEEDED":
            later.complete(description)
        else:
            later.fail("States.TaskFailed", dumps(description))


def describe(execution: Execution, *, parsed: bool) -> JsonValue:
    """DescribeExecution's answer as a .sync task hands it on: input and output as text, or as JSON (.sync:2)."""
    description: JsonValue = {
        "ExecutionArn": execution.arn,
        "Input": execution.input if parsed else dumps(execution.input),
        "InputDetails": {"Included": True},
        "Name": execution.name,
        "RedriveCount": execution.redrive_count,
        "RedriveStatus": "NOT_REDRIVABLE" if execution.status == "SUCCEEDED" else "REDRIVABLE",
        "StartDate": int(execution.started_at * 1000),
        "StateMachineArn": execution.state_machine_arn,
        "Status": execution.status,
    }
    if execution.stopped_at is not None:
        description["StopDate"] = int(execution.stopped_at * 1000)
    if execution.status == "SUCCEEDED":
        description["Output"] = execution.output if parsed else dumps(execution.output)
        description["OutputDetails"] = {"Included": True}
        description["RedriveStatusReason"] = "Execution is SUCCEEDED and cannot be redriven"
    if execution.error is not None:
        description["Error"] = execution.error
    if execution.cause is not None:
        description["Cause"] = execution.cause
    return description


def _service_cause(error: StepFunctionsError) -> str:
    """The cause AWS writes for a refused call of its own service."""
    request_id = datetime.now(UTC).strftime("%Y%m%d-%H%M-%S%f")
    return (
        f"{error.message} (Service: AWSStepFunctions; Status Code: 400; Error Code: {error.code}; "
        f"Request ID: {request_id}; Proxy: null)"
    )
