"""Every door on the adapters it really uses, AWS in process; the machine's end is a stub."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.stub import Stubber
from moto import mock_aws

from chalicelib.approvals import handlers, slack, wording
from chalicelib.core import aws, clock
from chalicelib.core.slack import ActionCall, Person, Posted, Reply
from tests.fakes.api import SignedIn, signed_in
from tests.fakes.approvals.aws import make_resources
from tests.fakes.approvals.world import DAY, NOON, FakeRoom

CONTEXT = SimpleNamespace(aws_request_id="r1")
BOSS, DIRECTOR = "manager@example.com", "director@example.com"
NOBODY = "0" * 32


@pytest.fixture
def now() -> Iterator[clock.FixedClock]:
    fixed = clock.FixedClock(NOON)
    before = clock.use(fixed)
    yield fixed
    clock.use(before)


@pytest.fixture
def machine(now: clock.FixedClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    """The room's AWS; what Step Functions answers is queued on the stub."""
    aws.client.cache_clear()
    with mock_aws():
        make_resources(monkeypatch)
        with Stubber(aws.client("stepfunctions")) as stub:
            yield stub
    aws.client.cache_clear()


@pytest.fixture
def api(machine: Stubber, now: clock.FixedClock) -> Iterator[SignedIn]:
    from app import app

    with signed_in(app) as client:
        now.at = clock.SystemClock().now()  # tokens end by the wall's clock
        yield client


def ask(**changed: Any) -> str:
    event = FakeRoom().wait(**changed)
    return str(handlers.request_approval(event, CONTEXT)["approvalId"])


def send(
    client: SignedIn, method: str, path: str, body: Any = None, *, by: str = BOSS, scopes: tuple[str, ...] = ()
) -> tuple[int, Any]:
    sent = b"" if body is None else json.dumps(body).encode()
    holder = client.holder_of(*scopes or ("read", "decide"), name=by)
    answer = holder.request(method, path, headers={"Content-Type": "application/json"}, body=sent)
    return answer.status_code, answer.json_body if answer.body else None


class TestHandlers:
    def test_moments_arrive_by_the_queue(self, machine: Stubber, now: clock.FixedClock) -> None:
        approval_id = ask()
        now.at = NOON + DAY
        records = [
            {"messageId": "good", "body": json.dumps({"approvalId": approval_id, "moment": "expiry"})},
            {"messageId": "bad", "body": "{"},
        ]
        answer = handlers.approval_clock({"Records": [one | {"receiptHandle": "r"} for one in records]}, CONTEXT)
        assert answer == {"batchItemFailures": [{"itemIdentifier": "bad"}]}
        item = aws.client("dynamodb").get_item(TableName="approvals", Key={"id": {"S": approval_id}})["Item"]
        assert item["state"]["S"] == "expired"

    def test_the_token_stands_nowhere_readable(self, machine: Stubber) -> None:
        token = "the-token-of-this-task" * 20
        ask(token=token)
        forms = (token, base64.b64encode(token.encode()).decode())
        for table in ("approvals", "approval-audit"):
            stored = str(aws.client("dynamodb").scan(TableName=table)["Items"])
            assert not any(form in stored for form in forms if table == "approval-audit")
            assert token not in stored


