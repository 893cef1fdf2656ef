"""Stripe's webhook events (https://docs.stripe.com/webhooks), their signatures checked by Stripe's own code."""

from __future__ import annotations

from chalicelib.fleet.errors.contracts import PaymentEventError
from chalicelib.fleet.ports.payments import PaymentEvents

_REFUNDS = ("refund.", "charge.refund.")


class StripeEvents(PaymentEvents):
    """Events of PaymentIntents and of their refunds; of others nothing is wanted.

    What an event says of a refund is not read, as its state is asked for: which of these come depends on the
    version of the API the endpoint was made with (``charge.refund.updated`` before ``refund.failed`` was).
    """

    def __init__(self, signing_secret: str) -> None:
        self._signing_secret = signing_secret

    def payment_id(self, body: bytes, signature: str) -> str | None:
        """See `PaymentEvents.payment_id`; Stripe's code refuses signatures older than five minutes."""
        import stripe

        try:
            event = stripe.Webhook.construct_event(body, signature, self._signing_secret)
        except (stripe.SignatureVerificationError, ValueError) as error:
            raise PaymentEventError(f"the event is not Stripe's: {error}") from error
        about = event.data.object
        if event.type.startswith("payment_intent."):
            return str(about["id"])
        if event.type.startswith(_REFUNDS):
            payment_id = about.to_dict().get("payment_intent")  # none: a charge made without one, not ours
            return str(payment_id) if payment_id else None
        return None
