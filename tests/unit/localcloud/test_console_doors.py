"""What the console asks of a laptop: its mails, its faults, its Slack, its clock."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from localcloud.clock_control import ClockControl
from localcloud.doors.clock import ClockDoor
from localcloud.doors.faults import KINDS, FaultsDoor
from localcloud.doors.mails import MailsDoor
from localcloud.doors.runs import RunsDoor
from localcloud.doors.slack import SlackDoor
from localcloud.local_doors import LocalDoors
from localcloud.mailbox import MOST_MAILS, Mailbox
from localcloud.standins.slack import Workspace
from localcloud.stepfunctions import RealTimeline, VirtualTimeline
from localcloud.stepfunctions.engine import Engine
from localcloud.stepfunctions.faults import Faults, FaultyIntegrations
from localcloud.stepfunctions.task import Integrations, TaskCall
from tests.unit.localcloud.conftest import START, MakeCloud
from tests.unit.stepfunctions.calls import FUNCTION_ARN

ORDERS = {
    "StartAt": "Each",
    "States": {
        "Each": {
            "Type": "Map",
            "ItemProcessor": {
                "StartAt": "Pack",
                "States": {"Pack": {"Type": "Task", "Resource": FUNCTION_ARN + "pack", "End": True}},
            },
            "Next": "Charge",
        },
        "Charge": {"Type": "Task", "Resource": FUNCTION_ARN + "charge", "Next": "Say: thanks"},
        "Say: thanks": {"Type": "Pass", "Next": "Done"},
        "Done": {"Type": "Succeed"},
    },
}


class Work(Integrations):
    """Always done."""

    def call(self, call: TaskCall) -> Any:
        return "done"


class Lab:
    """An engine with the faults' door."""

    def __init__(self) -> None:
        faults = Faults()
        self.timeline = VirtualTimeline(START)
        self.engine = Engine(
            self.timeline, Work(), faults=lambda inner: FaultyIntegrations(inner, faults, lambda: self.engine)
        )
        self.machine = self.engine.create_state_machine(
            "orders", json.dumps(ORDERS), role_arn="arn:aws:iam::123456789012:role/any"
        )
        self.door = FaultsDoor(self.engine, faults)

    def run(self) -> str | None:
        execution = self.engine.start_execution(self.machine.arn, "[1]", None)
        self.timeline.run_until_idle()
        return execution.error


def test_a_fault_happens_to_the_next_attempt_and_then_no_more() -> None:
    lab = Lab()
    _, seen = lab.door.answer("GET", "", {}, None)
    assert seen["machines"] == [{"name": "orders", "states": ["Pack", "Charge"]}]
    status, seen = lab.door.answer("POST", "", {}, {"machine": "orders", "state": "Pack", "kind": "fails"})
    assert (status, len(seen["planned"]), seen["happened"]) == (200, 1, [])
    assert lab.run() == "Lambda.Unknown"
    _, seen = lab.door.answer("GET", "", {}, None)
    assert seen["planned"] == []
    assert seen["happened"][0]["executionArn"].partition(":execution:")[2].startswith("orders:")
    assert lab.run() is None


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_can_be_asked_for_and_taken_back(kind: str) -> None:
    lab = Lab()
    assert lab.door.answer("POST", "", {}, {"machine": "orders", "state": "Charge", "kind": kind})[0] == 200
    assert lab.door.answer("POST", "clear", {}, None)[1]["planned"] == []
    assert lab.run() is None


@pytest.mark.parametrize(
    "wish",
    [
        None,
        {},
        {"machine": "orders", "state": "Nowhere", "kind": "fails"},
        {"machine": "orders", "state": "Done", "kind": "fails"},
        {"machine": "orders", "state": "Charge", "kind": "explodes"},
        {"machine": "orders", "state": "Charge", "kind": "fails", "error": 5},
        {"machine": "orders", "state": "Charge", "kind": "slow", "seconds": -1},
    ],
)
def test_a_fault_that_cannot_be_is_refused_with_the_reason(wish: Any) -> None:
    status, told = Lab().door.answer("POST", "", {}, wish)
    assert status == 422
    assert told["detail"]


