"""Workflows and executions through Chalice, on AWS's stand-in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws

from chalicelib.core import aws
from chalicelib.workflows.domain.masking import masked
from tests.fakes.api import SignedIn, signed_in

PREFIX = "arn:aws:states:us-east-1:123456789012:stateMachine:signalbox-dev-"
WAIT = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 60, "End": True}}}


class Api:
    """Speaks JSON to the routes."""

    def __init__(self, client: SignedIn) -> None:
        self._client = client

    def ask(self, method: str, path: str, body: Any = None, key: str | None = None) -> tuple[int, Any]:
        headers = {"Content-Type": "application/json"} | ({"Idempotency-Key": key} if key else {})
        sent = b"" if body is None else json.dumps(body).encode()
        answer = self._client.request(method, path, headers=headers, body=sent)
        if answer.status_code >= 400:
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert answer.json_body["status"] == answer.status_code
        return answer.status_code, answer.json_body

    def start(self, workflow: str = "first", key: str | None = None, **run_input: Any) -> str:
        status, run = self.ask("POST", f"/workflows/{workflow}/executions", {"input": run_input}, key)
        assert status in (200, 202), run
        return str(run["id"])


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    aws.client.cache_clear()
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        environment.setenv("WORKFLOW_ARN_PREFIX", PREFIX)
        for name in ("signalbox-dev-first", "signalbox-dev-second", "signalbox-prod-first", "other"):
            aws.client("stepfunctions").create_state_machine(
                name=name, roleArn="arn:aws:iam::123456789012:role/any", definition=json.dumps(WAIT)
            )
        from app import app

        with signed_in(app) as client:
            yield Api(client)
    aws.client.cache_clear()


def test_health_asks_nothing_behind_it(api: Api) -> None:
    assert api.ask("GET", "/health") == (200, {"status": "ok"})


def test_workflows_of_this_stage_are_listed(api: Api) -> None:
    status, body = api.ask("GET", "/workflows")
    assert (status, [workflow["name"] for workflow in body["workflows"]]) == (200, ["first", "second"])


def test_a_workflow_shows_definition_and_last_runs(api: Api) -> None:
    run = api.start("second")
    status, body = api.ask("GET", "/workflows/second")
    assert (status, body["definition"]) == (200, WAIT)
    assert [one["id"] for one in body["lastRuns"]] == [run]


def test_an_idempotency_key_names_the_execution_and_starts_one(api: Api) -> None:
    assert api.start(key="order-17", a=1) == "first:order-17" == api.start(key="order-17", a=1)
    status, body = api.ask("POST", "/workflows/first/executions", {"input": {"a": 2}}, "order-17")
    assert (status, "another input" in body["detail"]) == (409, True)
    assert api.ask("POST", "/workflows/first/executions", {"input": {}}, "not a name")[0] == 422


def test_a_workflow_that_asks_who_started_it_is_told(api: Api) -> None:
    asks = WAIT | {"Comment": "Reads $.entered_by"}
    aws.client("stepfunctions").create_state_machine(
        name="signalbox-dev-third", roleArn="arn:aws:iam::123456789012:role/any", definition=json.dumps(asks)
    )
    forged = api.start("third", entered_by="mallory", a=1)
    assert api.ask("GET", f"/executions/{forged}")[1]["input"] == {"entered_by": "someone", "a": 1}
    aws.client("stepfunctions").delete_state_machine(stateMachineArn=f"{PREFIX}third")


def test_task_tokens_are_nobodys_business() -> None:
    text = json.dumps(
        {"Payload": {"taskToken": "AQCk", "note": "a \u201ctoken\u201d", "deep": [{"TaskToken": "AQ2"}]}}
    )
    event = {"type": "TaskScheduled", "details": {"parameters": text, "resource": "lambda"}, "cause": "token {"}
    shown = masked(event)
    assert "AQ" not in json.dumps(shown)
    assert json.loads(shown["details"]["parameters"])["Payload"]["note"] == "a “token”"
    assert {name: one for name, one in shown.items() if name != "details"} == {
        "type": "TaskScheduled",
        "cause": "token {",
    }


def test_an_execution_is_shown_with_history_and_listed_by_status(api: Api) -> None:
    run = api.start(a=1)
    status, body = api.ask("GET", f"/executions/{run}")
    assert (status, body["status"], body["input"], body["output"]) == (200, "RUNNING", {"a": 1}, None)
    status, body = api.ask("GET", f"/executions/{run}/history?limit=5&order=latest")
    assert (status, isinstance(body["events"], list)) == (200, True)
    assert run in [
        one["id"] for one in api.ask("GET", "/executions?workflow=first&status=RUNNING")[1]["executions"]
    ]
    everywhere = api.ask("GET", "/executions?limit=100")[1]["executions"]
    assert {one["workflow"] for one in everywhere} >= {"first"}
    assert [one["startedAt"] for one in everywhere] == sorted(
        (one["startedAt"] for one in everywhere), reverse=True
    )


def test_a_run_is_stopped_once_for_a_reason(api: Api) -> None:
    run = api.start()
    assert api.ask("POST", f"/executions/{run}/stop", {})[0] == 422
    assert api.ask("POST", f"/executions/{run}/stop", {"reason": "x"})[0] == 422
    status, body = api.ask("POST", f"/executions/{run}/stop", {"reason": "wrong list"})
    assert (status, body["status"]) == (200, "ABORTED")
    assert api.ask("POST", f"/executions/{run}/stop", {"reason": "wrong list"})[0] == 200


def test_what_runs_cannot_be_redriven(api: Api) -> None:
    status, body = api.ask("POST", f"/executions/{api.start()}/redrive", {"reason": "again"})
    assert (status, "RUNNING" in body["detail"]) == (409, True)


@pytest.mark.parametrize(
    "path",
    [
        "/workflows/third",
        "/workflows/a%20b",
        "/executions/first",
        "/executions/first:gone",
        "/executions/third:gone",
        "/executions/first:gone/history",
        "/executions?workflow=third",
    ],
)
def test_what_is_not_there_is_404(api: Api, path: str) -> None:
    assert api.ask("GET", path)[0] == 404


def test_starting_what_is_not_there_is_404(api: Api) -> None:
    assert api.ask("POST", "/workflows/third/executions", {"input": {}})[0] == 404
    assert api.ask("POST", "/executions/first:gone/stop", {"reason": "gone"})[0] == 404
    assert api.ask("POST", "/executions/first:gone/redrive", {"reason": "gone"})[0] == 404


def test_an_id_may_be_percent_encoded(api: Api) -> None:
    run_id = api.start()
    assert api.ask("GET", f"/executions/{run_id.replace(':', '%3A')}")[1]["id"] == run_id
    for odd in ("%", "%00", "%ff", "a%2Fb:c", "..%2f..%2f"):
        assert api.ask("GET", f"/executions/{odd}")[0] == 404


LONG = "x" * 4_000


@pytest.mark.parametrize(
    "path",
    [
        f"/executions?workflow=first&after={LONG}",
        f"/executions/first:gone/history?after={LONG}",
        f"/executions/first:gone/states?place={LONG}",
        "/audit?day=2026-11-21&after=x",
        f"/audit?day=2026-11-21&after={LONG}",
    ],
)
def test_a_place_that_was_made_up_is_422(api: Api, path: str) -> None:
    status, body = api.ask("GET", path)
    assert (status, len(body["errors"])) == (422, 1)


def test_an_input_that_step_functions_would_not_take_is_422(api: Api) -> None:
    status, body = api.ask("POST", "/workflows/first/executions", {"input": {"words": "x" * 262_200}})
    assert (status, body["errors"][0]["code"]) == (422, "too_large")


def test_a_key_that_started_something_else_is_409(api: Api) -> None:
    assert api.ask("POST", "/workflows/first/executions", {"input": {"a": 1}}, key="once")[0] == 202
    assert api.ask("POST", "/workflows/first/executions", {"input": {"a": 2}}, key="once")[0] == 409


@pytest.mark.parametrize("query", ["status=BROKEN", "limit=1000", "after=x", "colour=red"])
def test_questions_nobody_understands_are_422(api: Api, query: str) -> None:
    status, body = api.ask("GET", f"/executions?{query}")
    assert (status, len(body["errors"])) == (422, 1)


@pytest.mark.parametrize("body", [{}, {"input": 5}, {"input": {}, "name": "x"}])
def test_an_execution_needs_an_input_object(api: Api, body: Any) -> None:
    assert api.ask("POST", "/workflows/first/executions", body)[0] == 422
