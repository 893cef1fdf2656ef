"""A machine that asks people, on the real application and a skipped clock."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from chalice.test import Client

from chalicelib.core import slack as core_slack
from chalicelib.core.access import Grant, Principal, new_token
from chalicelib.core.access.store import item_of
from localcloud.access import TABLE
from localcloud.cloud import LocalCloud
from localcloud.rights.recording import folder_of_recordings
from localcloud.standins.slack import BOT_TOKEN, SIGNING_SECRET, Workspace
from localcloud.standins.slack_api import serve_slack
from localcloud.stepfunctions import Execution, VirtualTimeline
from localcloud.stepfunctions.faults import Faults, FaultyIntegrations
from localcloud.template import load_template

HOME = Path(__file__).resolve().parents[2]
START = 1_767_225_600.0
"""2026-01-01T00:00:00Z."""
DAY = 86_400
HOUR = 3_600
RETRY_SECONDS = 10
BOSS = "manager@example.com"
NOBODY = "http://127.0.0.1:9"
"""Schedules of other rooms run too while days go by; what they would ask is not there."""
REJECT = {"decision": "rejected", "reason": "too dear"}


class Office:
    """The application in the local cloud, a machine that asks, and Slack. Tests follow each other in its time."""

    def __init__(self, cloud: LocalCloud, slack: Workspace, timeline: VirtualTimeline, faults: Faults) -> None:
        self.cloud, self.slack, self.timeline, self.faults = cloud, slack, timeline, faults
        self.start = START
        """When the test began, in seconds since 1970."""
        self._said_before = 0
        self.machine = cloud.client("stepfunctions").create_state_machine(
            name="asks", definition=json.dumps(self._definition()), roleArn="arn:aws:iam::123456789012:role/any"
        )["stateMachineArn"]

    def begin(self) -> None:
        """Forget what was said and what goes wrong."""
        self.faults.clear()
        self.start, self._said_before = self.timeline.now(), len(self.slack.messages)

    def ask(self) -> Execution:
        states = self.cloud.client("stepfunctions")
        arn = states.start_execution(stateMachineArn=self.machine)["executionArn"]
        self.after(1)
        return self.cloud.engine.execution(arn)

    def stop(self, execution: Execution) -> None:
        self.cloud.client("stepfunctions").stop_execution(executionArn=execution.arn, cause="the wrong customer")
        self.after(1)
        assert execution.status == "ABORTED"

    def redrive(self, execution: Execution) -> None:
        self.cloud.client("stepfunctions").redrive_execution(executionArn=execution.arn)
        self.after(1)

    @property
    def said(self) -> list[dict[str, Any]]:
        """Return what approvals said in Slack since; other rooms speak in channels of their own meanwhile."""
        since = self.slack.messages[self._said_before :]
        return [one for one in since if self.slack.channel_name(one["channel"]) == "approvals"]

    def hours(self, message: dict[str, Any]) -> float:
        """Return how many hours after the start it was said."""
        return round((float(message["ts"]) - self.start) / HOUR, 1)

    def time(self, seconds: float, form: str = "%Y-%m-%d %H:%M UTC") -> str:
        """Return the time ``seconds`` after the start, as text."""
        return datetime.fromtimestamp(self.start + seconds, UTC).strftime(form)

    def after(self, seconds: float) -> None:
        """Let ``seconds`` go by."""
        self.timeline.skip(seconds)

    def api(self, method: str, path: str, body: Any, person: str) -> tuple[int, Any]:
        """Send a request as ``person`` and return the answer's status and JSON."""
        from app import app

        token, now = new_token(), datetime.fromtimestamp(self.timeline.now(), UTC)
        grant = Grant(Principal(person, frozenset({"read", "decide"})), now + timedelta(hours=1))
        self.cloud.client("dynamodb").put_item(TableName=TABLE, Item=item_of(token, grant, now))
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        name = next(one.name for one in self.cloud.functions if one.logical_id == "APIHandler")
        with self.cloud.functions.within(name), Client(app, stage_name="local") as client:
            sent = b"" if body is None else json.dumps(body).encode()
            answer = client.http.request(method, path, headers=headers, body=sent)
            return answer.status_code, answer.json_body

    def function_arn(self, logical_id: str) -> str:
        name = next(one.name for one in self.cloud.functions if one.logical_id == logical_id)
        return f"arn:aws:lambda:us-east-1:123456789012:function:{name}"

    def _definition(self) -> dict[str, Any]:
        payload = {
            "taskToken.$": "$$.Task.Token",
            "executionArn.$": "$$.Execution.Id",
            "kind": "contract",
            "subject": "75 vehicles for Acme",
            "facts": {"vehicles": 75},
            "requester": "sales@example.com",
            "amountCents": 100,
            "currency": "COP",
            "timeoutSeconds": DAY,
        }
        return {
            "StartAt": "Ask",
            "States": {
                "Ask": {
                    "Type": "Task",
                    "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
                    "Parameters": {"FunctionName": self.function_arn("RequestApproval"), "Payload": payload},
                    "TimeoutSeconds": DAY,
                    "Retry": [{"ErrorEquals": ["ApprovalTokenLostError"], "IntervalSeconds": RETRY_SECONDS}],
                    "Catch": [{"ErrorEquals": ["States.Timeout"], "Next": "TimedOut"}],
                    "End": True,
                },
                "TimedOut": {"Type": "Fail", "Error": "ApprovalTimedOut"},
            },
        }