def test_a_run_begins_at_any_state_whatever_it_is_called() -> None:
    lab = Lab()
    door = RunsDoor(lab.engine)
    wish = {"workflow": "orders", "state": "Say: thanks", "input": {"a": 1}}
    status, told = door.answer("POST", "from", {}, wish)
    assert (status, told["id"].startswith("orders:from-Say-thanks-")) == (202, True)
    lab.timeline.run_until_idle()
    (run,) = lab.engine.list_executions()
    assert (run.status, run.output) == ("SUCCEEDED", {"a": 1})
    assert door.answer("POST", "from", {}, {**wish, "state": "Pack"})[0] == 404
    assert door.answer("POST", "from", {}, {**wish, "workflow": "none"})[0] == 422
    assert door.answer("POST", "from", {}, {"workflow": "orders"})[0] == 422


@pytest.mark.parametrize("body", [b"{", b"[" * 100_000, b"\xff"])
def test_a_body_that_cannot_be_read_is_refused(body: bytes) -> None:
    assert (
        LocalDoors({"runs": RunsDoor(Lab().engine)}).answer("POST", "/_localcloud/runs/from", {}, body)[0] == 400
    )


def test_what_topics_are_given_can_be_read(make_cloud: MakeCloud) -> None:
    cloud = make_cloud({"News": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "news"}}})
    topic = "arn:aws:sns:us-east-1:123456789012:news"
    attributes = {"kind": {"DataType": "String", "StringValue": "daily"}}
    cloud.client("sns").publish(TopicArn=topic, Subject="Today", Message="All well", MessageAttributes=attributes)
    cloud.client("sns").publish(PhoneNumber="+14155550100", Message="Call back")
    door = MailsDoor(cloud.triggers.mailbox)
    _, seen = door.answer("GET", "", {}, None)
    assert [(one["topic"], one["subject"], one["body"]) for one in seen["mails"]] == [
        ("+14155550100", "", "Call back"),
        ("news", "Today", "All well"),
    ]
    assert seen["mails"][1]["attributes"] == {"kind": "daily"}
    assert door.answer("POST", "", {}, {})[0] == 405


def test_the_latest_mails_are_kept() -> None:
    box = Mailbox(lambda: START)
    for number in range(MOST_MAILS + 2):
        box.put("arn:aws:sns:us-east-1:1:news", None, str(number), None)
    assert (len(box.mails), box.mails[0].number) == (MOST_MAILS, 3)


@pytest.fixture
def clock() -> Iterator[tuple[RealTimeline, ClockDoor]]:
    timeline = RealTimeline(start=START)
    timeline.start()
    yield timeline, ClockDoor(ClockControl(timeline))
    timeline.stop()


def test_the_clock_says_what_is_due_next_and_goes_there(clock: tuple[RealTimeline, ClockDoor]) -> None:
    timeline, door = clock
    assert door.answer("GET", "", {}, None)[1]["next"] is None
    timeline.call_at(START + 7200, lambda: None)
    assert door.answer("GET", "", {}, None)[1]["next"] == "2026-01-01T02:00:00Z"
    status, reading = door.answer("POST", "", {}, {"skip_to_next": True})
    assert (status, reading["now"][:17], reading["next"]) == (200, "2026-01-01T02:00:", None)
    assert door.answer("POST", "", {}, {"speed": 10})[1]["speed"] == 10
    assert door.answer("POST", "", {}, {"speed": 0})[0] == 400
    assert door.answer("POST", "", {}, None)[0] == 400


def test_slack_is_shown_and_a_modal_can_be_closed() -> None:
    workspace = Workspace(lambda: START)
    doors = LocalDoors({"slack": SlackDoor(workspace, "http://127.0.0.1:1")})
    workspace.post({"channel": "#ops", "text": "hello"})
    view = workspace.open_view({"trigger_id": "1", "view": {"type": "modal", "blocks": []}})
    _, seen = doors.answer("GET", "/_localcloud/slack", {}, b"")
    assert ([one["text"] for one in seen["messages"]], [one["id"] for one in seen["views"]]) == (
        ["hello"],
        [view["id"]],
    )
    assert "ops" in seen["channels"].values()
    closed = json.dumps({"view_id": view["id"]}).encode()
    assert doors.answer("POST", "/_localcloud/slack/close", {}, closed) == (200, {})
    assert doors.answer("POST", "/_localcloud/slack/close", {}, closed) == (422, {"detail": "view_not_found"})
    assert doors.answer("POST", "/_localcloud/slack/press", {}, b"{}")[0] == 422
    assert doors.answer("POST", "/_localcloud/slack/press", {}, b"[]")[0] == 422