class TestApi:
    def test_decided_once(self, api: SignedIn, machine: Stubber) -> None:
        approval_id = ask(approvers=[BOSS, DIRECTOR])
        machine.add_response("send_task_success", {})
        path = f"/approvals/{approval_id}/decision"
        status, decided = send(api, "POST", path, {"decision": "rejected", "reason": "too dear"})
        assert (status, decided["state"], decided["delivery"]) == (200, "decided", "delivered")
        assert decided["decision"]["reason"] == "too dear"
        assert send(api, "POST", path, {"decision": "rejected", "reason": "too dear"}) == (200, decided)
        status, problem = send(api, "POST", path, {"decision": "approved"}, by=DIRECTOR)
        assert status == 409
        assert "already decided: rejected by manager@example.com at" in problem["detail"]
        status, shown = send(api, "GET", f"/approvals/{approval_id}", by=DIRECTOR)
        assert [entry["what"] for entry in shown["trail"]] == ["requested", "decided", "delivered", "refused"]
        assert shown["trail"][1]["from"].startswith("api ")
        assert "token" not in json.dumps(shown).lower()

    def test_each_refusal_is_its_own(self, api: SignedIn, now: clock.FixedClock) -> None:
        approval_id = ask()
        path = f"/approvals/{approval_id}/decision"
        approve = {"decision": "approved"}
        assert send(api, "POST", path, approve, by="eva@example.com")[0] == 403
        status, stranger = send(api, "POST", path, approve, by="mallory@example.com")
        assert (status, stranger["detail"]) == (
            403,
            f"mallory@example.com is not among the approvers of {approval_id}",
        )
        assert send(api, "POST", f"/approvals/{NOBODY}/decision", approve)[0] == 404
        assert send(api, "POST", "/approvals/..%2F/decision", approve)[0] == 404
        assert send(api, "POST", path, {"decision": "rejected"})[0] == 422
        assert send(api, "POST", path, {"decision": "maybe"})[0] == 422
        assert send(api, "POST", path, {"decision": "approved", "surprise": 1})[0] == 422
        assert send(api, "POST", path, approve, scopes=("read", "run"))[0] == 403
        now.at += DAY * 0.99
        assert send(api, "GET", f"/approvals/{approval_id}")[1]["state"] == "pending"

    def test_too_late(self, api: SignedIn, now: clock.FixedClock) -> None:
        approval_id = ask(timeoutSeconds=60)
        now.at += DAY / 24
        status, problem = send(api, "POST", f"/approvals/{approval_id}/decision", {"decision": "approved"})
        assert status == 409
        assert problem["detail"].startswith("expired at ")
        assert send(api, "GET", f"/approvals/{approval_id}")[1]["state"] == "expired"

    def test_looking_never_decides(self, api: SignedIn) -> None:
        approval_id = ask()
        assert send(api, "GET", f"/approvals/{approval_id}/decision")[0] == 405
        assert send(api, "GET", f"/approvals/{approval_id}?decision=approved")[0] == 422
        assert send(api, "GET", f"/approvals/{approval_id}")[1]["state"] == "pending"

    def test_lists_are_filtered_and_paged(self, api: SignedIn) -> None:
        for n in range(3):
            ask(state=f"Ask{n}", token=f"token-{n}", timeoutSeconds=1_000 + n)
        other = ask(kind="assignment", token="token-9")
        status, first = send(api, "GET", "/approvals?kind=contract&limit=2")
        assert status == 200
        assert len(first["approvals"]) == 2
        _, second = send(api, "GET", f"/approvals?kind=contract&limit=2&after={first['next']}")
        assert (len(second["approvals"]), second["next"]) == (1, None)
        mine = send(api, "GET", "/approvals?approver=you")[1]["approvals"]
        assert len(mine) == 4
        assert other in {one["id"] for one in mine}
        assert send(api, "GET", "/approvals?approver=nobody@example.com")[1]["approvals"] == []
        assert send(api, "GET", "/approvals?state=maybe")[0] == 422
        assert send(api, "GET", "/approvals?after=x")[0] == 422

    def test_who_stands_in(self, api: SignedIn, machine: Stubber, now: clock.FixedClock) -> None:
        away = {"from": now.at.isoformat(), "until": (now.at + DAY).isoformat(), "delegate": "Dan@Example.com"}
        status, made = send(api, "POST", "/approval-delegations", away)
        assert (status, made["approver"], made["delegate"]) == (201, BOSS, "dan@example.com")
        assert send(api, "GET", "/approval-delegations")[1] == {"delegations": [made]}
        approval_id = ask()
        mine = send(api, "GET", "/approvals?approver=dan@example.com")[1]["approvals"]
        assert [one["id"] for one in mine] == [approval_id]
        machine.add_response("send_task_success", {})
        path = f"/approvals/{approval_id}/decision"
        decided = send(api, "POST", path, {"decision": "approved"}, by="dan@example.com")[1]
        assert decided["decision"]["onBehalfOf"] == BOSS
        assert send(api, "DELETE", f"/approval-delegations/{made['id']}", by=DIRECTOR)[0] == 403
        assert send(api, "DELETE", f"/approval-delegations/{made['id']}", by="admin@example.com")[0] == 204
        assert send(api, "DELETE", f"/approval-delegations/{made['id']}")[0] == 404
        assert send(api, "DELETE", "/approval-delegations/x")[0] == 404

    def test_absences_that_cannot_be(self, api: SignedIn, now: clock.FixedClock) -> None:
        until = (now.at + DAY).isoformat()
        wrong: list[tuple[dict[str, str], set[str]]] = [
            ({"from": "2026-01-01T00:00:00", "until": until, "delegate": BOSS}, {"from", "delegate"}),
            ({"from": until, "until": until}, {"until"}),
            ({"from": "2020-01-01T00:00:00Z", "until": "2020-01-02T00:00:00Z"}, {"until"}),
            ({"until": until}, {"from"}),
        ]
        for body, paths in wrong:
            status, problem = send(api, "POST", "/approval-delegations", body)
            assert status == 422
            assert {one["path"] for one in problem["errors"]} == paths
        for_another = {"from": now.at.isoformat(), "until": until, "approver": DIRECTOR}
        assert send(api, "POST", "/approval-delegations", for_another)[0] == 403


