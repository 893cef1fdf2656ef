"""The API's two routes on runs of Step Functions in the local cloud."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from chalice.test import HTTPResponse
from moto import mock_aws

from app import app
from chalicelib.core import aws
from tests.fakes.api import SignedIn, signed_in

DEFINITION = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 100_000, "End": True}}}
BODY = {
    "CustomerName": "Example Corp",
    "region": "us-east-1",
    "closeDate": "2024-12-31",
    "oppName": "Cloud Migration",
    "oppDescription": "Migrate legacy systems to AWS",
    "workflowType": "opportunity",
    "useNovaPremier": False,
}
MACHINES = {
    "OPPORTUNITY_ANALYSIS_STATE_MACHINE_ARN": "opportunity-analysis",
    "FUNDING_ANALYSIS_STATE_MACHINE_ARN": "funding-analysis",
    "FOLLOW_ON_ANALYSIS_STATE_MACHINE_ARN": "follow-on-analysis",
}


@pytest.fixture(autouse=True)
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[SignedIn]:
    aws.client.cache_clear()
    with mock_aws():
        states = aws.client("stepfunctions")
        for setting, name in MACHINES.items():
            role = "arn:aws:iam::123456789012:role/any"
            made = states.create_state_machine(name=name, definition=json.dumps(DEFINITION), roleArn=role)
            monkeypatch.setenv(setting, made["stateMachineArn"])
        aws.client("dynamodb").create_table(
            TableName="analyses",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in ("pk", "sk")],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        )
        monkeypatch.setenv("ANALYSES_TABLE", "analyses")
        with signed_in(app) as client:
            yield client
    aws.client.cache_clear()


def post(api: SignedIn, body: Any, key: str = "k1") -> HTTPResponse:
    headers = {"Content-Type": "application/json", "Idempotency-Key": key}
    return api.post("/api/analyze", headers=headers, body=json.dumps(body).encode())


def test_the_seeds_request_is_accepted_with_execution_and_link(api: SignedIn) -> None:
    answer = post(api, BODY)
    assert answer.status_code == 202
    shown = answer.json_body
    assert shown["executionArn"].endswith(shown["executionName"])
    assert shown["executionName"].startswith("example-corp-cloud-migration-")
    assert answer.headers["Location"] == shown["links"]["self"] == f"/api/analyze/{shown['id']}"
    run = aws.client("stepfunctions").describe_execution(executionArn=shown["executionArn"])
    sent = json.loads(run["input"])
    assert sent["opportunityDetails"]["closeDate"] == "2024-12-31"
    assert sent["analysisOptions"] == {
        "useNovaPremier": False,
        "includeValidation": True,
        "includeFunding": False,
        "includeFollowOn": False,
    }


def test_a_request_sent_again_starts_nothing(api: SignedIn) -> None:
    first, again, other = post(api, BODY), post(api, BODY), post(api, BODY, "k2")
    assert (first.status_code, again.status_code, other.status_code) == (202, 200, 202)
    assert first.json_body["executionArn"] == again.json_body["executionArn"] != other.json_body["executionArn"]
    assert post(api, BODY | {"region": "eu"}).status_code == 409


@pytest.mark.parametrize(
    ("kind", "machine"), [("funding", "funding-analysis"), ("followOn", "follow-on-analysis")]
)
def test_the_workflow_type_chooses_the_machine(api: SignedIn, kind: str, machine: str) -> None:
    shown = post(api, BODY | {"workflowType": kind}).json_body
    assert shown["id"].startswith(f"{machine}:")


def test_every_error_is_told_by_field(api: SignedIn) -> None:
    answer = post(
        api,
        {"CustomerName": "", "closeDate": "soon", "workflowType": "magic", "useNovaPremier": "no", "extra": 1},
    )
    assert answer.status_code == 422
    paths = {error["path"] for error in answer.json_body["errors"]}
    assert paths == {"CustomerName", "oppName", "closeDate", "workflowType", "useNovaPremier", "extra"}
    answer = post(api, BODY | {"workflowType": "funding", "includeFunding": True, "includeFollowOn": True})
    assert {error["path"] for error in answer.json_body["errors"]} == {"includeFunding", "includeFollowOn"}


def test_an_analysis_is_shown_while_it_runs(api: SignedIn) -> None:
    shown = post(api, BODY).json_body
    seen = api.get(shown["links"]["self"]).json_body
    assert (seen["status"], seen["result"], seen["opportunityId"]) == ("RUNNING", None, shown["opportunityId"])


@pytest.mark.parametrize("analysis_id", ["opportunity-analysis:none", "campaign-execution:x", "x", "a:b:c"])
def test_what_is_not_there_is_404(api: SignedIn, analysis_id: str) -> None:
    assert api.get(f"/api/analyze/{analysis_id}").status_code == 404


def test_reading_is_not_asking(api: SignedIn) -> None:
    reader = api.holder_of("read")
    assert post(reader, BODY).status_code == 403
