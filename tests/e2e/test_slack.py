"""Conversations in Slack, from the typed word to the answer, through the real doors."""

from __future__ import annotations

import http.client
import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from localcloud.project import LocalProject
from localcloud.standins.slack import PERSON
from localcloud.standins.slack_people import Answer
from tests.e2e.conversation import Conversation

DRAFT = {
    "name": "Spring reminder",
    "callerId": "+12125550100",
    "zone": "America/New_York",
    "windows": [{"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "start": "09:00", "end": "20:00"}],
}


@pytest.fixture(scope="module")
def talk(project: LocalProject) -> Conversation:
    return Conversation(project)


def commands() -> list[str]:
    from chalicelib.slack.service import rooms

    return sorted(rooms.commands())


@pytest.mark.parametrize("command", commands())
def test_every_command_explains_itself(talk: Conversation, command: str) -> None:
    said = talk.say(f"{command} help")
    assert said.startswith(f"*{command}*")
    assert said.count("\n") >= 2
    assert talk.say(command) == said


def test_a_campaign_is_steered_from_slack(talk: Conversation) -> None:
    campaign = talk.api("POST", "/campaigns", DRAFT)["id"]
    assert f"*Spring reminder* draft, `{campaign[:8]}`" in talk.say("/campaign list")
    assert "is draft" in talk.say("/campaign status spring reminder")
    assert "0 of 0 contacts" in talk.say(f"/campaign status {campaign[:8]}")
    said = talk.say(f"/campaign cancel {campaign[:8]}")
    assert f"cancel, by <@{PERSON}>" in said
    assert talk.api("GET", f"/campaigns/{campaign}")["status"] == "cancelled"
    assert "cancelled" in talk.say(f"/campaign pause {campaign[:8]}")
    assert talk.say("/campaign status nothing").startswith("There is no campaign 'nothing'")


def test_a_workflow_is_run_looked_at_and_stopped(talk: Conversation) -> None:
    assert "`campaign-execution`" in talk.say("/workflow list")
    said = talk.say('/workflow run campaign-execution {"campaignId": "nobody", "executionSource": "manual"}')
    run = said.split("`")[1]
    assert run.startswith("campaign-execution:")
    talk.wait(lambda: "FAILED" in talk.say(f"/workflow status {run}"))
    assert run in talk.say("/workflow list campaign-execution")
    assert "only a running one can be stopped" in talk.say(f"/workflow stop {run} wrong list")
    assert "say why" in talk.say(f"/workflow redrive {run}")
    assert "redriven by" in talk.say(f"/workflow redrive {run} the list is there now")


def test_a_drill_is_run_and_taken_charge_of(talk: Conversation) -> None:
    (incident,) = re.findall(r"INC-VEH-SLACK-\d+", talk.say("/incident drill VEH-SLACK"))
    talk.wait(lambda: incident in talk.say(f"/incident show {incident}"))
    listed = talk.say("/incident list")
    assert incident not in listed or f"DRILL: {incident}" in listed
    talk.wait(lambda: incident not in talk.say("/incident list"))
    assert f"{incident} is acknowledged by you" in talk.say(f"/incident ack {incident}")


def test_each_desk_answers_when_there_is_nothing_yet(talk: Conversation) -> None:
    assert "no report" in talk.say("/sales 2026-03-01")
    assert "4711" in talk.say("/sme 4711")
    assert "nothing-like-this" in talk.say("/opportunity status nothing-like-this")


def test_a_slip_of_the_finger_is_understood(talk: Conversation) -> None:
    assert talk.say("/campaign stauts 7").startswith("There is no `stauts`. Did you mean `status`?")
    assert "is no JSON" in talk.say("/workflow run campaign-execution {oops")
    assert "There is no `/campain` here" in talk.say("/campain list")


def test_a_stranger_sees_nothing_and_a_role_opens_what_it_names(talk: Conversation) -> None:
    campaign = talk.api("POST", "/campaigns", DRAFT | {"name": "Autumn reminder"})["id"]
    before = talk.rows("audit")
    said = talk.say("/campaign list", "U0GUEST")
    assert said == "You are not known here. An admin can let you in; your Slack id is U0GUEST."
    assert "Autumn" in talk.say("/campaign list", "U0MANAGER")
    assert talk.rows("audit") == before, "looking is not written down"
    talk.say(f"/campaign cancel {campaign[:8]}", "U0MANAGER")
    (entry,) = [row for row in talk.rows("audit") if row not in before]
    assert (entry["who"]["S"], entry["what"]["S"]) == ("slack:U0MANAGER", f"/campaign cancel {campaign[:8]}")


def test_slack_sending_it_four_times_is_one_order(talk: Conversation) -> None:
    body = (
        "command=%2Fworkflow&text=run+campaign-execution+%7B%22campaignId%22%3A%22x%22%2C%22executionSource%22%3A"
        f"%22manual%22%7D&user_id={PERSON}&channel_id=C0GENERAL&trigger_id=once"
        f"&response_url={talk.project.slack_url}/response/C0GENERAL"
    )
    seen = len(talk.slack.responses)
    person = talk.person()
    answers = [person.send("/slack/commands", body)]
    for number in (1, 2, 3):
        answers.append(person.send("/slack/commands", body, headers={"X-Slack-Retry-Num": str(number)}))
    assert [(a.status, a.body) for a in answers] == [(200, "")] * 4
    talk.settled()
    talk.wait(lambda: len(talk.slack.responses) > seen)
    assert len(talk.slack.responses) == seen + 1


FORGERIES: dict[str, Callable[[Conversation], Answer]] = {
    "another app's secret": lambda t: t.person(secret="another").command("/campaign list"),
    "an old time stamp": lambda t: t.person().send(
        "/slack/commands", "command=%2Fx&user_id=U0PERSON", headers={"X-Slack-Request-Timestamp": "1700000000"}
    ),
    "a time stamp that is none": lambda t: t.person().send(
        "/slack/commands", "command=%2Fx&user_id=U0PERSON", headers={"X-Slack-Request-Timestamp": "soon"}
    ),
    "a changed body": lambda t: t.person().send(
        "/slack/commands", "command=%2Fx&user_id=U0PERSON", headers={"X-Slack-Signature": "v0=" + "0" * 64}
    ),
    "no signature": lambda t: t.person().send(
        "/slack/commands", "command=%2Fx&user_id=U0PERSON", headers={"X-Slack-Signature": ""}
    ),
    "a signature that is no ASCII": lambda t: t.person().send(
        "/slack/interactions", "payload=%7B%7D", headers={"X-Slack-Signature": "v0=\xe9"}
    ),
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_a_forgery_changes_nothing(talk: Conversation, forge: Callable[[Conversation], Answer]) -> None:
    talk.settled()
    before = talk.rows("slack"), talk.rows("audit"), len(talk.slack.responses)
    answer = forge(talk)
    assert answer.status == 401
    assert (talk.rows("slack"), talk.rows("audit"), len(talk.slack.responses)) == before


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/slack/commands", "text=list"),
        ("/slack/commands", ""),
        ("/slack/interactions", "payload=no+json"),
        ("/slack/interactions", "payload=%5B%5D"),
        ("/slack/interactions", "payload=%7B%22type%22%3A%22block_actions%22%7D"),
    ],
)
def test_what_is_signed_and_unreadable_is_said(talk: Conversation, path: str, body: str) -> None:
    assert talk.person().send(path, body).status == 400


def test_what_nobody_answers_is_taken(talk: Conversation) -> None:
    answer = talk.person().send("/slack/interactions", "payload=%7B%22type%22%3A%22view_closed%22%7D")
    assert (answer.status, answer.body) == (200, "")


def test_a_body_in_chunks_is_read_to_its_end(talk: Conversation) -> None:
    address = urlsplit(talk.project.api_url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {talk.project.token}"}
    connection.request("POST", "/campaigns", iter([b'{"na', b'me": 1}']), headers, encode_chunked=True)
    answer = connection.getresponse()
    assert (answer.status, b"callerId" in answer.read()) == (422, True)
    connection.request("GET", "/health")
    assert connection.getresponse().status == 200
    connection.close()
