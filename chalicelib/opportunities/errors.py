"""The desk's errors; a class name is the name a definition's ``ErrorEquals`` uses.

SignalboxError (core)
|-- NotFoundError      AnalysisNotFoundError
|-- ConflictError      AnalysisConflictError
|-- TransientError     QueryEngineBusyError
|-- UnsafeQueryError
|-- QueryGenerationError
|-- QueryFailedError
`-- QueryTimeoutError
"""

from __future__ import annotations

from chalicelib.core.errors import ConflictError, NotFoundError, SignalboxError, TransientError


class AnalysisNotFoundError(NotFoundError):
    """No analysis has this id."""


class AnalysisConflictError(ConflictError):
    """The request id was used already, for another request about the same opportunity."""


class QueryEngineBusyError(TransientError):
    """The query engine takes no more queries now, or failed for reasons of its own."""


class UnsafeQueryError(SignalboxError):
    """A query that the guard does not let through; ``code`` names the rule, the message says why."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(f"{code}: {message}")


class QueryGenerationError(SignalboxError):
    """No safe query came of the model's tries; the message has the reason of each."""


class QueryFailedError(SignalboxError):
    """The query engine refused or could not finish the query, and would again: wrong SQL, or too much data."""


class QueryTimeoutError(SignalboxError):
    """The query took longer than it may; it was cancelled."""
