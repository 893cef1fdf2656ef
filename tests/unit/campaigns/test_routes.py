"""The desk's routes through Chalice, on AWS's stand-in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws

from chalicelib.core import aws
from tests.fakes.api import SignedIn, signed_in
from tests.fakes.tables import make_tables

MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:campaign-execution"
BODY: dict[str, Any] = {
    "name": "Spring reminder",
    "callerId": "+14155550100",
    "zone": "America/New_York",
    "windows": [{"days": ["mon", "tue", "wed", "thu", "fri"], "start": "09:00", "end": "20:00"}],
}
NOBODY = "00000000-0000-4000-8000-000000000000"


class Api:
    """Speaks JSON to the routes."""

    def __init__(self, client: SignedIn) -> None:
        self._client = client

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any, dict[str, str]]:
        sent = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        given = {"Content-Type": "application/json"} | {k.replace("_", "-"): v for k, v in headers.items()}
        answer = self._client.request(method, path, headers=given, body=sent)
        return answer.status_code, answer.json_body, answer.headers

    def campaign(self, **changed: Any) -> str:
        status, made, _ = self.ask("POST", "/campaigns", BODY | changed)
        assert status == 201, made
        return str(made["id"])


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    settings = {
        "CAMPAIGNS_TABLE": "campaigns",
        "CONTACTS_TABLE": "contacts",
        "SUPPRESSIONS_TABLE": "suppressions",
        "ASSETS_BUCKET": "assets",
        "REPORTS_BUCKET": "reports",
        "CAMPAIGN_MACHINE_ARN": MACHINE,
        "SCHEDULE_GROUP": "group",
        "SCHEDULER_ROLE_ARN": "arn:aws:iam::123456789012:role/any",
        "SCHEDULE_DEAD_LETTERS_ARN": "arn:aws:sqs:us-east-1:123456789012:letters",
        "DIAL_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/dial",
    }
    aws.client.cache_clear()
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        for name, value in settings.items():
            environment.setenv(name, value)
        _make_resources()
        from app import app

        with signed_in(app) as client:
            yield Api(client)
    aws.client.cache_clear()


def _make_resources() -> None:
    make_tables(
        "campaigns",
        {"CampaignsTable": "campaigns", "ContactsTable": "contacts", "SuppressionsTable": "suppressions"},
    )
    for bucket in ("assets", "reports"):
        aws.client("s3").create_bucket(Bucket=bucket)
    aws.client("scheduler").create_schedule_group(Name="group")
    definition = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 60, "End": True}}}
    aws.client("stepfunctions").create_state_machine(
        name="campaign-execution", roleArn="arn:aws:iam::123456789012:role/any", definition=json.dumps(definition)
    )


def assert_problem(answer: tuple[int, Any, dict[str, str]], status: int) -> dict[str, Any]:
    code, body, headers = answer
    assert (code, body["status"]) == (status, status), body
    assert headers["Content-Type"] == "application/problem+json"
    assert {"type", "title", "detail", "requestId"} <= body.keys()
    assert headers["X-Request-Id"] == body["requestId"]
    assert "Traceback" not in json.dumps(body)
    return dict(body)


def test_a_campaign_is_made_shown_and_listed(api: Api) -> None:
    status, made, headers = api.ask("POST", "/campaigns", BODY)
    assert (status, headers["Location"], made["status"]) == (201, f"/campaigns/{made['id']}", "draft")
    status, shown, _ = api.ask("GET", f"/campaigns/{made['id']}")
    assert (status, shown["progress"]["totalContacts"]) == (200, 0)
    seen, after = [], ""
    while after is not None:
        status, page, _ = api.ask("GET", f"/campaigns?limit=1{after and '&after='}{after}")
        assert status == 200
        seen += [found["id"] for found in page["campaigns"]]
        after = page["next"]
    assert made["id"] in seen


def test_the_same_idempotency_key_makes_one_campaign(api: Api) -> None:
    first = api.ask("POST", "/campaigns", BODY, Idempotency_Key="k-1")
    second = api.ask("POST", "/campaigns", BODY, Idempotency_Key="k-1")
    assert (first[0], second[0]) == (201, 200)
    assert first[1]["id"] == second[1]["id"]
    assert_problem(api.ask("POST", "/campaigns", BODY | {"name": "x"}, Idempotency_Key="k-1"), 409)
    assert_problem(api.ask("POST", "/campaigns", BODY, Idempotency_Key="a b"), 400)


def test_every_wrong_field_of_a_campaign_is_named_by_its_path(api: Api) -> None:
    window = {"days": ["mon", "funday"], "start": "25:00", "end": "20:00"}
    wrong = {"name": "", "callerId": 5, "windows": [window], "colour": "red", "maxAttemptsPerPerson": 0}
    body = assert_problem(api.ask("POST", "/campaigns", wrong), 422)
    paths = {error["path"] for error in body["errors"]}
    assert paths >= {
        "name",
        "callerId",
        "windows[0].days[1]",
        "windows[0].start",
        "maxAttemptsPerPerson",
        "colour",
    }
    assert all(error["message"] and error["code"] for error in body["errors"])


def test_a_window_that_ends_before_it_starts_is_422(api: Api) -> None:
    windows = [{"days": ["mon"], "start": "20:00", "end": "09:00"}]
    body = assert_problem(api.ask("POST", "/campaigns", BODY | {"windows": windows}), 422)
    assert [error["path"] for error in body["errors"]] == ["windows[0].end"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[]", 422),
        (b"null", 422),
        (b'"x"', 422),
        (b" " * 1_000_001, 413),
    ],
)
def test_bodies_that_are_no_campaign(api: Api, body: bytes, status: int) -> None:
    assert_problem(api.ask("POST", "/campaigns", body), status)


def test_only_json_is_taken(api: Api) -> None:
    assert_problem(api.ask("POST", "/campaigns", b"a=1", Content_Type="application/x-www-form-urlencoded"), 415)


def test_a_short_list_of_contacts_is_taken_in_at_once(api: Api) -> None:
    campaign = api.campaign()
    rows = [{"phone": "(415) 555-2671", "age": 40}, {"phone": "415-555-2671"}, {"phone": "nonsense"}]
    status, report, headers = api.ask("POST", f"/campaigns/{campaign}/contacts", {"contacts": rows})
    assert (status, report["counts"]) == (201, {"rows": 3, "accepted": 1, "duplicates": 1, "invalid": 1})
    assert api.ask("GET", headers["Location"])[1] == report
    progress = api.ask("GET", f"/campaigns/{campaign}")[1]["progress"]
    assert (progress["totalContacts"], progress["contacts"]["pending"]) == (1, 1)


def test_an_upload_is_put_to_a_link_and_waits(api: Api) -> None:
    campaign = api.campaign()
    status, target, headers = api.ask("POST", f"/campaigns/{campaign}/contacts", {"upload": "csv"})
    assert (status, target["method"], target["headers"]) == (202, "PUT", {"Content-Type": "text/csv"})
    assert_problem(api.ask("GET", headers["Location"]), 404)
    key = f"contacts/{campaign}/{target['uploadId']}.csv"
    assert key in target["url"]
    aws.client("s3").put_object(Bucket="assets", Key=key, Body=b"phone\n")
    assert api.ask("GET", headers["Location"])[1]["status"] == "waiting"


@pytest.mark.parametrize(
    "body", [{}, {"contacts": [], "upload": "csv"}, {"upload": "xls"}, {"contacts": {}}, {"contact": []}]
)
def test_contacts_come_as_a_list_or_as_an_upload(api: Api, body: Any) -> None:
    assert_problem(api.ask("POST", f"/campaigns/{api.campaign()}/contacts", body), 422)


def test_a_campaign_is_started_paused_resumed_and_cancelled(api: Api) -> None:
    campaign = api.campaign()
    first, second = (api.ask("POST", f"/campaigns/{campaign}/start") for _ in range(2))
    assert (first[0], first[1]) == (202, second[1])
    assert first[1]["executionArn"].endswith(f":campaign-execution:{campaign}-1")
    assert api.ask("POST", f"/campaigns/{campaign}/pause", {})[1]["status"] == "paused"
    assert_problem(api.ask("POST", f"/campaigns/{campaign}/start"), 409)
    assert api.ask("POST", f"/campaigns/{campaign}/resume")[1]["generation"] == 2
    assert api.ask("POST", f"/campaigns/{campaign}/cancel")[1]["status"] == "cancelled"
    assert "cannot resume" in assert_problem(api.ask("POST", f"/campaigns/{campaign}/resume"), 409)["detail"]
    runs = aws.client("stepfunctions").list_executions(stateMachineArn=MACHINE)["executions"]
    names = sorted(run["name"] for run in runs if run["name"].startswith(campaign))
    assert names == [f"{campaign}-1", f"{campaign}-2"]


def test_a_start_to_come_is_scheduled_and_removed(api: Api) -> None:
    campaign = api.campaign(startAt="2099-03-02T10:00")
    (entry,) = aws.client("scheduler").list_schedules(GroupName="group")["Schedules"]
    assert entry["Name"] == f"campaign-{campaign}"
    api.ask("POST", f"/campaigns/{campaign}/cancel")
    assert aws.client("scheduler").list_schedules(GroupName="group")["Schedules"] == []


def test_a_preflight_judges_and_sends_nothing(api: Api) -> None:
    campaign = api.campaign()
    api.ask(
        "POST",
        f"/campaigns/{campaign}/contacts",
        {"contacts": [{"phone": "+14155552671"}, {"phone": "+442079460958"}]},
    )
    status, body, _ = api.ask("POST", f"/campaigns/{campaign}/preflight")
    assert status == 200
    assert body["contacts"]["pending"] == body["readyNow"] + sum(body["heldNow"].values()) == 2
    assert all(shown["phone"].startswith("***") for shown in body["wave"]["sample"])
    assert api.ask("GET", f"/campaigns/{campaign}")[1]["progress"]["contacts"]["queued"] == 0


def test_a_report_is_linked_once_it_is_written(api: Api) -> None:
    from chalicelib.campaigns import wiring
    from chalicelib.campaigns.service import reporting
    from chalicelib.core import clock

    campaign = api.campaign()
    assert_problem(api.ask("GET", f"/campaigns/{campaign}/report"), 404)
    reporting.generate(campaign, wiring.report(), clock.current())
    status, body, _ = api.ask("GET", f"/campaigns/{campaign}/report")
    assert (status, body["report"]["campaignName"]) == (200, BODY["name"])
    assert body["reportUrl"].startswith("https://")


@pytest.mark.parametrize("campaign", [NOBODY, "x", "..%2F..", "a" * 500])
@pytest.mark.parametrize(
    ("method", "rest"),
    [
        ("GET", ""),
        ("POST", "/start"),
        ("POST", "/pause"),
        ("POST", "/resume"),
        ("POST", "/cancel"),
        ("POST", "/preflight"),
        ("GET", "/report"),
    ],
)
def test_an_unknown_campaign_is_404_everywhere(api: Api, campaign: str, method: str, rest: str) -> None:
    assert_problem(api.ask(method, f"/campaigns/{campaign}{rest}"), 404)


def test_questions_nobody_understands_are_422(api: Api) -> None:
    for path in (
        "/campaigns?limit=0",
        "/campaigns?limit=abc",
        "/campaigns?limit=1e9",
        "/campaigns?colour=red",
        "/campaigns?after=nonsense",
        "/campaigns?after=bm9uc2Vuc2U",
        "/campaigns?after=%C3%A9",
    ):
        assert_problem(api.ask("GET", path), 422)


def test_a_body_where_none_is_read_is_refused(api: Api) -> None:
    assert_problem(api.ask("POST", f"/campaigns/{api.campaign()}/start", {"at": "noon"}), 422)


def test_a_method_that_is_not_there_is_405(api: Api) -> None:
    assert_problem(api.ask("DELETE", "/campaigns"), 405)
