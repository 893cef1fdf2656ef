"""Stripe's webhook events (https://docs.stripe.com/webhooks), their signatures checked by Stripe's own code."""

from __future__ import annotations

from chalicelib.fleet.errors.contracts import PaymentEventError
from chalicelib.fleet.ports.payments import PaymentEvents


class StripeEvents(PaymentEvents):
    """Events of PaymentIntents; of others nothing is wanted."""

    def __init__(self, signing_secret: str) -> None:
        self._signing_secret = signing_secret

    def payment_id(self, body: bytes, signature: str) -> str | None:
        """See `PaymentEvents.payment_id`; Stripe's code refuses signatures older than five minutes."""
        import stripe

        try:
            event = stripe.Webhook.construct_event(body, signature, self._signing_secret)
        except (stripe.SignatureVerificationError, ValueError) as error:
            raise PaymentEventError(f"the event is not Stripe's: {error}") from error
        if not event.type.startswith("payment_intent."):
            return None
        return str(event.data.object["id"])
