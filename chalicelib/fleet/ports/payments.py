"""Payments: who takes money and gives it back."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.fleet.domain.contracts.contract import PaymentState


@dataclass(frozen=True, slots=True)
class Charge:
    """Money to be taken, once."""

    key: str
    """Idempotency key: the execution's name."""
    contract_id: str
    amount_minor: int
    """In the smallest unit of ``currency``."""
    currency: str
    payment_method_id: str


@dataclass(frozen=True, slots=True)
class Payment:
    """What the payment service knows of one payment now."""

    id: str
    contract_id: str | None
    """None: not one of ours."""
    state: PaymentState
    reason: str | None = None
    """Of a declined one, the bank's code: ``card_declined``, ``authentication_required``, ..."""
    refund_id: str | None = None
    """Of one given back, the refund that did it."""


@dataclass(frozen=True, slots=True)
class Refund:
    """How it stands with giving one payment back."""

    id: str
    stands: bool
    """False: it failed, and the money is here again."""
    reason: str | None = None
    """Of a failed one, why."""


class Payments:
    """A payment is made in two steps, so that its id is known before any money moves.

    All methods may raise PaymentUnavailableError (nobody knows yet) and PaymentRejectedError (never like this).
    """

    def prepare(self, charge: Charge) -> Payment:
        """Make a payment that takes no money yet; the same key makes the same payment."""
        raise NotImplementedError

    def take(self, payment_id: str) -> Payment:
        """Take the money of a prepared payment; one that was taken, declined or cancelled stays as it is."""
        raise NotImplementedError

    def find(self, payment_id: str) -> Payment:
        """Return a payment as it is now."""
        raise NotImplementedError

    def give_back(self, payment_id: str, key: str) -> Payment:
        """Give back all money that was taken, or make sure that none ever is; done twice it is done once.

        Args:
            payment_id: the payment.
            key: idempotency key of the refund.

        Returns:
            The payment, refunded or cancelled.

        Raises:
            PaymentPendingError: the bank has not said yes or no, so neither is possible yet.
        """
        raise NotImplementedError

    def refund(self, payment_id: str) -> Refund | None:
        """Return the refund of a taken payment that stands, else the latest that failed; None: none was made."""
        raise NotImplementedError


class PaymentEvents:
    """What the payment service tells by itself."""

    def payment_id(self, body: bytes, signature: str) -> str | None:
        """Return the payment that an event, of itself or of its refund, is about; None: of something else.

        Raises:
            PaymentEventError: the signature is wrong or too old.
        """
        raise NotImplementedError