class TestSlack:
    def press(self, action_id: str, value: str, *, who: str = "U0PERSON", **inputs: str) -> Reply:
        message = None if inputs else Posted("C1", "1.0")
        person = Person(who, "Somebody", frozenset({"approver"}))
        return slack.act(ActionCall(person, action_id, value, inputs, message, "trigger"))

    def text(self, reply: Reply) -> str:
        assert reply.message is not None
        return reply.message.text

    def test_approve_and_press_again(self, machine: Stubber) -> None:
        approval_id = ask()
        machine.add_response("send_task_success", {})
        first = self.press(wording.APPROVE, approval_id)
        assert self.text(first) == "Approved by manager@example.com at 2026-06-01 12:00 UTC"
        again = self.press(wording.APPROVE, approval_id)
        assert self.text(again) == "already decided: approved by manager@example.com at 2026-06-01 12:00 UTC"
        late = self.press(wording.REJECT, approval_id, reason="no")
        assert "already decided: approved by manager@example.com" in self.text(late)

    def test_reject_asks_why(self, machine: Stubber) -> None:
        approval_id = ask()
        modal = self.press(wording.REJECT, approval_id).modal
        assert modal is not None
        assert (modal["callback_id"], modal["private_metadata"]) == (wording.REJECT, approval_id)
        machine.add_response("send_task_success", {})
        reply = self.press(modal["callback_id"], modal["private_metadata"], reason="too dear")
        assert "Rejected by manager@example.com" in self.text(reply)
        assert "too dear" in self.text(reply)

    def test_choose(self, machine: Stubber) -> None:
        options = [{"value": "ada", "label": "Ada"}, {"value": "bo", "label": "Bo"}]
        approval_id = ask(options=options)
        assert "Not decided" in self.text(self.press(f"{wording.CHOOSE}:7", f"{approval_id} 7"))
        assert "Not decided" in self.text(self.press(wording.APPROVE, approval_id))
        machine.add_response("send_task_success", {})
        assert "Chosen: Bo" in self.text(self.press(f"{wording.CHOOSE}:1", f"{approval_id} 1"))

    @pytest.mark.parametrize("who", ["U0STRANGER", "U0EVA"])
    def test_not_everybody(self, machine: Stubber, who: str) -> None:
        approval_id = ask(requester="U0EVA")
        assert "Nothing was changed" in self.text(self.press(wording.APPROVE, approval_id, who=who))

    def test_an_approval_that_is_gone(self, machine: Stubber) -> None:
        assert "there is no approval" in self.text(self.press(wording.APPROVE, NOBODY))

    def test_the_room_answers_its_buttons(self) -> None:
        (action,) = slack.ACTIONS
        assert action.name == wording.APPROVE.partition(":")[0]
        assert action.handle is slack.act
