"""Orders are read, taken once, and worked on once."""

from __future__ import annotations

import contextlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws

from chalicelib.core import aws, secrets
from chalicelib.core import slack as core_slack
from chalicelib.core.clock import FixedClock
from chalicelib.slack.adapters.dynamo_orders import DynamoOrders
from chalicelib.slack.adapters.dynamo_people import DynamoPeople, item_of
from chalicelib.slack.domain.commands import help_text, meant, words_of
from chalicelib.slack.domain.orders import Order, UnreadableOrderError, key_of, read_command, read_interaction
from chalicelib.slack.domain.roles import ROLES, may
from chalicelib.slack.errors import UnverifiedRequestError
from chalicelib.slack.ports import Orders
from chalicelib.slack.service import receiving
from localcloud.standins.slack import BOT_TOKEN, Workspace
from localcloud.standins.slack_api import serve_slack
from tests.fakes.slack import FakeBot, FakeOrders, FakePeople

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
SECRET = "shhh"
COMMAND = b"command=%2Fcampaign&text=status+7&user_id=U1&user_name=ada&channel_id=C1&trigger_id=t1"
PRESSED: dict[str, Any] = {
    "type": "block_actions",
    "user": {"id": "U1", "username": "ada"},
    "channel": {"id": "C1"},
    "message": {"ts": "1.5"},
    "actions": [{"action_id": "approvals:approve", "value": "a-1"}],
    "response_url": "http://r",
    "trigger_id": "t2",
}


def form(payload: Any) -> bytes:
    return urlencode({"payload": json.dumps(payload)}).encode()


def signed(body: bytes, at: datetime = NOW, secret: str = SECRET) -> dict[str, str]:
    stamp = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, "sha256").hexdigest()
    return {"x-slack-request-timestamp": stamp, "x-slack-signature": f"v0={digest}"}


@pytest.fixture
def ports() -> receiving.Ports:
    return receiving.Ports(FakeOrders(), FakePeople({"U1": "approver"}), FakeBot(), SECRET, FixedClock(NOW))


def bot_of(ports: receiving.Ports) -> FakeBot:
    assert isinstance(ports.bot, FakeBot)
    return ports.bot


def test_a_command_is_read() -> None:
    order = read_command(COMMAND)
    assert (order.kind, order.name, order.text, order.user_id, order.channel) == (
        "command",
        "/campaign",
        "status 7",
        "U1",
        "C1",
    )


@pytest.mark.parametrize(
    ("element", "text"),
    [
        ({"value": "a-1"}, "a-1"),
        ({"selected_option": {"value": "cre001"}}, "cre001"),
        ({"selected_options": [{"value": "a"}, {"value": "b"}]}, "a b"),
        ({"selected_user": "U7"}, "U7"),
        ({"selected_option": None}, ""),
        ({}, ""),
    ],
)
def test_whatever_is_pressed_or_chosen_is_read(element: dict[str, Any], text: str) -> None:
    order = read_interaction(form(PRESSED | {"actions": [{"action_id": "x:y", **element}]}))
    assert order is not None
    assert (order.kind, order.name, order.text, order.message_ts) == ("action", "x:y", text, "1.5")


def test_a_modal_is_read_with_what_was_put_in() -> None:
    values = {"why": {"text": {"value": "too late"}}, "who": {"u": {"selected_user": "U7"}}}
    view = {"callback_id": "approvals:reject", "private_metadata": "a-1", "state": {"values": values}}
    order = read_interaction(form({"type": "view_submission", "user": {"id": "U1", "name": "ada"}, "view": view}))
    assert order is not None
    assert (order.kind, order.name, order.text) == ("submission", "approvals:reject", "a-1")
    assert order.inputs == {"why": "too late", "who": "U7"}


@given(st.binary(max_size=300) | st.text(max_size=100).map(lambda text: b"payload=" + text.encode()))
def test_no_body_breaks_the_readers(body: bytes) -> None:
    for read in (read_command, read_interaction):
        with contextlib.suppress(UnreadableOrderError):
            read(body)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "user", "id", "actions", "action_id", "view", "state", "values"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)


