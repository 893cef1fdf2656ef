"""Payments by Stripe's own SDK, against localstripe in a process of its own."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import stripe as stripe_sdk

from chalicelib.fleet.adapters.stripe_events import StripeEvents
from chalicelib.fleet.adapters.stripe_payments import StripePayments
from chalicelib.fleet.domain.contracts.contract import PaymentState
from chalicelib.fleet.errors.contracts import PaymentEventError, PaymentRejectedError, PaymentUnavailableError
from chalicelib.fleet.ports.payments import Charge, Refund
from localcloud.standins import payments as stripe

KEYS = itertools.count(1)


@pytest.fixture(scope="module")
def payments(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StripePayments]:
    running = stripe.serve_stripe(0, tmp_path_factory.mktemp("stripe") / "log")
    yield StripePayments(stripe.API_KEY, running.url)
    running.stop()


def charge(card: str = "pm_card_visa", **changes: object) -> Charge:
    given = {"key": f"exec-{next(KEYS)}", "contract_id": "CONT-2026-001", "amount_minor": 1_500_000_000}
    return Charge(**{**given, "currency": "COP", "payment_method_id": card, **changes})  # type: ignore[arg-type]


def test_the_same_key_is_the_same_payment_and_takes_nothing(payments: StripePayments) -> None:
    wanted = charge()
    first = payments.prepare(wanted)
    assert payments.prepare(wanted) == first
    assert (first.state, first.contract_id) == (PaymentState.OPEN, "CONT-2026-001")


def test_money_is_taken_once_and_given_back_once(payments: StripePayments) -> None:
    payment = payments.prepare(charge())
    assert payments.take(payment.id).state is PaymentState.TAKEN
    assert payments.take(payment.id).state is PaymentState.TAKEN
    for _ in range(2):
        assert payments.give_back(payment.id, f"{payment.id}-refund").state is PaymentState.REFUNDED
    refunds = payments._client().v1.refunds.list({"payment_intent": payment.id}).data
    assert [one.amount for one in refunds] == [1_500_000_000]


def test_a_declined_card_says_why_and_can_be_cancelled(payments: StripePayments) -> None:
    payment = payments.prepare(charge("pm_card_chargeCustomerFail"))
    declined = payments.take(payment.id)
    assert (declined.state, declined.reason) == (PaymentState.DECLINED, "card_declined")
    assert payments.give_back(payment.id, "refund").state is PaymentState.CANCELLED
    assert payments.take(payment.id).state is PaymentState.CANCELLED


def test_a_prepared_payment_that_is_given_back_can_never_be_taken(payments: StripePayments) -> None:
    payment = payments.prepare(charge())
    assert payments.give_back(payment.id, "refund").state is PaymentState.CANCELLED
    assert payments.take(payment.id).state is PaymentState.CANCELLED


def test_a_key_used_for_another_amount_is_refused(payments: StripePayments) -> None:
    first = charge()
    payments.prepare(first)
    with pytest.raises(PaymentRejectedError):
        payments.prepare(charge(key=first.key, amount_minor=5))


def test_what_stripe_will_never_take_is_rejected(payments: StripePayments) -> None:
    with pytest.raises(PaymentRejectedError):
        payments.prepare(charge("pm_nowhere"))
    with pytest.raises(PaymentRejectedError):
        payments.find("pi_nowhere")
    with pytest.raises(PaymentRejectedError):
        StripePayments("no key", payments._api_url).find("pi_nowhere")


def test_no_answer_is_worth_another_try() -> None:
    with pytest.raises(PaymentUnavailableError):
        StripePayments(stripe.API_KEY, "http://127.0.0.1:9").find("pi_1")


EVENTS = StripeEvents("whsec_test")


class Refunds:
    """Stripe's refunds of one payment, the latest first: what was made before, and what comes of a new one."""

    def __init__(self, before: list[str], outcome: str) -> None:
        self._before, self._outcome = before, outcome
        self.keys: list[str] = []

    def list(self, _wanted: object) -> SimpleNamespace:
        return SimpleNamespace(
            data=[SimpleNamespace(id=f"re_{n}", status=status) for n, status in enumerate(self._before)]
        )

    def create(self, _wanted: object, options: dict[str, str]) -> SimpleNamespace:
        self.keys.append(options["idempotency_key"])
        return SimpleNamespace(id="re_1", status=self._outcome)


