"""The room's errors; a class name is the name a definition's ``ErrorEquals`` uses.

SignalboxError (core)
|-- NotFoundError        ApprovalNotFoundError, DelegationNotFoundError
|-- ForbiddenError       NotAnApproverError, FourEyesError
|-- ConflictError        ApprovalDecidedError, ApprovalExpiredError, ApprovalChangedError
|-- ConfigurationError   ApproverMissingError
|-- ApprovalTokenLostError
|-- TaskClosedError
`-- TokenUnknownError
"""

from __future__ import annotations

from chalicelib.core.errors import ConfigurationError, ConflictError, ForbiddenError, NotFoundError, SignalboxError


class ApprovalNotFoundError(NotFoundError):
    """No approval has this id."""


class DelegationNotFoundError(NotFoundError):
    """No delegation has this id."""


class NotAnApproverError(ForbiddenError):
    """The person is not among those who may decide this."""


class FourEyesError(ForbiddenError):
    """Who asked cannot decide, nor anybody on their behalf."""


class ApprovalDecidedError(ConflictError):
    """It was decided before; the message says by whom and when."""


class ApprovalExpiredError(ConflictError):
    """Its time was over before the decision; the message says since when."""


class ApprovalChangedError(ConflictError):
    """Somebody else changed the approval between reading and writing: read it again."""


class ApproverMissingError(ConfigurationError):
    """The policy names nobody who may decide this; the message names the kind."""


class ApprovalTokenLostError(SignalboxError):
    """The machine's task token could not be kept or read back. Calling ``request-approval`` again mends it: the
    approval stays what it is and gets the new token, so definitions retry this by name."""


class TaskClosedError(SignalboxError):
    """The task that waited is closed: answered, timed out, or its execution has ended."""


class TokenUnknownError(SignalboxError):
    """Step Functions knows no such token."""