@given(json_values, st.sampled_from(["block_actions", "view_submission", "shortcut"]))
def test_no_payload_breaks_the_reader(payload: Any, kind: str) -> None:
    if isinstance(payload, dict):
        payload["type"] = kind
    with contextlib.suppress(UnreadableOrderError):
        read_interaction(form(payload))


def test_an_order_is_handed_on_once_however_often_it_comes(ports: receiving.Ports) -> None:
    for _ in range(4):
        receiving.receive(COMMAND, signed(COMMAND), read_command, ports)
    assert [order.name for order in bot_of(ports).orders] == ["/campaign"]


def test_an_order_lost_between_writing_and_handing_on_is_handed_on_by_the_next_copy(
    ports: receiving.Ports,
) -> None:
    bot = bot_of(ports)
    bot.broken = True
    with pytest.raises(ConnectionError):
        receiving.receive(COMMAND, signed(COMMAND), read_command, ports)
    bot.broken = False
    receiving.receive(COMMAND, signed(COMMAND), read_command, ports)
    assert bot.orders == [], "it may be on its way still"
    later = NOW + timedelta(seconds=5)
    again = receiving.Ports(ports.orders, ports.people, bot, SECRET, FixedClock(later))
    receiving.receive(COMMAND, signed(COMMAND, later), read_command, again)
    assert len(bot.orders) == 1


REJECT = PRESSED | {"actions": [{"action_id": "approvals:reject", "value": "a-1"}]}


@pytest.fixture
def workspace(monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """Slack, which `slack.open_modal` reaches."""
    space = Workspace(NOW.timestamp)
    serving = serve_slack(space)
    monkeypatch.setenv("STAGE", "dev")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("SLACK_API_URL", f"{serving.url}/api/")
    with mock_aws():
        aws.client.cache_clear()
        secrets._read.cache_clear()
        core_slack._client.cache_clear()
        known = json.dumps({"bot_token": BOT_TOKEN})
        aws.client("secretsmanager").create_secret(Name="signalbox/dev/slack", SecretString=known)
        yield space
    for cache in (aws.client, secrets._read, core_slack._client):
        cache.cache_clear()
    serving.stop()


class TestModals:
    def press(self, ports: receiving.Ports, payload: dict[str, Any]) -> None:
        body = form(payload)
        receiving.receive(body, signed(body), read_interaction, ports)

    def test_the_door_opens_it_once(self, ports: receiving.Ports, workspace: Workspace) -> None:
        for _ in range(3):
            self.press(ports, REJECT)
        (view,) = workspace.views
        assert (view["callback_id"], view["private_metadata"]) == ("approvals:reject", "a-1")
        assert bot_of(ports).orders == []
        assert isinstance(ports.orders, FakeOrders)
        assert list(ports.orders.states.values()) == ["done"]

    def test_other_buttons_and_submissions_are_handed_on(
        self, ports: receiving.Ports, workspace: Workspace
    ) -> None:
        self.press(ports, PRESSED)
        self.press(ports, PRESSED | {"actions": [{"action_id": "nobody:knows", "value": "a-1"}]})
        view = {"callback_id": "approvals:reject", "private_metadata": "a-1", "state": {}}
        self.press(ports, {"type": "view_submission", "user": {"id": "U1"}, "view": view})
        assert [order.name for order in bot_of(ports).orders] == [
            "approvals:approve", "nobody:knows", "approvals:reject",
        ]  # fmt: skip
        assert workspace.views == []

    def test_who_may_not_gets_no_modal_and_is_told_so_later(
        self, ports: receiving.Ports, workspace: Workspace
    ) -> None:
        self.press(ports, REJECT | {"user": {"id": "U0GUEST", "username": "guest"}})
        assert (workspace.views, len(bot_of(ports).orders)) == ([], 1)

    def test_one_that_does_not_open_is_left_to_the_bot(self, ports: receiving.Ports, workspace: Workspace) -> None:
        self.press(ports, {**REJECT, "trigger_id": ""})
        assert (workspace.views, len(bot_of(ports).orders)) == ([], 1)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        signed(COMMAND, secret="other"),
        signed(b"another body"),
        signed(COMMAND, NOW - timedelta(seconds=301)),
        signed(COMMAND, NOW + timedelta(seconds=301)),
        signed(COMMAND) | {"x-slack-request-timestamp": "soon"},
        signed(COMMAND) | {"x-slack-signature": "v0=é"},
    ],
)
def test_a_forgery_is_not_even_read(ports: receiving.Ports, headers: dict[str, str]) -> None:
    with pytest.raises(UnverifiedRequestError):
        receiving.receive(COMMAND, headers, read_command, ports)
    assert ports.orders.states == {}  # type: ignore[attr-defined]


