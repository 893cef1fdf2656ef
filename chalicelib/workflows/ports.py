"""What the room needs of Step Functions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

RUNNING, SUCCEEDED, FAILED, TIMED_OUT, ABORTED = "RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"
PENDING_REDRIVE = "PENDING_REDRIVE"
STATUSES = (RUNNING, SUCCEEDED, FAILED, TIMED_OUT, ABORTED, PENDING_REDRIVE)


@dataclass(frozen=True, slots=True)
class Workflow:
    """A state machine."""

    name: str
    """Such as ``campaign-execution``."""
    type: str
    """``STANDARD`` or ``EXPRESS``."""
    created_at: datetime
    definition: dict[str, Any] | None = None
    """Amazon States Language; None in a list."""


@dataclass(frozen=True, slots=True)
class Run:
    """One execution."""

    workflow: str
    name: str
    """Unique among the workflow's executions."""
    status: str
    started_at: datetime
    stopped_at: datetime | None = None
    redrives: int = 0
    input: Any = None
    """None in a list, as the following."""
    output: Any = None
    error: str | None = None
    cause: str | None = None

    @property
    def id(self) -> str:
        """Return the id the API knows it by: ``campaign-execution:3f2a...-1``."""
        return f"{self.workflow}:{self.name}"


@dataclass(frozen=True, slots=True)
class Page:
    """Part of a list."""

    items: list[Any]
    after: str | None
    """Where to go on; None at the end."""


class Machines:
    """The house's state machines and their executions."""

    def workflows(self) -> list[Workflow]:
        """Return all of them, by name."""
        raise NotImplementedError

    def workflow(self, name: str) -> Workflow:
        """Return one with its definition.

        Raises:
            WorkflowNotFoundError: there is none of this name.
        """
        raise NotImplementedError

    def runs(self, workflow: str, status: str | None, limit: int, after: str | None) -> Page:
        """Return `Run` items of a workflow, latest first.

        Raises:
            WorkflowNotFoundError: there is none of this name.
            InvalidInputError: ``after`` is no place in the list.
        """
        raise NotImplementedError

    def run(self, workflow: str, name: str) -> Run:
        """Return one execution with its input and output.

        Raises:
            ExecutionNotFoundError: there is none.
        """
        raise NotImplementedError

    def history(
        self,
        workflow: str,
        name: str,
        limit: int,
        after: str | None,
        *,
        latest_first: bool,
        with_data: bool = True,
    ) -> Page:
        """Return its history events as AWS writes them; without inputs and outputs where not ``with_data``.

        Raises:
            ExecutionNotFoundError: there is none.
            InvalidInputError: ``after`` is no place in the list.
        """
        raise NotImplementedError

    def start(self, workflow: str, name: str, payload: Any) -> bool:
        """Start an execution; False when one of this name is there already.

        Raises:
            WorkflowNotFoundError: there is none of this name.
            TransientError: Step Functions runs as many as it may.
        """
        raise NotImplementedError

    def stop(self, workflow: str, name: str, cause: str) -> None:
        """Abort an execution; one that has ended stays as it is.

        Raises:
            ExecutionNotFoundError: there is none.
        """
        raise NotImplementedError

    def redrive(self, workflow: str, name: str) -> None:
        """Let an execution that failed, timed out or was aborted go on from where it ended.

        Raises:
            ExecutionNotFoundError: there is none.
            ExecutionStateError: it cannot be redriven; the message says why.
        """
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line that a function wrote."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Log:
    """What one invocation wrote; of a long one its end, where the error stands."""

    lines: list[LogLine]
    omitted: int
    """Lines before them that are left out."""


class Functions:
    """What is known of the Lambda functions that tasks run."""

    def memory_mb(self, function: str) -> int | None:
        """Return its memory, None where the function is gone or none of ours; by name or ARN."""
        raise NotImplementedError

    def log(self, function: str, request_id: str, since: datetime, until: datetime) -> Log:
        """Return what one invocation wrote, its last 1,000 lines; none where its log is gone.

        Args:
            function: name or ARN.
            request_id: the invocation's.
            since: not after its beginning.
            until: not before its end.
        """
        raise NotImplementedError
