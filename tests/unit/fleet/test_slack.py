"""``/incident`` and ``/contract`` as somebody types them: each form, wrong ones, unknown ids, roles."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from moto import mock_aws

from chalicelib.core import aws, clock
from chalicelib.fleet.adapters.dynamo_contracts import DynamoContractStore
from chalicelib.fleet.adapters.dynamo_incidents import DynamoIncidentStore
from chalicelib.fleet.domain.contracts.contract import Contract, ContractStatus, PaymentState
from chalicelib.fleet.ports.incidents import Acknowledgement, Notice
from chalicelib.slack.domain.orders import Order
from chalicelib.slack.service import working
from localcloud.web_server import QuietHandler, Serving, serve
from tests.fakes.slack import FakeOrders, FakePeople
from tests.fakes.tables import make_tables
from tests.unit.fleet.adapters.test_dynamo_contracts import CONTRACT

NOON = datetime(2026, 6, 2, 12, 0, tzinfo=UTC)
AT = "2026-06-02T11:58:00.000+00:00"
INCIDENT = "INC-VEH-1-1780401480000"
MACHINES = "arn:aws:states:us-east-1:123456789012:stateMachine:"
TOPICS = "arn:aws:sns:us-east-1:123456789012:"
PEOPLE = {"U0VIEWER": "viewer", "U0OPERATOR": "viewer operator"}
NUMBERS = itertools.count(1)


class Heard(QuietHandler):
    """Slack's response URL."""

    messages: list[dict[str, Any]]

    def respond(self) -> None:
        self.messages.append(json.loads(self.read_body()))
        self.answer(200, b"ok")


@pytest.fixture
def slack_url() -> Iterator[Serving]:
    Heard.messages = []
    serving = serve(Heard, 0, what="Slack")
    yield serving
    serving.stop()


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The desk's tables and machines, empty."""
    settings = {
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AUDIT_TABLE": "audit",
        "INCIDENTS_TABLE": "incidents",
        "CONTRACTS_TABLE": "contracts",
        "EMERGENCY_MACHINE_ARN": f"{MACHINES}emergency-workflow",
        "CONTRACT_MACHINE_ARN": f"{MACHINES}business-workflow",
        "AUTHORITIES_TOPIC_ARN": f"{TOPICS}authorities",
        "OWNER_TOPIC_ARN": f"{TOPICS}owner",
        "FLEET_OPERATIONS_TOPIC_ARN": f"{TOPICS}operations",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with ExitStack() as stack:
        aws.client.cache_clear()
        stack.callback(aws.client.cache_clear)
        stack.callback(clock.use, clock.use(clock.FixedClock(NOON)))
        stack.enter_context(mock_aws())
        make_tables("fleet", {"IncidentsTable": "incidents", "ContractsTable": "contracts"})
        make_tables("shared", {"AuditTable": "audit"})
        definition = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 9, "End": True}}}
        for name in ("emergency-workflow", "business-workflow"):
            aws.client("stepfunctions").create_state_machine(
                name=name, definition=json.dumps(definition), roleArn="arn:aws:iam::123456789012:role/r"
            )
        yield


@pytest.fixture
def typed(desk: None, slack_url: Serving) -> Any:
    """Return what types a command: its answer's text, and whether all may see it."""

    def type_(text: str, *, who: str = "U0VIEWER") -> tuple[str, bool]:
        command, _, rest = text.partition(" ")
        order = Order(
            f"key-{next(NUMBERS)}", "command", command, rest, who, "ana", "C1", slack_url.url, trigger_id="t-1"
        )
        orders = FakeOrders()
        orders.take(order, NOON)
        assert working.work(order, working.Ports(orders, FakePeople(PEOPLE), clock.current()))
        (message,) = Heard.messages
        Heard.messages.clear()
        return str(message["text"]), message["response_type"] == "in_channel"

    return type_


def reported(event: dict[str, Any], incident_id: str = INCIDENT) -> None:
    """Write what the machine writes first."""
    item = {"incident_id": incident_id, "part": "incident", "kind": "incident", "status": "notified"}
    item |= {"recorded_at": AT, "execution_arn": "arn", "event": json.dumps(event)}
    aws.client("dynamodb").put_item(TableName="incidents", Item={key: {"S": value} for key, value in item.items()})


def signed(**changes: Any) -> Contract:
    contract = replace(CONTRACT, created_at=NOON, updated_at=NOON, **changes)
    assert DynamoContractStore("contracts").create(contract)
    return contract


