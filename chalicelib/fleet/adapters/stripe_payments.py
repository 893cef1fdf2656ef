"""Payments by Stripe: one PaymentIntent per contract, made first and confirmed after its id is known.

A PaymentIntent takes money once at most, whatever happens to answers; making it is repeatable by Stripe's
idempotency key (https://docs.stripe.com/api/idempotent_requests). What an error leaves open is asked of Stripe
itself, so the PaymentIntent decides and not the error.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from chalicelib.fleet.domain.contracts.contract import PaymentState
from chalicelib.fleet.errors.contracts import PaymentPendingError, PaymentRejectedError, PaymentUnavailableError
from chalicelib.fleet.ports.payments import Charge, Payment, Payments, Refund

if TYPE_CHECKING:
    import stripe

T = TypeVar("T")

TIMEOUT_SECONDS = 15
_STATES = {
    "requires_confirmation": PaymentState.OPEN,
    "processing": PaymentState.PROCESSING,
    "succeeded": PaymentState.TAKEN,
    "canceled": PaymentState.CANCELLED,
    # A card that wants its holder's consent, or another card: nobody is there to give it.
    "requires_action": PaymentState.DECLINED,
    "requires_payment_method": PaymentState.DECLINED,
}
_REFUNDS_IN_VAIN = ("failed", "canceled")
_MOST_REFUNDS = 100
"""Listed at once, Stripe's limit; the latest come first."""
RETURNED_OUTSIDE = "returned_outside"
"""What people write into a payment's metadata at Stripe when they paid the money back by another way, and how."""


class StripePayments(Payments):
    """See the module's docstring."""

    def __init__(self, api_key: str, api_url: str | None = None) -> None:
        """``api_url`` is where Stripe's API is, Stripe's own when None."""
        self._api_key, self._api_url = api_key, api_url

    def prepare(self, charge: Charge) -> Payment:
        """See `Payments.prepare`."""
        return _asked(
            lambda intents: _payment(
                intents.create(
                    {
                        "amount": charge.amount_minor,
                        "currency": charge.currency.lower(),
                        "payment_method": charge.payment_method_id,
                        "payment_method_types": ["card"],
                        "metadata": {"contract_id": charge.contract_id, "request_id": charge.key},
                    },
                    {"idempotency_key": charge.key},
                )
            ),
            self._client().v1.payment_intents,
        )

    def take(self, payment_id: str) -> Payment:
        """See `Payments.take`."""
        return self._moved(lambda intents: intents.confirm(payment_id), payment_id)

    def find(self, payment_id: str) -> Payment:
        """See `Payments.find`."""
        return _asked(lambda intents: _payment(intents.retrieve(payment_id)), self._client().v1.payment_intents)

    def give_back(self, payment_id: str, key: str) -> Payment:
        """See `Payments.give_back`."""
        payment = self.find(payment_id)
        if payment.state in (PaymentState.OPEN, PaymentState.DECLINED):
            payment = self._moved(lambda intents: intents.cancel(payment_id), payment_id)
        if payment.state is PaymentState.CANCELLED:
            return payment
        if payment.state is not PaymentState.TAKEN:
            raise PaymentPendingError(
                f"payment {payment_id} is {payment.state}: it can be neither taken nor given back"
            )
        made = _asked(lambda refunds: self._refund(refunds, payment_id, key), self._client().v1.refunds)
        return Payment(payment_id, payment.contract_id, PaymentState.REFUNDED, refund_id=made)

    def refund(self, payment_id: str) -> Refund | None:
        """See `Payments.refund`; money paid back without Stripe counts as a refund that stands."""
        listed = _asked(lambda refunds: _refunds_of(refunds, payment_id), self._client().v1.refunds)
        standing = _standing(listed)
        if standing is not None:
            return Refund(standing.id, stands=True)
        if not listed:
            return None
        intent = _asked(lambda intents: intents.retrieve(payment_id), self._client().v1.payment_intents)
        if (intent.metadata.to_dict() if intent.metadata else {}).get(RETURNED_OUTSIDE):
            return Refund(f"outside of Stripe, {payment_id}", stands=True)
        latest = listed[0]
        return Refund(latest.id, stands=False, reason=latest.to_dict().get("failure_reason") or latest.status)

    def _moved(self, move: Callable[[stripe.PaymentIntentService], Any], payment_id: str) -> Payment:
        """Return the payment after a move; one that its state does not allow changes nothing."""
        import stripe

        def attempt(intents: stripe.PaymentIntentService) -> Payment:
            try:
                return _payment(move(intents))
            except (stripe.CardError, stripe.InvalidRequestError):
                return self.find(payment_id)

        return _asked(attempt, self._client().v1.payment_intents)

    def _refund(self, refunds: stripe.RefundService, payment_id: str, key: str) -> str | None:
        """Return the refund that stands, made if there is none; None where Stripe names none."""
        import stripe

        listed = _refunds_of(refunds, payment_id)
        standing = _standing(listed)
        if standing is not None:
            return standing.id
        # For a day Stripe answers a key as it did before: a refund that failed would be told again, not tried.
        tried = len(listed)
        try:
            made = refunds.create(
                {"payment_intent": payment_id}, {"idempotency_key": f"{key}-{tried}" if tried else key}
            )
        except stripe.InvalidRequestError as error:
            if error.code != "charge_already_refunded":
                raise
            return None
        if made.status in _REFUNDS_IN_VAIN:
            raise PaymentRejectedError(f"refund {made.id} of payment {payment_id} {made.status}: no money back")
        return made.id

    def _client(self) -> stripe.StripeClient:
        import stripe

        return stripe.StripeClient(
            self._api_key,
            base_addresses={"api": self._api_url} if self._api_url else None,
            max_network_retries=1,
            http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
        )


def _asked(question: Callable[[Any], T], service: Any) -> T:
    """Return the answer, or Stripe's error in the room's words."""
    import stripe

    try:
        return question(service)
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise PaymentUnavailableError(f"Stripe did not answer: {error}") from error
    except stripe.StripeError as error:
        # 409: another request with this idempotency key, or on this payment, is under way.
        if error.http_status is None or error.http_status >= 500 or error.http_status == 409:
            raise PaymentUnavailableError(f"Stripe answered {error.http_status}: {error}") from error
        raise PaymentRejectedError(f"Stripe refuses: {error}") from error


def _refunds_of(refunds: stripe.RefundService, payment_id: str) -> list[stripe.Refund]:
    return refunds.list({"payment_intent": payment_id, "limit": _MOST_REFUNDS}).data


def _standing(refunds: list[stripe.Refund]) -> stripe.Refund | None:
    return next((one for one in refunds if one.status not in _REFUNDS_IN_VAIN), None)


def _payment(intent: stripe.PaymentIntent) -> Payment:
    state = _STATES.get(intent.status, PaymentState.PROCESSING)
    reason = None
    if state is PaymentState.DECLINED:
        error = intent.last_payment_error.to_dict() if intent.last_payment_error else {}
        wanted = "authentication_required" if intent.status == "requires_action" else "no_payment_method"
        reason = error.get("decline_code") or error.get("code") or wanted
    metadata = intent.metadata.to_dict() if intent.metadata else {}
    return Payment(intent.id, metadata.get("contract_id"), state, reason)
