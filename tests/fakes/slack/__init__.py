"""The Slack room's ports, in memory."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.core.slack import Person
from chalicelib.slack.domain.orders import Order
from chalicelib.slack.ports import Bot, Orders, People


class FakeOrders(Orders):
    """Orders by key, with the states the table has."""

    def __init__(self) -> None:
        self.states: dict[str, str] = {}
        self._since: dict[str, datetime] = {}
        self._taken_at: dict[str, datetime] = {}

    def take(self, order: Order, now: datetime) -> bool:
        if order.key in self.states:
            return False
        self.states[order.key], self._since[order.key] = "taken", now
        self._taken_at[order.key] = now
        return True

    def waits(self, key: str, now: datetime) -> bool:
        return self.states[key] == "taken" and self._since[key] < now - timedelta(seconds=3)

    def claim(self, key: str, now: datetime) -> datetime | None:
        gone = self._since.get(key, now) < now - timedelta(seconds=90)
        if self.states.get(key) != "taken" and not (self.states.get(key) == "working" and gone):
            return None
        self.states[key], self._since[key] = "working", now
        return self._taken_at.get(key, now)

    def finish(self, key: str) -> None:
        self.states[key] = "done"

    def release(self, key: str) -> None:
        self.states[key] = "taken"


class FakePeople(People):
    """Everybody in ``known`` has these roles."""

    def __init__(self, known: dict[str, str]) -> None:
        self._known = known

    def find(self, user_id: str, user_name: str) -> Person:
        return Person(user_id, user_name, frozenset(self._known.get(user_id, "").split()))


class FakeBot(Bot):
    """Keeps what is handed on; ``broken`` loses it, as a crash would."""

    def __init__(self) -> None:
        self.orders: list[Order] = []
        self.broken = False

    def hand_on(self, order: Order) -> None:
        if self.broken:
            raise ConnectionError
        self.orders.append(order)
