"""Stripe's events on their way: sent by localstripe over HTTP, signed, to the contract they are about."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest

from chalicelib.core import clock
from chalicelib.fleet.adapters.dynamo_contracts import DynamoContractStore
from chalicelib.fleet.domain.contracts.contract import Contract, ContractStatus, PaymentState
from chalicelib.fleet.ports.payments import Refund
from chalicelib.fleet.service.contracts import owing
from chalicelib.fleet.wiring import contracts as wiring
from localcloud.demos.http_calls import ApiCallError, call, call_json
from localcloud.project import LocalProject
from localcloud.standins.payments import API_KEY, WEBHOOK_SECRET
from tests.e2e.conversation import Conversation

T = TypeVar("T")
AT = datetime(2026, 3, 2, 10, tzinfo=UTC)


class Till:
    """A contract whose payment was prepared, Stripe, and the webhook."""

    def __init__(self, project: LocalProject, contract_id: str, request_id: str) -> None:
        self.project, self.contract_id = project, contract_id
        self._store = DynamoContractStore("signalbox-local-contracts")
        key = base64.b64encode(f"{API_KEY}:".encode()).decode()
        self._headers = {"Authorization": f"Basic {key}"}
        self._url = project.cloud.site.function_environment["STRIPE_API_URL"]
        fields = (
            f"amount=500&currency=cop&payment_method=pm_card_visa&metadata[contract_id]={contract_id}"
            "&payment_method_types[]=card"
        )
        self.payment_id = str(self.stripe("POST", f"/v1/payment_intents?{fields}")["id"])
        self._within(
            lambda: self._store.create(
                Contract(
                    id=contract_id, request_id=request_id, customer_id="CUST-1", contract_type="standard",
                    number_of_vehicles=2, plates=(), amount_minor=500, currency="COP",
                    payment_method_id="pm_card_visa", approval_type="automatic", approved_by=None, created_at=AT,
                    updated_at=AT, payment_id=self.payment_id, payment_state=PaymentState.OPEN,
                )
            )
        )  # fmt: skip

    def stripe(self, method: str, path: str) -> Any:
        """Ask Stripe, as its dashboard would."""
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        where, _, fields = path.partition("?") if method == "POST" else (path, "", "")
        return json.loads(call(method, self._url + where, fields.encode(), self._headers | form))

    def take(self) -> None:
        """Take the money; Stripe tells of it by itself."""
        self.stripe("POST", f"/v1/payment_intents/{self.payment_id}/confirm")

    def contract(self) -> Contract:
        return self._within(lambda: self._store.get(self.contract_id))

    def event(self, kind: str) -> Any:
        """Send an event of this payment, signed as Stripe signs, and return the answer."""
        about = {"id": self.payment_id, "object": "payment_intent"}
        body = json.dumps({"id": "evt_1", "object": "event", "type": kind, "data": {"object": about}})
        at = int(time.time())
        digest = hmac.new(WEBHOOK_SECRET.encode(), f"{at}.{body}".encode(), hashlib.sha256).hexdigest()
        headers = {"Stripe-Signature": f"t={at},v1={digest}"}
        return call_json("POST", f"{self.project.api_url}/payments/webhook", json.loads(body), headers)["done"]

    def refunded(self) -> list[int]:
        found = self.stripe("GET", f"/v1/refunds?payment_intent={self.payment_id}")["data"]
        return [int(one["amount"]) for one in found]

    def come_back(self) -> None:
        """Let the bank send the refund back, as localstripe never does: from there on it is the API's own way."""

        def owe() -> None:
            ports, at = wiring.reconciliation(), clock.current()
            failed = Refund("re_failed", stands=False, reason="declined")
            contract = ports.close.contracts.get(self.contract_id)
            owing.owe(contract, self.payment_id, failed, ports.close.contracts, ports.alerts, at)

        self._within(owe)

    def _within(self, work: Callable[[], T]) -> T:
        functions = self.project.cloud.functions
        name = next(one.name for one in functions if one.logical_id == "APIHandler")
        with functions.within(name):
            return work()


@pytest.fixture(scope="module")
def talk(project: LocalProject) -> Conversation:
    return Conversation(project)


def test_money_of_a_dead_execution_goes_back_once(talk: Conversation) -> None:
    till = Till(talk.project, "CONT-2025-101", "nobody-runs-it")
    assert till.event("payment_intent.succeeded") == "ignored", "told before anything was taken"
    assert till.contract().status is ContractStatus.PENDING
    till.take()
    talk.wait(lambda: till.contract().status is ContractStatus.VOID)
    for kind in ("payment_intent.succeeded", "payment_intent.created", "payment_intent.succeeded"):
        till.event(kind)
    assert till.refunded() == [500]
    assert (till.contract().status, till.contract().payment_state) == (ContractStatus.VOID, PaymentState.REFUNDED)


def test_money_that_came_back_is_told_and_a_refund_that_stands_settles_it(talk: Conversation) -> None:
    till = Till(talk.project, "CONT-2025-103", "nobody-runs-this")
    till.take()
    talk.wait(lambda: till.contract().status is ContractStatus.VOID)
    till.come_back()
    owed = till.contract()
    assert (owed.status, owed.payment_state) == (ContractStatus.CLOSING, PaymentState.REFUND_FAILED)
    assert [one.told for one in owed.failed_refunds] == [True], "the topic took it, with the API's own rights"
    assert till.event("payment_intent.succeeded") == "returned"
    assert (till.contract().payment_state, till.refunded()) == (PaymentState.REFUNDED, [500])


def test_money_of_a_living_execution_is_recorded(talk: Conversation) -> None:
    waiting = {
        "customer_id": "CUST-98765",
        "number_of_vehicles": 75,
        "contract_type": "standard",
        "estimated_value": 15_000_000,
    }
    request_id = talk.api("POST", "/contracts", waiting)["request_id"]
    till = Till(talk.project, "CONT-2025-102", request_id)
    till.take()
    talk.wait(lambda: till.contract().status is ContractStatus.PAID)
    for kind in ("payment_intent.succeeded", "payment_intent.created", "payment_intent.payment_failed"):
        assert till.event(kind) == "ignored", "Stripe is asked how things stand; what an event says counts little"
    assert (till.contract().status, till.refunded()) == (ContractStatus.PAID, [])


def test_a_forged_event_is_refused(talk: Conversation) -> None:
    with pytest.raises(ApiCallError, match="answered 400"):
        call_json(
            "POST", f"{talk.project.api_url}/payments/webhook", {"id": "evt"}, {"Stripe-Signature": "t=1,v1=0"}
        )