@pytest.fixture(scope="module")
def building(boot_folder: Callable[[], Path]) -> Iterator[Office]:
    core_slack._client.cache_clear()  # the address of another test's Slack
    timeline = VirtualTimeline(START)
    workspace, faults = Workspace(timeline.now), Faults()
    template = load_template(HOME, "local", boot_folder())
    slack = serve_slack(workspace, 0)
    cloud = LocalCloud(
        template,
        HOME,
        timeline=timeline,
        stack="signalbox-local",
        faults=lambda inner: FaultyIntegrations(inner, faults),
        parameters={"VehiclePlatformUrl": NOBODY},
        environment={"SLACK_API_URL": f"{slack.url}/api/"},
        secrets={
            "slack": {"bot_token": BOT_TOKEN, "signing_secret": SIGNING_SECRET},
            "stripe": {"api_key": "none", "webhook_secret": "none"},
        },
        recordings=folder_of_recordings(),
    )
    try:
        with cloud:
            yield Office(cloud, workspace, timeline, faults)
    finally:
        slack.stop()
        core_slack._client.cache_clear()


@pytest.fixture
def office(building: Office) -> Office:
    building.begin()
    return building


def test_nobody_decides(office: Office) -> None:
    execution = office.ask()
    office.after(DAY + HOUR)
    assert (execution.status, execution.error) == ("FAILED", "ApprovalTimedOut")
    question, *thread = office.said
    assert "nobody decided" in question["text"]
    assert buttons(question) == []
    assert {message["thread_ts"] for message in thread} == {question["ts"]}
    assert [(office.hours(message), message["text"].split(":")[0].split(".")[0]) for message in thread] == [
        (12.0, "Reminder"),
        (21.6, "Last reminder"),
        (22.8, "Nobody has decided yet"),
        (24.0, f"Expired at {office.time(DAY, '%Y-%m-%d %H')}"),
    ]
    assert "<@U0MANAGER>" in thread[2]["text"], "the director, as Slack calls her"


def test_approved_after_the_first_reminder(office: Office) -> None:
    execution = office.ask()
    office.after(13 * HOUR)
    (question, _) = office.said
    approval_id = buttons(question)[0]["value"]
    status, answer = office.api("POST", f"/approvals/{approval_id}/decision", {"decision": "approved"}, BOSS)
    assert (status, answer["state"], answer["delivery"]) == (200, "decided", "delivered")
    office.after(1)
    assert execution.status == "SUCCEEDED"
    assert execution.output == {
        "approvalId": approval_id,
        "decision": "approved",
        "choice": None,
        "decidedBy": BOSS,
        "reason": "",
        "decidedAt": office.time(13 * HOUR + 1, "%Y-%m-%dT%H:%M:%SZ"),
    }
    said = len(office.said)
    office.after(DAY)
    assert len(office.said) == said, "the late reminders say nothing"
    assert "Approved by manager@example.com" in question["text"]
    assert buttons(question) == []


