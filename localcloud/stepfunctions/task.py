"""What a state machine asks of the outside world, and what the world answers: the port `Integrations`.

The interpreter itself knows no service. A Task state becomes one `TaskCall`; an implementation of
`Integrations` does the work and returns a JSON value, a `TaskOutcome` (value, log lines, duration) or a
`Later` (work that ends by itself, at some other time), or raises `TaskError`.

>>> class Echo(Integrations):
...     def call(self, call: TaskCall) -> JsonValue:
...         return call.arguments
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

JsonValue = Any
"""A value `json.loads` can return. Values handed to or from the interpreter are never mutated."""


@dataclass(frozen=True, slots=True)
class TaskCall:
    """One try of one Task state."""

    resource: str
    """A Lambda's ARN, or "arn:aws:states:::sns:publish" with its .sync, .sync:2 or .waitForTaskToken kept."""
    arguments: JsonValue
    """What the state sends: Parameters, Arguments, or the state's input for a bare Lambda ARN."""
    state_name: str
    execution_arn: str
    execution_name: str
    state_machine_arn: str
    state_machine_name: str
    attempt: int = 0
    """0 for the first try, 1 for the first retry, and so on."""
    map_index: int | None = None
    """Index of the innermost Map item this call belongs to."""
    task_token: str | None = None
    """Set for .waitForTaskToken only; also found in the arguments where the definition puts it."""
    timeout_seconds: float | None = None
    role_arn: str | None = None
    """The role of the state's Credentials; None where it has none, and the machine's own is meant."""
    region: str = "us-east-1"
    account_id: str = "123456789012"


class TaskError(Exception):
    """A task failed; `error` and `cause` are what Retry and Catch see.

    `error` is the name in ErrorEquals, e.g. "DynamoDB.ConditionalCheckFailedException".
    """

    def __init__(self, error: str, cause: str = "", log_lines: list[str] | None = None) -> None:
        super().__init__(f"{error}: {cause}" if cause else error)
        self.error = error
        self.cause = cause
        self.log_lines = log_lines or []


@dataclass(slots=True)
class TaskOutcome:
    """A result with what the work wrote to its log and how long it took on the timeline."""

    value: JsonValue
    log_lines: list[str] = field(default_factory=list)
    seconds: float = 0.0
    """Added to the timeline before the state goes on: how a virtual clock sees slow work."""


LaterResult = TaskOutcome | TaskError


class Later:
    """Work that ends later: return it from `Integrations.call`, then end it once from any thread.

    The first of `complete`, `fail` and `cancel` wins; what follows is ignored, because a task that timed
    out may well answer afterwards.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._result: LaterResult | None = None
        self._watcher: Callable[[LaterResult], None] | None = None
        self._on_cancel: list[Callable[[], None]] = []
        self._cancelled = False

    def complete(self, value: JsonValue) -> None:
        """End with a JSON value or a `TaskOutcome`."""
        self._settle(value if isinstance(value, TaskOutcome) else TaskOutcome(value))

    def fail(self, error: str, cause: str = "") -> None:
        """End with an error as Retry and Catch see it."""
        self._settle(TaskError(error, cause))

    def on_cancel(self, callback: Callable[[], None]) -> None:
        """Run `callback` when nobody waits for the result any more (time out, stop, failed sibling)."""
        with self._lock:
            if not self._cancelled:
                self._on_cancel.append(callback)
                return
        callback()

    def cancel(self) -> None:
        """Called by the engine: the result is not wanted any more."""
        with self._lock:
            if self._cancelled or self._result is not None:
                return
            self._cancelled = True
            callbacks, self._on_cancel = self._on_cancel, []
        for callback in callbacks:
            callback()

    def watch(self, watcher: Callable[[LaterResult], None]) -> None:
        """Called by the engine: `watcher` gets the result once, on the thread that ends the work."""
        with self._lock:
            self._watcher = watcher
            result = self._result
        if result is not None:
            watcher(result)

    def _settle(self, result: LaterResult) -> None:
        with self._lock:
            if self._cancelled or self._result is not None:
                return
            self._result = result
            watcher = self._watcher
        if watcher is not None:
            watcher(result)


class Integrations:
    """Port: the services a state machine may call. `call` runs by `Timeline.submit`, so it may block."""

    def call(self, call: TaskCall) -> JsonValue | TaskOutcome | Later:
        """Do the task's work. Raises TaskError."""
        raise TaskError("States.Runtime", f"No integration answers the resource {call.resource}")

    def read_object(self, bucket: str, key: str) -> bytes:
        """The bytes of one S3 object (Map's ItemReader). Raises TaskError, e.g. "S3.NoSuchKeyException"."""
        raise TaskError("S3.NoSuchBucketException", "The specified bucket does not exist")

    def list_objects(self, bucket: str, prefix: str) -> list[dict[str, JsonValue]]:
        """What ListObjectsV2 tells of each object: Etag, Key, LastModified (epoch), Size, StorageClass."""
        raise TaskError("S3.NoSuchBucketException", "The specified bucket does not exist")

    def write_object(self, bucket: str, key: str, body: bytes) -> None:
        """Store one S3 object (Map's ResultWriter). Raises TaskError."""
        raise TaskError("S3.NoSuchBucketException", "The specified bucket does not exist")
