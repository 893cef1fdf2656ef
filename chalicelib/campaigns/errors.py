"""The desk's errors; a class name is the name a definition's ``ErrorEquals`` uses.

SignalboxError (core)
|-- NotFoundError      CampaignNotFoundError
|-- ConflictError      CampaignStateError
|-- TransientError     CarrierBusyError
|-- NumberRefusedError
`-- PhoneNumberError
"""

from __future__ import annotations

from chalicelib.core.errors import ConflictError, NotFoundError, SignalboxError, TransientError


class CampaignNotFoundError(NotFoundError):
    """No campaign has this id."""


class CampaignStateError(ConflictError):
    """The campaign's status does not allow this; the message names the status and what it would need."""


class CarrierBusyError(TransientError):
    """The carrier is over its rate or out of order; the attempt was not placed."""


class NumberRefusedError(SignalboxError):
    """The carrier will never place a call to this number."""


class PhoneNumberError(SignalboxError):
    """A text that is no telephone number; the message says why."""
