"""Work is done once; what goes wrong is told or tried again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chalicelib.core.clock import FixedClock
from chalicelib.core.errors import ConflictError, ForbiddenError, NotFoundError, TransientError
from chalicelib.core.slack import Command, CommandCall, Reply
from chalicelib.slack.domain.orders import Order
from chalicelib.slack.service import answering, rooms, working
from tests.fakes.slack import FakeOrders, FakePeople

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


def order(name: str, text: str, response_url: str = "") -> Order:
    return Order("key", "command", name, text, "U1", "ada", channel="C1", response_url=response_url)


class Busy(FakePeople):
    """Nobody can be found for now."""

    def find(self, user_id: str, user_name: str) -> None:  # type: ignore[override]
        raise TransientError("busy")


def test_an_order_nobody_took_is_not_worked_on() -> None:
    ports = working.Ports(FakeOrders(), FakePeople({}), FixedClock(NOW))
    assert working.work(order("/campaign", "list"), ports) is False


def test_a_busy_service_leaves_the_order_to_be_tried_again() -> None:
    orders = FakeOrders()
    ports = working.Ports(orders, Busy({}), FixedClock(NOW))
    wanted = order("/campaign", "list")
    orders.take(wanted, NOW)
    with pytest.raises(TransientError):
        working.work(wanted, ports)
    assert orders.states == {"key": "taken"}


@pytest.mark.parametrize("refusal", [ForbiddenError, ConflictError, NotFoundError])
def test_who_may_not_is_told_why(refusal: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(call: CommandCall) -> Reply:
        raise refusal("only Ada may")

    command = Command(name="/pay", usage=("now - pay",), role="viewer", handle=refuses)
    monkeypatch.setattr(rooms, "commands", lambda: {"/pay": command})
    told: list[Reply] = []
    monkeypatch.setattr(answering, "answer", lambda order, reply: told.append(reply))
    orders = FakeOrders()
    ports = working.Ports(orders, FakePeople({"U1": "viewer"}), FixedClock(NOW))
    wanted = order("/pay", "now")
    orders.take(wanted, NOW)
    assert working.work(wanted, ports) is True
    assert [reply.message.text for reply in told if reply.message] == ["only Ada may"]


def test_what_cannot_be_told_is_done_all_the_same() -> None:
    orders = FakeOrders()
    ports = working.Ports(orders, FakePeople({"U1": "viewer"}), FixedClock(NOW))
    wanted = order("/campaign", "help", response_url="http://127.0.0.1:9/response")
    orders.take(wanted, NOW)
    assert working.work(wanted, ports) is True
    assert orders.states == {"key": "done"}
    assert working.work(wanted, ports) is False
