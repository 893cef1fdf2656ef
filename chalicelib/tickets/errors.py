"""The desk's errors; a class name is the name a definition's ``ErrorEquals`` uses.

SignalboxError (core)
|-- InvalidInputError  TicketInputError
|-- NotFoundError      TicketNotFoundError, SmeNotFoundError
|-- ConflictError      IndexModelError, TicketStateError, TicketMovedOnError
|-- TransientError     IndexUnavailableError, EmbeddingNotReadyError
`-- PipelineResultError
"""

from __future__ import annotations

from chalicelib.core.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    SignalboxError,
    TransientError,
)


class IndexModelError(ConflictError):
    """A vector of one embedding model met an index of another; the message names both models and dimensions."""


class IndexUnavailableError(TransientError):
    """The index of tickets does not answer now."""


class TicketInputError(InvalidInputError):
    """An execution was started for something that is no ticket; every problem is named, no value is repeated."""


class TicketNotFoundError(NotFoundError):
    """No ticket has this id, or nothing was recommended for it yet."""


class SmeNotFoundError(NotFoundError):
    """No expert has this id."""


class TicketStateError(ConflictError):
    """The ticket has moved on: solved, taken by somebody else, or matched again since."""


class TicketMovedOnError(ConflictError):
    """While an execution waited, its ticket was solved, taken, or passed to another execution.

    The execution has nothing left to do and ends well; a TicketStateError is a person's or a program's to hear.
    """


class EmbeddingNotReadyError(TransientError):
    """The index does not show the ticket yet; it will in a moment, or its embedding was lost."""


class PipelineResultError(SignalboxError):
    """The matching engine left no result, or one that is none; the message says what it left."""