def test_a_lost_token_asks_again_and_people_are_not_asked_twice(office: Office) -> None:
    office.faults.on(state="Ask", attempt=0).raises("ApprovalTokenLostError", after_work=True)
    execution = office.ask()
    office.after(RETRY_SECONDS)
    (question,) = office.said
    approval_id = buttons(question)[0]["value"]
    status, answer = office.api("POST", f"/approvals/{approval_id}/decision", REJECT, BOSS)
    assert (status, answer["delivery"]) == (200, "delivered")
    office.after(1)
    assert (execution.status, execution.output["reason"]) == ("SUCCEEDED", "too dear")
    _, shown = office.api("GET", f"/approvals/{approval_id}", None, BOSS)
    assert [entry["what"] for entry in shown["trail"]] == ["requested", "reissued", "decided", "delivered"]


def test_decided_between_two_attempts_it_is_asked_anew(office: Office) -> None:
    office.faults.on(state="Ask", attempt=0).raises("ApprovalTokenLostError", after_work=True)
    execution = office.ask()
    path = f"/approvals/{buttons(office.said[0])[0]['value']}/decision"
    status, answer = office.api("POST", path, REJECT, BOSS)
    assert (status, answer["detail"].split(":")[0]) == (409, "expired")
    office.after(RETRY_SECONDS)
    first, *_, second = office.said
    assert buttons(first) == []
    path = f"/approvals/{buttons(second)[0]['value']}/decision"
    assert office.api("POST", path, REJECT, BOSS)[0] == 200
    office.after(1)
    assert execution.status == "SUCCEEDED"


def test_stopped_and_redriven_it_keeps_its_question(office: Office) -> None:
    execution = office.ask()
    office.stop(execution)
    office.redrive(execution)
    (question,) = office.said
    approval_id = buttons(question)[0]["value"]
    status, answer = office.api("POST", f"/approvals/{approval_id}/decision", REJECT, BOSS)
    assert (status, answer["delivery"]) == (200, "delivered")
    office.after(1)
    assert (execution.status, execution.output["approvalId"]) == ("SUCCEEDED", approval_id)
    _, shown = office.api("GET", f"/approvals/{approval_id}", None, BOSS)
    assert [entry["what"] for entry in shown["trail"]] == ["requested", "reissued", "decided", "delivered"]


def test_decided_while_stopped_it_is_asked_anew_by_the_redrive(office: Office) -> None:
    execution = office.ask()
    office.stop(execution)
    (first,) = office.said
    path = f"/approvals/{buttons(first)[0]['value']}/decision"
    assert office.api("POST", path, {"decision": "approved"}, BOSS)[0] == 409
    assert buttons(first) == []
    office.redrive(execution)
    second = office.said[-1]
    approval_id = buttons(second)[0]["value"]
    assert office.api("POST", f"/approvals/{approval_id}/decision", REJECT, BOSS)[0] == 200
    office.after(1)
    assert (execution.status, execution.output["decision"]) == ("SUCCEEDED", "rejected")


def test_once_timed_out_a_redrive_does_not_ask_again(office: Office) -> None:
    execution = office.ask()
    office.after(DAY + HOUR)
    assert execution.error == "ApprovalTimedOut"
    said = len(office.said)
    office.redrive(execution)
    assert (execution.status, execution.error) == ("FAILED", "ApprovalTimedOut"), "the end is what is run again"
    assert len(office.said) == said


def test_who_may_not(office: Office) -> None:
    office.ask()
    approval_id = buttons(office.said[0])[0]["value"]
    path = f"/approvals/{approval_id}/decision"
    assert office.api("POST", path, REJECT, "sales@example.com")[0] == 403
    assert office.api("POST", path, REJECT, "mallory@example.com")[0] == 403
    assert office.api("POST", f"/approvals/{'0' * 32}/decision", REJECT, BOSS)[0] == 404
    office.after(DAY)
    status, answer = office.api("POST", path, REJECT, BOSS)
    assert (status, answer["detail"]) == (409, f"expired at {office.time(DAY)}: nobody can decide it any more")


def buttons(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for block in message["blocks"] for one in block.get("elements", []) if one["type"] == "button"]
