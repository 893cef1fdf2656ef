"""What the room needs of the world."""

from __future__ import annotations

from datetime import datetime

from chalicelib.core.slack import Person
from chalicelib.slack.domain.orders import Order


class Orders:
    """Orders by their key: each is taken once and worked on by one at a time. A port."""

    def take(self, order: Order, now: datetime) -> bool:
        """Write the order down; False when it is there already."""
        raise NotImplementedError

    def waits(self, key: str, now: datetime) -> bool:
        """Return whether a taken order has waited so long that handing it on must have failed."""
        raise NotImplementedError

    def claim(self, key: str, now: datetime) -> datetime | None:
        """Begin to work on it and return when it was taken; None when it is done, or somebody is at it."""
        raise NotImplementedError

    def finish(self, key: str) -> None:
        """It is done."""
        raise NotImplementedError

    def release(self, key: str) -> None:
        """It failed and may be tried again."""
        raise NotImplementedError


class People:
    """Slack users and their roles here. A port."""

    def find(self, user_id: str, user_name: str) -> Person:
        """Return the person; one nobody has let in has no role."""
        raise NotImplementedError


class Bot:
    """Where the work is done. A port."""

    def hand_on(self, order: Order) -> None:
        """Have the order worked on, and do not wait for it."""
        raise NotImplementedError