def test_a_refund_that_failed_is_made_again_under_another_key() -> None:
    refunds: Any = Refunds(["failed"], "succeeded")
    StripePayments("key")._refund(refunds, "pi_1", "exec-refund")
    assert len(refunds.keys) == 1
    assert refunds.keys != ["exec-refund"]


@pytest.mark.parametrize("status", ["failed", "canceled"])
def test_a_refund_that_fails_is_none(status: str) -> None:
    refunds: Any = Refunds([], status)
    with pytest.raises(PaymentRejectedError, match="no money back"):
        StripePayments("key")._refund(refunds, "pi_1", "exec-refund")


@pytest.mark.parametrize("status", ["succeeded", "pending"])
def test_a_refund_is_made_once(status: str) -> None:
    refunds: Any = Refunds([status, "failed"], "succeeded")
    StripePayments("key")._refund(refunds, "pi_1", "exec-refund")
    assert refunds.keys == []


def test_the_refund_that_stands_is_named(payments: StripePayments) -> None:
    payment = payments.prepare(charge())
    payments.take(payment.id)
    assert payments.refund(payment.id) is None
    given_back = payments.give_back(payment.id, f"{payment.id}-refund")
    assert given_back.refund_id is not None
    assert payments.refund(payment.id) == Refund(given_back.refund_id, stands=True)


class StripeWithFailedRefunds(StripePayments):
    """Stripe as its SDK shows it after two refunds of one payment failed; localstripe's never do."""

    def __init__(self, metadata: dict[str, str]) -> None:
        super().__init__("key")
        self._metadata = metadata

    def _client(self) -> Any:
        refunds = [
            stripe_sdk.Refund.construct_from(
                {"id": "re_2", "status": "failed", "failure_reason": "declined"}, "key"
            ),
            stripe_sdk.Refund.construct_from({"id": "re_1", "status": "canceled"}, "key"),
        ]
        intent = stripe_sdk.PaymentIntent.construct_from({"id": "pi_1", "metadata": self._metadata}, "key")
        listing = SimpleNamespace(list=lambda _wanted: SimpleNamespace(data=refunds))
        intents = SimpleNamespace(retrieve=lambda _payment_id: intent)
        return SimpleNamespace(v1=SimpleNamespace(refunds=listing, payment_intents=intents))


def test_of_refunds_that_failed_the_latest_says_why() -> None:
    assert StripeWithFailedRefunds({}).refund("pi_1") == Refund("re_2", stands=False, reason="declined")


def test_money_paid_back_without_stripe_is_back() -> None:
    found = StripeWithFailedRefunds({"returned_outside": "bank transfer 4711"}).refund("pi_1")
    assert found is not None
    assert found.stands
    assert found.id not in ("re_1", "re_2")


def signed(body: bytes, at: float, secret: str = "whsec_test") -> str:
    digest = hmac.new(secret.encode(), b"%d." % at + body, hashlib.sha256).hexdigest()
    return f"t={int(at)},v1={digest}"


def event(kind: str) -> bytes:
    about = {"id": "pi_1", "object": "payment_intent"}
    return json.dumps({"id": "evt_1", "object": "event", "type": kind, "data": {"object": about}}).encode()


def test_events_of_payments_name_their_payment() -> None:
    body = event("payment_intent.succeeded")
    assert EVENTS.payment_id(body, signed(body, time.time())) == "pi_1"
    other = event("customer.created")
    assert EVENTS.payment_id(other, signed(other, time.time())) is None


@pytest.mark.parametrize(
    "kind", ["refund.failed", "refund.updated", "refund.created", "charge.refund.updated", "charge.refunded"]
)
@pytest.mark.parametrize("payment_id", ["pi_1", None])
def test_events_of_refunds_name_the_payment(kind: str, payment_id: str | None) -> None:
    about = {"id": "re_1", "object": "refund", "payment_intent": payment_id, "status": "failed"}
    body = json.dumps({"id": "evt_1", "object": "event", "type": kind, "data": {"object": about}}).encode()
    # charge.refunded is about the charge and tells of the refund's making, which is known.
    expected = None if kind == "charge.refunded" else payment_id
    assert EVENTS.payment_id(body, signed(body, time.time())) == expected


@pytest.mark.parametrize("age", [0.0, 400.0])
def test_strangers_and_old_events_are_refused(age: float) -> None:
    body = event("payment_intent.succeeded")
    secret = "whsec_other" if age == 0 else "whsec_test"
    with pytest.raises(PaymentEventError):
        EVENTS.payment_id(body, signed(body, time.time() - age, secret))
    with pytest.raises(PaymentEventError):
        EVENTS.payment_id(body, "")