def test_incidents_are_listed(typed: Any) -> None:
    assert typed("/incident list") == ("There is no incident.", False)
    reported({"type": "hijack", "vehicleId": "VEH-1"})
    reported({"type": "panic_button", "vehicleId": "VEH-2", "drill": True}, "INC-VEH-2-1780401480001")
    said, seen_by_all = typed("/incident list")
    assert sorted(said.splitlines()) == [
        "DRILL: INC-VEH-2-1780401480001: panic button, notified, since 2026-06-02 11:58:00 UTC",
        f"{INCIDENT}: hijack, notified, since 2026-06-02 11:58:00 UTC",
    ]
    assert not seen_by_all


def test_an_incident_is_shown_with_whom_it_reached(typed: Any) -> None:
    reported({"type": "hijack", "vehicleId": "VEH-1"})
    store = DynamoIncidentStore("incidents")
    for notice in ("authorities", "owner", "escalation-0"):
        channel, who = ("slack", "duty operator") if notice == "escalation-0" else (notice, notice)
        store.claim(INCIDENT, Notice(notice, channel, who, AT))
    store.sent(INCIDENT, "authorities", "m-1", NOON - timedelta(seconds=100))
    store.sent(INCIDENT, "owner", "m-2", NOON - timedelta(seconds=99))
    store.delivered(INCIDENT, "owner", "handset", NOON - timedelta(seconds=90))
    said, _ = typed(f"/incident show {INCIDENT}")
    assert said.splitlines() == [
        f"{INCIDENT}: hijack, notified, nobody has acknowledged it",
        "authorities (topic): sent 2026-06-02 11:58:20 UTC",
        "duty operator (slack): begun 2026-06-02 11:58:00 UTC; whether it was sent is not known",
        "owner (topic): sent 2026-06-02 11:58:21 UTC, arrived 2026-06-02 11:58:30 UTC",
    ]
    store.acknowledge(INCIDENT, Acknowledgement("bo", AT, "api"))
    said, _ = typed(f"/incident show {INCIDENT}")
    assert said.splitlines()[0] == f"{INCIDENT}: hijack, acknowledged by bo at 2026-06-02 11:58:00 UTC"


def test_an_incident_without_its_record_is_shown_too(typed: Any) -> None:
    DynamoIncidentStore("incidents").claim(INCIDENT, Notice("owner", "owner", "owner", AT))
    said, _ = typed(f"/incident show {INCIDENT}")
    assert said.splitlines()[0] == f"{INCIDENT}: type not known, received, nobody has acknowledged it"


def test_taking_charge_is_told_to_the_channel_and_the_first_one_counts(typed: Any) -> None:
    reported({"type": "hijack", "vehicleId": "VEH-1"})
    said, seen_by_all = typed(f"/incident ack {INCIDENT}", who="U0OPERATOR")
    assert (said, seen_by_all) == (f"{INCIDENT} is acknowledged by ana. Nobody else is told any more.", True)
    said, seen_by_all = typed(f"/incident ack {INCIDENT}", who="U0OPERATOR")
    assert said == f"{INCIDENT} was acknowledged before, by ana at 2026-06-02 12:00:00 UTC."
    assert not seen_by_all


def test_a_drill_is_started_as_one(typed: Any) -> None:
    said, _ = typed("/incident drill VEH-7", who="U0OPERATOR")
    name = f"INC-VEH-7-{round(NOON.timestamp() * 1000)}"
    assert said == f"The drill {name} has begun: its messages begin with DRILL, the authorities get none."
    execution = aws.client("stepfunctions").describe_execution(
        executionArn=f"{MACHINES.replace('stateMachine', 'execution')}emergency-workflow:{name}"
    )
    assert json.loads(execution["input"])["drill"] is True


def test_a_drill_whose_order_is_worked_on_again_is_one_drill(desk: None, slack_url: Serving) -> None:
    orders = FakeOrders()
    order = Order("k", "command", "/incident", "drill VEH-7", "U0OPERATOR", "ana", "C1", slack_url.url)
    orders.take(order, NOON)
    for minutes in (0, 2):  # the first time died before it was done; Lambda invokes again
        clock.use(clock.FixedClock(NOON + timedelta(minutes=minutes)))
        orders.states["k"] = "taken"
        assert working.work(order, working.Ports(orders, FakePeople(PEOPLE), clock.current()))
    runs = aws.client("stepfunctions").list_executions(stateMachineArn=f"{MACHINES}emergency-workflow")
    assert len(runs["executions"]) == 1
    assert len({str(one["text"]) for one in Heard.messages}) == 1


