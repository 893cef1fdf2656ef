"""A contract that people decide in Slack: who may, who may not, and what becomes of the message."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.approvals.wording import APPROVE, REASON, REJECT
from chalicelib.core.slack import Person
from chalicelib.slack.adapters.dynamo_people import item_of
from localcloud.access import SLACK_TABLE
from localcloud.project import LocalProject
from localcloud.standins.slack_people import elements
from tests.e2e.conversation import Conversation

DIRECTOR, STRANGER, GUEST = "U0MANAGER", "U0STRANGER", "U0GUEST"
REQUEST = {
    "customer_id": "CUST-98765",
    "number_of_vehicles": 75,
    "contract_type": "standard",
    "estimated_value": 15_000_000,
    "requested_by": "sales@example.com",
}


@pytest.fixture(scope="module")
def talk(project: LocalProject) -> Conversation:
    known = Person(STRANGER, "stranger", frozenset({"approver"}))
    project.cloud.client("dynamodb").put_item(TableName=SLACK_TABLE, Item=item_of(known))
    return Conversation(project)


def asked(talk: Conversation) -> tuple[str, dict[str, Any]]:
    """Ask for a contract and return its request's id and the message with the buttons."""
    request_id = talk.api("POST", "/contracts", REQUEST)["request_id"]

    def question() -> dict[str, Any] | None:
        execution = f":business-workflow:{request_id}"
        pending = talk.api("GET", "/approvals?kind=contract")["approvals"]
        ids = [one["id"] for one in pending if one["executionArn"].endswith(execution)]
        found = [m for m in talk.slack.messages if ids and any(e["value"] == ids[0] for e in elements(m))]
        return found[0] if found else None

    talk.wait(lambda: question() is not None)
    message = question()
    assert message is not None
    return request_id, message


def test_who_sent_it_in_cannot_approve_it_nor_can_a_stranger(talk: Conversation) -> None:
    request_id, message = asked(talk)
    assert "has no contract yet; its execution is running" in talk.say(f"/contract status {request_id}")
    assert "sent in by manager@example.com" in str(message["blocks"])
    assert "asked for approval" in talk.answered(message, APPROVE)
    assert "is not among the approvers" in talk.answered(message, APPROVE, STRANGER)
    assert "You are not known here" in talk.answered(message, APPROVE, GUEST)
    assert [one["action_id"] for one in elements(message)] == [APPROVE, REJECT]

    assert "Approved by director@example.com" in talk.answered(message, APPROVE, DIRECTOR)
    assert list(elements(message)) == []
    assert "Approved by director@example.com" in message["text"]
    talk.wait(lambda: "is active" in talk.say(f"/contract status {request_id}"))
    said = talk.say(f"/contract status {request_id}")
    assert "approved by director@example.com" in said
    assert "75 of 75 vehicles are on; payment: taken" in said
    assert talk.say(f"/contract status {said.split()[0]}") == said


def test_rejecting_asks_why_before_the_door_has_answered(talk: Conversation) -> None:
    request_id, message = asked(talk)
    talk.press(message, REJECT, GUEST)
    assert talk.slack.views == []
    talk.press(message, REJECT, DIRECTOR)
    (view,) = talk.slack.views
    said = len(talk.slack.messages)
    answer = talk.person(DIRECTOR).submit(talk.slack.close_view(view["id"]), {REASON: "over our limit"})
    assert (answer.status, answer.body) == (200, "")
    talk.wait(lambda: len(talk.slack.messages) > said and not list(elements(message)))
    assert "Rejected by director@example.com" in message["text"]
    talk.wait(lambda: "its execution is failed" in talk.say(f"/contract status {request_id}"))
    run = talk.api("GET", f"/executions/business-workflow:{request_id}")
    assert (run["error"], run["cause"]) == ("ApprovalRejected", "director@example.com: over our limit")


def test_what_there_is_to_ask(talk: Conversation) -> None:
    assert "is active: CUST-98765, 75 vehicles, 15,000,000.00 COP" in talk.say("/contract list")
    assert "there is no contract CONT-2026-999" in talk.say("/contract status CONT-2026-999")
    assert "is no id of a contract" in talk.say("/contract status <!channel>")


def test_task_tokens_stay_inside(talk: Conversation) -> None:
    request_id, _ = asked(talk)
    events = talk.api("GET", f"/executions/business-workflow:{request_id}/history?limit=1000")["events"]
    (asked_for,) = [one for one in events if "taskToken" in str(one)]
    assert '"taskToken": "(masked)"' in asked_for["taskScheduledEventDetails"]["parameters"]
    assert "stopped by" in talk.say(f"/workflow stop business-workflow:{request_id} the wrong customer")
