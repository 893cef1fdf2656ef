"""Emergencies through the API, on AWS's stand-in: what is answered, and that nothing is refused for its form."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from chalice.test import HTTPResponse
from moto import mock_aws

from chalicelib.core import aws
from tests.fakes.api import SignedIn, signed_in
from tests.fakes.tables import make_tables
from tests.unit.fleet.adapters.test_dynamo_incidents import record

MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:emergency-workflow"
PANIC = {"vehicleId": "VEH-1", "type": "panic_button", "eventTimestamp": 1_780_370_055_000, "severity": "critical"}


@pytest.fixture(scope="module")
def api() -> Iterator[SignedIn]:
    topic = "arn:aws:sns:us-east-1:123456789012:"
    settings = {
        "AWS_DEFAULT_REGION": "us-east-1",
        "INCIDENTS_TABLE": "incidents",
        "EMERGENCY_MACHINE_ARN": MACHINE,
        "AUTHORITIES_TOPIC_ARN": f"{topic}authorities",
        "OWNER_TOPIC_ARN": f"{topic}owner",
        "FLEET_OPERATIONS_TOPIC_ARN": f"{topic}operations",
    }
    aws.client.cache_clear()
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        for name, value in settings.items():
            environment.setenv(name, value)
        make_tables("fleet", {"IncidentsTable": "incidents"})
        definition = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 9, "End": True}}}
        aws.client("stepfunctions").create_state_machine(
            name="emergency-workflow",
            definition=json.dumps(definition),
            roleArn="arn:aws:iam::123456789012:role/r",
        )
        from app import app

        with signed_in(app) as client:
            yield client
    aws.client.cache_clear()


def report(api: SignedIn, body: bytes | dict[str, Any], **headers: str) -> HTTPResponse:
    given = {"Content-Type": "application/json"} | {name.replace("_", "-"): text for name, text in headers.items()}
    return api.post(
        "/incidents", headers=given, body=body if isinstance(body, bytes) else json.dumps(body).encode()
    )


def test_a_report_starts_one_execution_and_its_repetition_none(api: SignedIn) -> None:
    first = report(api, PANIC, Idempotency_Key="report-1")
    assert first.status_code == 202
    assert {one["path"] for one in first.json_body["problems"]} == {"location", "eventTimestamp"}
    incident = first.json_body["incidentId"]
    assert (incident, first.headers["Location"]) == ("INC-VEH-1-1780370055000", f"/incidents/{incident}")
    assert first.json_body["executionArn"].endswith(f":execution:emergency-workflow:{incident}")
    again = report(api, PANIC, Idempotency_Key="report-2")
    assert (again.status_code, again.json_body["duplicate"], again.json_body["incidentId"]) == (
        200,
        True,
        incident,
    )
    assert len(aws.client("stepfunctions").list_executions(stateMachineArn=MACHINE)["executions"]) == 1


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff\xfe", b'{"vehicleId": 7, "type": null}'])
def test_what_cannot_be_read_runs_all_the_same(api: SignedIn, body: bytes) -> None:
    answer = report(api, body)
    assert answer.status_code in (200, 202)
    assert answer.json_body["problems"]


def test_nothing_and_too_much_are_no_reports(api: SignedIn) -> None:
    assert report(api, b" ").status_code == 400
    assert report(api, b"x" * 2_000_000).status_code == 413


def test_emergencies_and_drills_are_listed_apart_in_pages(api: SignedIn) -> None:
    for number in range(3):
        record(number)
    record(7, kind="drill")
    first = api.get("/incidents?limit=2").json_body
    rest = api.get(f"/incidents?limit=2&after={first['next']}").json_body
    assert [one["incidentId"] for one in first["incidents"] + rest["incidents"]] == ["INC-2", "INC-1", "INC-0"]
    assert [one["incidentId"] for one in api.get("/incidents?drills=true").json_body["incidents"]] == ["INC-7"]
    assert api.get("/incidents?limit=0").status_code == 422


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("GET", "/timeline", None),
        ("POST", "/acknowledgement", {"by": "ana@example.com"}),
        ("POST", "/deliveries", {"notificationId": "owner", "receipt": "on the handset"}),
    ],
)
def test_an_incident_that_is_not_there(api: SignedIn, method: str, path: str, body: Any) -> None:
    sent = b"" if body is None else json.dumps(body).encode()
    answer = api.request(method, f"/incidents/INC-none{path}", {"Content-Type": "application/json"}, sent)
    assert answer.status_code == 404


def test_the_first_acknowledgement_counts(api: SignedIn) -> None:
    record(9)

    def acknowledge(who: str) -> Any:
        sent = json.dumps({"by": who}).encode()
        headers = {"Content-Type": "application/json"}
        return api.post("/incidents/INC-9/acknowledgement", headers=headers, body=sent).json_body

    first, second = acknowledge("ana@example.com"), acknowledge("ben@example.com")
    assert (first["first"], second["first"], second["acknowledgedBy"]) == (True, False, "ana@example.com")
    assert api.get("/incidents/INC-9").json_body["acknowledgement"]["by"] == "ana@example.com"


def test_who_may_only_look_reports_nothing(api: SignedIn) -> None:
    reader = api.holder_of("read")
    assert report(reader, PANIC).status_code == 403
    assert reader.get("/incidents").status_code == 200
