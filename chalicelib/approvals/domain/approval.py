"""What an approval is."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

Fact = str | int | float | bool | None


class ApprovalState(StrEnum):
    """Where an approval stands. It leaves PENDING once."""

    PENDING = "pending"
    DECIDED = "decided"
    EXPIRED = "expired"


class Choice(StrEnum):
    """What a decision is."""

    APPROVED = "approved"
    REJECTED = "rejected"
    CHOSEN = "chosen"


class Delivery(StrEnum):
    """How far the decision got on its way to the machine."""

    WAITING = "waiting"
    """Not sent, or sent by a process that died before it could say so."""
    DELIVERED = "delivered"
    CLOSED = "closed"
    """The task was closed when the decision was sent again: by the first sending, or with its execution."""
    TOKEN_LOST = "token_lost"  # noqa: S105 - a state's name
    """The token cannot be read or is unknown: the task must be entered again, which hands in a new one."""


class Moment(StrEnum):
    """What the clock calls for."""

    FIRST_REMINDER = "first_reminder"
    LAST_REMINDER = "last_reminder"
    ESCALATION = "escalation"
    EXPIRY = "expiry"
    CHECK = "check"
    """A minute after a decision: is it finished?"""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose."""

    value: str
    label: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """The one decision."""

    decision: Choice
    by: str
    at: datetime
    reason: str
    choice: str | None = None
    """The chosen option's value."""
    on_behalf_of: str | None = None
    """The approver who delegated to ``by``."""


@dataclass(frozen=True, slots=True)
class SlackPlace:
    """Where the message with the buttons stands."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class Told:
    """What came of telling people something."""

    at: datetime
    slack: str
    """"sent", "" for not due, or what went wrong."""
    topic: str
    """As ``slack``."""


@dataclass(frozen=True, slots=True)
class Approval:
    """One question to people, and what became of it."""

    id: str
    """Opaque; of execution, state and round, so that asking twice is one approval."""
    execution_arn: str
    kind: str
    subject: str
    """One line for people."""
    facts: dict[str, Fact]
    """Label -> text or number, in the order they are shown."""
    requester: str
    requested_at: datetime
    issued_at: datetime
    """When the machine last handed in a token: an older invocation that ends late changes nothing."""
    expires_at: datetime
    levels: tuple[tuple[str, ...], ...]
    """Who is asked first, who next."""
    level: int = 0
    """The last level asked; all up to it may decide."""
    entered_by: str | None = None
    """Who sent the request in for the requester, where that is known."""
    amount_cents: int | None = None
    """In the currency's minor unit."""
    currency: str | None = None
    options: tuple[Option, ...] = ()
    """Empty: it is approved or rejected."""
    channel: str = ""
    """Slack channel; empty: none."""
    state: ApprovalState = ApprovalState.PENDING
    decided: Decided | None = None
    delivery: Delivery | None = None
    sendings: int = 0
    """How often the decision was begun to be sent with this token."""
    moments: dict[str, datetime] = field(default_factory=dict)
    """`Moment` -> when it took effect."""
    told: dict[str, Told] = field(default_factory=dict)
    """"request" or `Moment` -> what came of telling it; see ``service.telling``."""
    message: SlackPlace | None = None
    sealed_token: str = field(default="", repr=False)
    """The task token, encrypted. Never shown, never logged."""
    token_mark: str = field(default="", repr=False)
    """Digest of the token: tells a repeated request from one with a new token."""
    version: int = 0
    """Counted up by every change; a write is conditional on it."""

    @property
    def askers(self) -> frozenset[str]:
        """Whose question it is: none of them decides it. Naming somebody else hides nobody."""
        return frozenset(who for who in (self.requester, self.entered_by) if who is not None)

    @property
    def deciders(self) -> tuple[str, ...]:
        """Everybody asked so far, each once, in the order they were asked."""
        return tuple(dict.fromkeys(who for level in self.levels[: self.level + 1] for who in level))


def approval_id(execution_arn: str, state: str, turn: int) -> str:
    """Return the id of the ``turn``-th approval that ``state`` of an execution asks for.

    >>> approval_id("arn:aws:states:us-east-1:1:execution:m:a", "Ask", 1)
    '7b3aeaf91d4e2ae4b3e0c1a4bd0dd7ae'
    """
    return hashlib.sha256(f"{execution_arn}\n{state}\n{turn}".encode()).hexdigest()[:32]


def token_mark(token: str) -> str:
    """Return what tells a token from another without being of use to anybody."""
    return hashlib.sha256(token.encode()).hexdigest()[:16]
