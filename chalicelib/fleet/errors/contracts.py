"""Errors of contracts.

SignalboxError (core)
|-- NotFoundError      ContractNotFoundError
|-- TransientError     CustomerRegistryError, PaymentUnavailableError, PaymentPendingError, VehiclePlatformError,
|                      ContractAlertError
|-- CustomerRegistryUnavailableError
|-- PaymentRejectedError
|-- RefundFailedError
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


class RefundFailedError(SignalboxError):
    """The money of a contract was given back and came back; people decide how the customer gets it."""


class PaymentEventError(SignalboxError):
    """An event that the payment service did not sign, or signed too long ago."""


class VehiclePlatformError(TransientError):
    """The vehicle platform did not answer this time."""


class ContractAlertError(TransientError):
    """The people who see to contracts may not have been told."""


class ServiceActivationError(SignalboxError):
    """The service cannot be activated as ordered; the message names refused vehicles or the contract's state."""
