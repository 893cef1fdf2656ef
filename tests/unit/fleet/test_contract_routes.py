"""Contracts through the API, on AWS's stand-in, with localstripe behind the webhook."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from chalice.test import HTTPResponse
from moto import mock_aws

from chalicelib.core import aws, secrets
from chalicelib.fleet.adapters.dynamo_contracts import DynamoContractStore
from chalicelib.fleet.adapters.stripe_payments import StripePayments
from chalicelib.fleet.domain.contracts.contract import ContractStatus, PaymentState
from chalicelib.fleet.ports.payments import Charge
from localcloud.standins import payments as stripe
from localcloud.standins.vehicles import VehiclePlatform, serve_vehicles
from tests.fakes.api import SignedIn, signed_in
from tests.fakes.fleet.contract_simulation import request
from tests.unit.fleet.adapters.test_dynamo_contracts import CONTRACT

MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:business-workflow"

ALERTS = "arn:aws:sns:us-east-1:123456789012:contract-alerts"


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SignedIn]:
    running = stripe.serve_stripe(0, tmp_path_factory.mktemp("stripe") / "log")
    vehicles = serve_vehicles(VehiclePlatform())
    settings = {
        "AWS_DEFAULT_REGION": "us-east-1",
        "CONTRACTS_TABLE": "contracts",
        "CONTRACT_MACHINE_ARN": MACHINE,
        "CONTRACT_ALERTS_TOPIC_ARN": ALERTS,
        "STRIPE_API_URL": running.url,
        "VEHICLE_PLATFORM_URL": vehicles.url,
    }
    aws.client.cache_clear()
    secrets._read.cache_clear()
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        for name, value in settings.items():
            environment.setenv(name, value)
        _make_resources()
        from app import app

        with signed_in(app) as client:
            yield client
    aws.client.cache_clear()
    secrets._read.cache_clear()
    vehicles.stop()
    running.stop()


def _make_resources() -> None:
    aws.client("dynamodb").create_table(
        TableName="contracts",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "kind", "created_at")
        ],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by_time",
                "KeySchema": [
                    {"AttributeName": "kind", "KeyType": "HASH"},
                    {"AttributeName": "created_at", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )
    known = {"api_key": stripe.API_KEY, "webhook_secret": stripe.WEBHOOK_SECRET}
    aws.client("secretsmanager").create_secret(Name="signalbox/dev/stripe", SecretString=json.dumps(known))
    aws.client("sns").create_topic(Name="contract-alerts")
    definition = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 9, "End": True}}}
    aws.client("stepfunctions").create_state_machine(
        name="business-workflow",
        definition=json.dumps(definition),
        roleArn="arn:aws:iam::123456789012:role/any",
    )


def ask(api: SignedIn, body: Any, **headers: str) -> HTTPResponse:
    given = {"Content-Type": "application/json"} | {name.replace("_", "-"): text for name, text in headers.items()}
    return api.post("/contracts", headers=given, body=json.dumps(body).encode())


def test_a_request_starts_one_execution_by_its_name(api: SignedIn) -> None:
    first = ask(api, request(execution_id="exec-1"))
    assert (first.status_code, first.json_body["request_id"]) == (202, "exec-1")
    assert first.headers["Location"] == "/contracts/exec-1"
    again = ask(api, request(execution_id="exec-1"))
    assert (again.status_code, again.json_body) == (200, first.json_body)
    other = ask(api, request(execution_id="exec-1", number_of_vehicles=26))
    assert other.status_code == 409
    shown = api.get("/contracts/exec-1").json_body
    assert (shown["contract_id"], shown["status"], shown["execution_status"]) == (None, "requested", "RUNNING")
    described = aws.client("stepfunctions").describe_execution(executionArn=first.json_body["executionArn"])
    assert json.loads(described["input"])["entered_by"] == "someone"


def test_who_sends_a_request_is_known_whoever_it_names(api: SignedIn) -> None:
    named = ask(api, request(execution_id="exec-2", requested_by="sales@example.com"))
    described = aws.client("stepfunctions").describe_execution(executionArn=named.json_body["executionArn"])
    assert {"requested_by": "sales@example.com", "entered_by": "someone"}.items() <= json.loads(
        described["input"]
    ).items()
    forged = ask(api, request(entered_by="mallory"))
    assert (forged.status_code, forged.json_body["errors"][0]["path"]) == (422, "entered_by")


def test_the_key_names_the_execution_before_the_request_does(api: SignedIn) -> None:
    assert ask(api, request(execution_id="exec-x"), Idempotency_Key="key-1").json_body["request_id"] == "key-1"
    refused = ask(api, request(), Idempotency_Key="a/b")
    assert (refused.status_code, refused.json_body["errors"][0]["path"]) == (422, "Idempotency-Key")


def test_every_problem_is_answered_at_once(api: SignedIn) -> None:
    body = request(number_of_vehicles=0, estimated_value=1.5, document_type="RUT", document_id="900123456-7")
    refused = ask(api, body)
    assert refused.status_code == 422
    assert {one["path"] for one in refused.json_body["errors"]} == {
        "number_of_vehicles",
        "estimated_value",
        "document_id",
    }
    assert ask(api, [1]).status_code == 422
    assert api.post("/contracts", headers={"Content-Type": "application/json"}, body=b"{").status_code == 400


def test_unknown_contracts_are_not_there(api: SignedIn) -> None:
    for stranger in ("CONT-2026-999", "exec-nowhere", "a%20b"):
        assert api.get(f"/contracts/{stranger}").status_code == 404


def test_a_contract_is_shown_without_what_is_nobodys_business(api: SignedIn) -> None:
    DynamoContractStore("contracts").create(replace(CONTRACT, id="CONT-2026-007", request_id="exec-7"))
    shown = api.get("/contracts/CONT-2026-007").json_body
    assert (shown["contract_id"], shown["status"], shown["amount"]) == ("CONT-2026-007", "pending", "5.00 COP")
    assert shown == api.get("/contracts/exec-7").json_body
    assert "payment_method_id" not in shown


def test_contracts_are_listed_with_the_place_where_the_next_page_begins(api: SignedIn) -> None:
    for number in (8, 9):
        made = replace(CONTRACT, id=f"CONT-2027-00{number}", request_id=f"listed-{number}")
        DynamoContractStore("contracts").create(replace(made, created_at=made.created_at.replace(year=2027)))
    first = api.get("/contracts?limit=1").json_body
    assert [one["contract_id"] for one in first["contracts"]] == ["CONT-2027-009"]
    second = api.get(f"/contracts?limit=1&after={quote(first['next'])}").json_body
    assert [one["contract_id"] for one in second["contracts"]] == ["CONT-2027-008"]
    assert api.get("/contracts?after=x").status_code == 422


def event(api: SignedIn, payment_id: str, secret: str = stripe.WEBHOOK_SECRET) -> HTTPResponse:
    about = {"id": payment_id, "object": "payment_intent"}
    body = json.dumps(
        {"id": "evt", "object": "event", "type": "payment_intent.succeeded", "data": {"object": about}}
    )
    at = int(time.time())
    digest = hmac.new(secret.encode(), f"{at}.{body}".encode(), hashlib.sha256).hexdigest()
    headers = {"Content-Type": "application/json", "Stripe-Signature": f"t={at},v1={digest}", "Authorization": ""}
    return api.request("POST", "/payments/webhook", headers=headers, body=body.encode())


def test_a_lost_payment_of_a_dead_execution_goes_back(api: SignedIn) -> None:
    contracts = DynamoContractStore("contracts")
    payments = StripePayments(stripe.API_KEY, api_url())
    contract = replace(CONTRACT, id="CONT-2026-008", request_id="exec-8")
    contracts.create(contract)
    payment = payments.prepare(Charge("exec-8", contract.id, 500, "COP", "pm_card_visa"))
    contracts.move(contract, replace(contract, payment_id=payment.id, payment_state=PaymentState.OPEN))
    payments.take(payment.id)
    assert event(api, payment.id, "whsec_stranger").status_code == 400
    assert event(api, payment.id).json_body == {"done": "returned"}
    assert contracts.get(contract.id).status is ContractStatus.VOID
    assert contracts.get(contract.id).payment_state is PaymentState.REFUNDED
    assert event(api, payment.id).json_body == {"done": "returned"}, (
        "the same event again gives nothing back twice"
    )
    refunds = payments._client().v1.refunds.list({"payment_intent": payment.id}).data
    assert [one.amount for one in refunds] == [500]


def test_a_lost_payment_of_a_living_execution_is_recorded(api: SignedIn) -> None:
    contracts = DynamoContractStore("contracts")
    payments = StripePayments(stripe.API_KEY, api_url())
    assert ask(api, request(execution_id="exec-9")).status_code == 202
    contract = replace(CONTRACT, id="CONT-2026-009", request_id="exec-9")
    contracts.create(contract)
    payment = payments.prepare(Charge("exec-9", contract.id, 500, "COP", "pm_card_visa"))
    assert event(api, payment.id).json_body == {"done": "ignored"}, "told too early: nothing was taken"
    payments.take(payment.id)
    assert event(api, payment.id).json_body == {"done": "recorded"}
    assert contracts.get(contract.id).status is ContractStatus.PAID
    assert event(api, payment.id).json_body == {"done": "ignored"}


def api_url() -> str:

    return os.environ["STRIPE_API_URL"]
