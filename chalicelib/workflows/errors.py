"""The room's errors.

SignalboxError (core)
|-- NotFoundError   WorkflowNotFoundError, ExecutionNotFoundError, ConsoleFileNotFoundError,
|                   VisitNotFoundError
`-- ConflictError   ExecutionStateError
"""

from __future__ import annotations

from chalicelib.core.errors import ConflictError, NotFoundError


class WorkflowNotFoundError(NotFoundError):
    """No workflow has this name."""


class ExecutionNotFoundError(NotFoundError):
    """No execution has this id; Step Functions forgets them 90 days after their end."""


class VisitNotFoundError(NotFoundError):
    """The execution's event entered no state, or its task was not tried so often."""


class ConsoleFileNotFoundError(NotFoundError):
    """The console has no such file."""


class ExecutionStateError(ConflictError):
    """The execution's status or input does not allow this; the message says why."""
