"""Errors of contracts.

SignalboxError (core)
|-- NotFoundError      ContractNotFoundError
|-- TransientError     CustomerRegistryError, PaymentUnavailableError, PaymentPendingError, VehiclePlatformError
|-- CustomerRegistryUnavailableError
|-- PaymentRejectedError
|-- PaymentEventError
`-- ServiceActivationError
"""

from __future__ import annotations

from chalicelib.core.errors import NotFoundError, SignalboxError, TransientError


class ContractNotFoundError(NotFoundError):
    """No contract has this id."""


class CustomerRegistryError(TransientError):
    """The customer registry did not answer this time."""


class CustomerRegistryUnavailableError(SignalboxError):
    """The customer registry failed so often that it is not asked for a while; trying again at once is no use."""


class PaymentUnavailableError(TransientError):
    """The payment service did not answer, or asks to wait; whether money moved is not known until it is asked."""


class PaymentPendingError(TransientError):
    """The bank has not said yes or no."""


class PaymentRejectedError(SignalboxError):
    """The payment service will never take this request as it is: a wrong key, account or parameter."""


class PaymentEventError(SignalboxError):
    """An event that the payment service did not sign, or signed too long ago."""


class VehiclePlatformError(TransientError):
    """The vehicle platform did not answer this time."""


class ServiceActivationError(SignalboxError):
    """The service cannot be activated as ordered; the message names refused vehicles or the contract's state."""