def test_a_drill_of_a_vehicle_that_cannot_be_says_so(typed: Any) -> None:
    said, _ = typed('/incident drill "VEH 7/ü"', who="U0OPERATOR")
    assert said.startswith("No drill has begun: the vehicle 'VEH 7/ü' is not of 1 to 40 letters")
    assert (
        aws.client("stepfunctions").list_executions(stateMachineArn=f"{MACHINES}emergency-workflow")["executions"]
        == []
    )


@pytest.mark.parametrize("text", ["show INC-VEH-9-1", "ack INC-VEH-9-1", 'show ""', f"ack {'x' * 3_000}"])
def test_an_incident_nobody_knows(typed: Any, text: str) -> None:
    said, seen_by_all = typed(f"/incident {text}", who="U0OPERATOR")
    assert said.startswith("there is no incident")
    assert not seen_by_all


@pytest.mark.parametrize("text", ["/incident ack", "/incident drill VEH-1"])
def test_who_only_looks_takes_no_charge(typed: Any, text: str) -> None:
    said, _ = typed(f"{text} {INCIDENT}")
    assert said == "This asks for the role operator; you have `viewer`."


@pytest.mark.parametrize("text", ["/incident list", "/contract list", "/contract status CONT-2026-001"])
def test_strangers_may_look_at_nothing(typed: Any, text: str) -> None:
    assert "You are not known here" in typed(text, who="U0NOBODY")[0]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("/incident shwo INC-1", "Did you mean `show`?"),
        ("/incident show", "/incident show ID"),
        ("/incident show INC-1 INC-2", "/incident show ID"),
        ("/incident list all", "/incident list"),
        ("/incident ack", "/incident ack ID"),
        ("/incident drill", "/incident drill VEHICLE"),
        ("/incident", "/incident drill VEHICLE"),
        ("/contract statsu CONT-1", "Did you mean `status`?"),
        ("/contract status", "/contract status ID"),
        ("/contract status CONT-1 CONT-2", "/contract status ID"),
        ("/contract list 5", "/contract list"),
        ("/contract help", "/contract status ID"),
    ],
)
def test_a_wrong_form_says_the_right_one(typed: Any, text: str, wanted: str) -> None:
    said, seen_by_all = typed(text, who="U0OPERATOR")
    assert wanted in said
    assert not seen_by_all


def test_contracts_are_listed(typed: Any) -> None:
    assert typed("/contract list")[0] == "There is no contract yet."
    signed(status=ContractStatus.ACTIVE, number_of_vehicles=1, plates=(), activated=(1,))
    assert typed("/contract list")[0] == "CONT-2026-001 is active: CUST-1, 1 vehicle, 5.00 COP"


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"payment_state": PaymentState.OPEN}, "waits for its payment"),
        ({"status": ContractStatus.PAID, "activated": (1,)}, "1 of 2 vehicles are on"),
        ({"status": ContractStatus.ACTIVE, "activated": (1, 2)}, "2 of 2 vehicles are on"),
        ({"status": ContractStatus.CLOSING, "reason": "no plate"}, "is being undone"),
        ({"status": ContractStatus.VOID, "payment_state": PaymentState.REFUNDED, "reason": "<b>"}, "&lt;b&gt;"),
        ({"payment_state": PaymentState.PROCESSING}, "the bank has not answered yet"),
        ({"payment_state": PaymentState.TAKEN}, "payment: taken"),
        ({"payment_state": PaymentState.REFUNDED}, "given back"),
        ({"approval_type": "manager", "approved_by": "bo@example.com"}, "approved by bo@example.com"),
        ({}, "approved by rule"),
    ],
)
def test_a_contract_is_shown(typed: Any, changes: dict[str, Any], wanted: str) -> None:
    signed(**changes)
    by_its_id, by_its_request = typed("/contract status CONT-2026-001"), typed("/contract status exec-1")
    assert wanted in by_its_id[0]
    assert by_its_id == by_its_request


def test_a_request_without_a_contract_says_how_it_stands(typed: Any) -> None:
    aws.client("stepfunctions").start_execution(
        stateMachineArn=f"{MACHINES}business-workflow", name="exec-9", input="{}"
    )
    assert typed("/contract status exec-9")[0] == "Request exec-9 has no contract yet; its execution is running."


@pytest.mark.parametrize("contract_id", ["CONT-2026-999", "nothing", '""', "CONT-<!channel>", "x" * 3_000])
def test_a_contract_nobody_knows(typed: Any, contract_id: str) -> None:
    said, _ = typed(f"/contract status {contract_id}")
    assert "no contract" in said or "no id of a contract" in said
    assert "<!channel>" not in said