@pytest.fixture
def table() -> Iterator[str]:
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
        environment.delenv("AWS_ENDPOINT_URL", raising=False)
        aws.client.cache_clear()
        aws.client("dynamodb").create_table(
            TableName="slack",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        )
        yield "slack"
    aws.client.cache_clear()


@pytest.mark.parametrize("kind", [FakeOrders, lambda: DynamoOrders("slack")], ids=["fake", "dynamo"])
def test_an_order_goes_from_taken_over_working_to_done(table: str, kind: Any) -> None:
    orders: Orders = kind()
    order = read_command(COMMAND)
    assert not orders.claim(order.key, NOW), "nobody took it"
    assert (orders.take(order, NOW), orders.take(order, NOW)) == (True, False)
    assert (orders.waits(order.key, NOW), orders.waits(order.key, NOW + timedelta(seconds=4))) == (False, True)
    assert (orders.claim(order.key, NOW), orders.claim(order.key, NOW)) == (NOW, None)
    orders.release(order.key)
    later = NOW + timedelta(seconds=5)
    assert orders.claim(order.key, later) == NOW, "when it was taken, whenever it is worked on"
    crashed = later + timedelta(seconds=91)
    assert orders.claim(order.key, crashed) == NOW, "whoever claimed it is gone"
    orders.finish(order.key)
    assert not orders.claim(order.key, crashed + timedelta(days=1))
    assert not orders.waits(order.key, crashed)


def test_people_have_the_roles_they_were_given(table: str) -> None:
    from chalicelib.core.slack import Person

    people = DynamoPeople(table)
    assert people.find("U1", "ada") == Person("U1", "ada")
    ada = Person("U1", "Ada", frozenset({"operator", "approver"}))
    aws.client("dynamodb").put_item(TableName=table, Item=item_of(ada))
    assert people.find("U1", "ada") == ada


def test_roles_bring_what_they_say() -> None:
    assert [role for role in ROLES if may({"operator"}, role)] == ["viewer", "operator"]
    assert [role for role in ROLES if may({"approver"}, role)] == ["viewer", "approver"]
    assert all(may({"admin"}, role) for role in ROLES)
    assert not any(may(set(), role) for role in ROLES)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ()),
        ("  status   7 ", ("status", "7")),
        ('stop 7 "wrong list"', ("stop", "7", "wrong list")),
        ("stop 7 “wrong list”", ("stop", "7", "wrong list")),
        ("it's broken", ("it's", "broken")),
    ],
)
def test_words_are_split_as_people_write_them(text: str, words: tuple[str, ...]) -> None:
    assert words_of(text) == words


USAGE = ("list - the latest", "status ID - how far one is")


def test_a_mistyped_word_is_answered_with_what_was_meant() -> None:
    assert meant("status", USAGE) is None
    assert meant("stats", USAGE) == "There is no `stats`. Did you mean `status`?"
    assert meant("xyz", USAGE) == "There is no `xyz`; there are `list` and `status`."
    assert meant("4711", ("TICKET - who can solve it",)) is None


def test_help_has_a_line_a_form() -> None:
    assert help_text("/campaign", USAGE).splitlines() == [
        "*/campaign*",
        "• `/campaign list` the latest",
        "• `/campaign status ID` how far one is",
        "• `/campaign help` this",
    ]


@given(st.text(max_size=200))
def test_splitting_never_fails(text: str) -> None:
    assert all(isinstance(word, str) for word in words_of(text))


def test_a_key_is_the_same_for_the_same_body() -> None:
    assert key_of(COMMAND) == key_of(bytes(COMMAND)) != key_of(COMMAND + b"&x=1")
    assert isinstance(read_command(COMMAND), Order)
