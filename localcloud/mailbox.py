"""What topics (SNS) were given to deliver: the mails and texts that leave the application on AWS."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from localcloud.clock_text import iso_seconds

MOST_MAILS = 500
"""What is older is forgotten."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One message a topic was given."""

    number: int
    """From 1, in the order of their coming."""
    at: float
    """Epoch seconds."""
    topic: str
    """The topic's name; a telephone number for a text message."""
    subject: str
    body: str
    """As it was published: prose, or JSON for programs."""
    attributes: dict[str, str]

    def as_json(self) -> dict[str, Any]:
        """Return it with its time as text."""
        return {
            "number": self.number,
            "at": iso_seconds(self.at),
            "topic": self.topic,
            "subject": self.subject,
            "body": self.body,
            "attributes": self.attributes,
        }


class Mailbox:
    """Keeps the latest."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._numbers = itertools.count(1)
        self._mails: deque[Mail] = deque(maxlen=MOST_MAILS)

    @property
    def mails(self) -> list[Mail]:
        """The latest `MOST_MAILS`, oldest first."""
        return list(self._mails)

    def put(self, place: str, subject: str | None, body: str, attributes: dict[str, Any] | None) -> None:
        """Keep a message; ``place`` is the topic's ARN or a telephone number, attributes are as moto has them."""
        texts = {name: str(one.get("Value", "")) for name, one in (attributes or {}).items()}
        topic = place.rpartition(":")[2]
        self._mails.append(Mail(next(self._numbers), self._now(), topic, subject or "", body, texts))
