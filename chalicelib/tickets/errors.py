"""The desk's errors; a class name is the name a definition's ``ErrorEquals`` uses.

SignalboxError (core)
|-- ConflictError      IndexModelError
`-- TransientError     IndexUnavailableError
"""

from __future__ import annotations

from chalicelib.core.errors import ConflictError, TransientError


class IndexModelError(ConflictError):
    """A vector of one embedding model met an index of another; the message names both models and dimensions."""


class IndexUnavailableError(TransientError):
    """The index of tickets does not answer now."""
