"""The desk's routes through Chalice, on AWS's stand-in."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from moto import mock_aws

from chalicelib.core import aws, secrets
from chalicelib.tickets import wiring
from chalicelib.tickets.domain.signature import sign
from tests.fakes.api import SignedIn, signed_in
from tests.fakes.tables import make_tables
from tests.fakes.tickets.samples import ADA, recommendation, record

SECRET = "webhook-secret"
TICKET = {"id": 12345, "subject": "Replica lags", "created_at": "2026-06-01T08:00:00Z"}
KEY = "raw-tickets/year=2026/month=06/day=01/ticket-12345.json"


class Api:
    """Speaks JSON to the routes."""

    def __init__(self, client: SignedIn) -> None:
        self._client = client

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        sent = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        given = {"Content-Type": "application/json"} | {k.replace("_", "-"): v for k, v in headers.items()}
        answer = self._client.request(method, path, headers=given, body=sent)
        return answer.status_code, answer.json_body

    def webhook(self, body: bytes, secret: str = SECRET) -> tuple[int, Any]:
        return self.ask("POST", "/tickets", body, **signed(body, secret))


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    stamp = datetime.now(UTC).isoformat()
    return {
        "X_Zendesk_Webhook_Signature": sign(secret, stamp, body),
        "X_Zendesk_Webhook_Signature_Timestamp": stamp,
    }


@pytest.fixture(scope="module")
def own_clients() -> Iterator[None]:
    """AWS clients made by this module's tests and used by no other; making one takes longer than most tests."""
    aws.client.cache_clear()
    yield
    aws.client.cache_clear()


@pytest.fixture
def api(own_clients: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    settings = {
        "STAGE": "dev",
        "TICKETS_TABLE": "tickets",
        "SMES_TABLE": "smes",
        "TICKETS_BUCKET": "tickets",
        "TICKETS_CHANNEL": "C0SUPPORT",
        "SME_MATCHING_ARN": "arn:aws:states:us-east-1:123456789012:stateMachine:sme-matching",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    secrets._read.cache_clear()
    with mock_aws():
        _make_resources()
        from app import app

        with signed_in(app) as client:
            yield Api(client)
    secrets._read.cache_clear()


def _make_resources() -> None:
    make_tables("tickets", {"TicketsTable": "tickets", "SmesTable": "smes"})
    aws.client("s3").create_bucket(Bucket="tickets")
    text = json.dumps({"signing_secret": SECRET})
    aws.client("secretsmanager").create_secret(Name="signalbox/dev/zendesk", SecretString=text)


def stored() -> bytes:
    body: bytes = aws.client("s3").get_object(Bucket="tickets", Key=KEY)["Body"].read()
    return body


def test_the_webhook_takes_a_signed_ticket_once(api: Api) -> None:
    body = json.dumps(TICKET, indent=1).encode()
    assert api.webhook(body) == (202, {"ticketId": "12345", "key": KEY})
    assert api.webhook(body)[0] == 200
    assert stored() == body


def test_a_body_in_base64_is_checked_as_it_was_sent(api: Api) -> None:
    """API Gateway encodes bodies it takes for binary."""
    from app import app

    body = json.dumps(TICKET | {"subject": "Réplica"}, ensure_ascii=False).encode()
    event = {
        "requestContext": {"httpMethod": "POST", "resourcePath": "/tickets", "requestId": "r"},
        "headers": {
            "Content-Type": "application/json",
            **{name.replace("_", "-"): value for name, value in signed(body).items()},
        },
        "multiValueQueryStringParameters": None,
        "pathParameters": {},
        "stageVariables": None,
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }
    answer = app(event, None)
    assert answer["statusCode"] == 202, answer
    assert stored() == body


@pytest.mark.parametrize(
    ("body", "secret", "status"),
    [
        (json.dumps(TICKET).encode(), "guessed", 401),
        (b"", SECRET, 422),
        (b"no json", SECRET, 422),
        (b"[" * 100_000, SECRET, 422),
        (b'{"subject": "no id"}', SECRET, 422),
        (b'{"id": 1, "description": "' + b"x" * 1_000_000 + b'"}', SECRET, 413),
    ],
)
def test_what_the_webhook_refuses(api: Api, body: bytes, secret: str, status: int) -> None:
    assert api.webhook(body, secret)[0] == status
    assert "Contents" not in aws.client("s3").list_objects_v2(Bucket="tickets")


def test_an_unsigned_call_is_refused_before_it_is_read(api: Api) -> None:
    assert api.ask("POST", "/tickets", TICKET)[0] == 401


def test_a_ticket_is_shown_with_what_was_recommended(api: Api) -> None:
    assert api.ask("GET", "/tickets/12345")[0] == 404
    assert api.ask("GET", "/tickets/..%2f")[0] in (403, 404)
    wiring.store().save(record())
    wiring.store().save_recommendation(recommendation())
    status, shown = api.ask("GET", "/tickets/12345")
    assert (status, shown["recommendation"]["candidates"][0]["creId"]) == (200, "cre001")
    assert shown["recommendation"]["verdict"] == "confident"
    assert shown["assignment"] is None


def test_nothing_can_be_posted_before_anything_was_recommended(api: Api) -> None:
    wiring.store().save(record(recommendation_id=""))
    assert api.ask("POST", "/tickets/12345/post")[0] == 404
    assert api.ask("POST", "/tickets/404/post")[0] == 404


def test_matching_again_asks_for_a_ticket_that_is_there(api: Api) -> None:
    assert api.ask("POST", "/tickets/404/match")[0] == 404
    assert api.ask("POST", "/tickets/404/match", Idempotency_Key="two words")[0] == 400


def test_experts_are_put_and_listed(api: Api) -> None:
    profile = {
        "name": "Ada Ruiz",
        "slackId": "U00ADA",
        "zone": "Europe/Madrid",
        "hours": [{"days": ["mon", "tue", "fri"], "start": "09:00", "end": "17:30"}],
        "products": ["Cloud"],
    }
    status, put = api.ask("PUT", "/smes/cre001", profile)
    assert (status, put["openAssignments"]) == (200, 0)
    assert wiring.smes().get("cre001") == ADA
    assert api.ask("GET", "/smes")[1]["smes"] == [put]


def test_every_problem_of_a_profile_is_told(api: Api) -> None:
    status, answer = api.ask("PUT", "/smes/cre001", {"name": " ", "zone": "Mars", "capacity": 0})
    assert (status, [one["path"] for one in answer["errors"]]) == (422, ["name", "zone", "capacity"])
    status, answer = api.ask("PUT", "/smes/cre001", {"name": "A", "hours": [{"days": ["someday"]}], "colour": 1})
    assert status == 422
    assert {one["path"] for one in answer["errors"]} >= {"colour", "hours[0].start", "hours[0].days[0]"}
    assert api.ask("PUT", "/smes/cre001", b"[" * 100_000)[0] == 400


def test_the_weeks_share(api: Api) -> None:
    assert api.ask("GET", "/smes/share?week=2026-W23")[1] == {"week": "2026-W23", "shares": []}
    assert api.ask("GET", "/smes/share?week=last")[0] == 422
