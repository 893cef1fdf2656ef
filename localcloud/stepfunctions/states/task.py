"""The Task state: one call to a service, tried as often as its retriers say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from localcloud.stepfunctions.flow.port import Compute
from localcloud.stepfunctions.json_text import dumps
from localcloud.stepfunctions.states.attempt import Attempt
from localcloud.stepfunctions.states.resource import Resource
from localcloud.stepfunctions.states.state import State
from localcloud.stepfunctions.task import JsonValue, TaskOutcome

if TYPE_CHECKING:
    from localcloud.stepfunctions.frame import Frame


class TaskState(State):
    """Calls `Resource` with its arguments and waits for the answer."""

    type = "Task"
    aborted_event = "TaskStateAborted"
    counts_retries = True

    def __init__(self, name: str, body: dict[str, JsonValue], language: str) -> None:
        super().__init__(name, body, language)
        self.resource = Resource.parse(body["Resource"])
        self._timeout_seconds = self.flow.number(body, "TimeoutSeconds")
        self._heartbeat_seconds = self.flow.number(body, "HeartbeatSeconds")
        credentials = body.get("Credentials")
        self._credentials = None if credentials is None else self.flow.template(credentials, "Credentials")

    def run(self, frame: Frame) -> bool:
        """See `State.run`."""
        value = self.flow.effective_input(frame)
        timeout_seconds = self._seconds("TimeoutSeconds", self._timeout_seconds, frame, value)
        heartbeat_seconds = self._seconds("HeartbeatSeconds", self._heartbeat_seconds, frame, value)
        frame.task_token = frame.execution.engine.tokens.issue() if self.resource.waits_for_token else None
        arguments = self.flow.arguments(frame, value)
        frame.visit.arguments = arguments
        if arguments is not value:
            frame.check_size(arguments, self.resource.owner)
        role_arn = None if self._credentials is None else self._role_arn(self._credentials(frame, value))
        attempt = Attempt(frame, self.resource, arguments, role_arn, timeout_seconds, heartbeat_seconds)
        frame.wait_for(attempt)
        attempt.start(lambda answered, outcome: self._finish(answered, value, outcome))
        return False

    def _finish(self, frame: Frame, value: JsonValue, outcome: TaskOutcome) -> bool:
        frame.task_token = None
        frame.visit.raw_result = outcome.value
        return frame.leave(self.flow.conclude(frame, value, outcome.value), self.next)

    def _role_arn(self, credentials: JsonValue) -> str:
        role_arn = credentials.get("RoleArn") if isinstance(credentials, dict) else None
        if not isinstance(role_arn, str):
            raise self.flow.refusal(
                "Credentials", f"The Credentials field must have a RoleArn but was: {dumps(credentials)}"
            )
        return role_arn

    def _seconds(self, field: str, seconds: Compute | None, frame: Frame, value: JsonValue) -> int | None:
        return None if seconds is None else self.flow.positive(field, seconds(frame, value))
