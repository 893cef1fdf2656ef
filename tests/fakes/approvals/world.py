"""The room's ports in memory, and a room made of them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.approvals.domain.approval import Approval, ApprovalState, Moment
from chalicelib.approvals.domain.delegations import Delegation
from chalicelib.approvals.domain.policy import Band, KindPolicy, Policy
from chalicelib.approvals.errors import (
    ApprovalChangedError,
    ApprovalNotFoundError,
    ApprovalTokenLostError,
    TaskClosedError,
    TokenUnknownError,
)
from chalicelib.approvals.ports.room import Room
from chalicelib.approvals.ports.stores import (
    ApprovalStore,
    AuditEntry,
    DelegationStore,
    PolicySource,
    Wanted,
)
from chalicelib.approvals.ports.world import Chat, Clockwork, Machines, Notices, TokenSafe
from chalicelib.core.clock import FixedClock
from chalicelib.core.errors import TransientError
from chalicelib.core.slack import Message, Posted, SlackRejectedError

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
ANA, BEN, EVA = "ana@example.com", "ben@example.com", "eva@example.com"
"""Ana is asked first, Ben next; Eva asks for things."""
EXECUTION = "arn:aws:states:us-east-1:123456789012:execution:business-workflow:one"
POLICY = Policy(
    kinds={
        "contract": KindPolicy(
            (Band(((ANA,), (BEN,)), up_to_cents=1_000_00, currency="COP"), Band(((BEN,), ("carl@example.com",))))
        )
    },
    channel="approvals",
    people={"U0ANA": ANA, "U0EVA": EVA},
    admins=("admin@example.com",),
)


class FakeApprovalStore(ApprovalStore):
    """A dictionary under a lock, as strict about versions as the real one."""

    def __init__(self) -> None:
        self.items: dict[str, Approval] = {}
        self.entries: list[AuditEntry] = []
        self.before_move: Callable[[Approval, Approval], None] = lambda before, after: None
        """Called before each write: tests let others come between, or the process die, here."""
        self._lock = threading.Lock()

    def create(self, approval: Approval, entry: AuditEntry) -> None:
        with self._lock:
            if approval.id in self.items:
                raise ApprovalChangedError(approval.id)
            self.items[approval.id] = approval
            self.entries.append(entry)

    def get(self, approval_id: str) -> Approval:
        try:
            return self.items[approval_id]
        except KeyError:
            raise ApprovalNotFoundError(f"there is no approval {approval_id}") from None

    def move(self, before: Approval, after: Approval, *entries: AuditEntry) -> Approval:
        self.before_move(before, after)
        with self._lock:
            if self.items[before.id].version != before.version:
                raise ApprovalChangedError(before.id)
            written = self.items[before.id] = replace(after, version=before.version + 1)
            self.entries += entries
            return written

    def page(self, wanted: Wanted, limit: int, after: str | None) -> tuple[list[Approval], str | None]:
        found = sorted(
            (
                one
                for one in self.items.values()
                if one.state is wanted.state
                and wanted.kind in (None, one.kind)
                and (wanted.deciders is None or set(wanted.deciders) & set(one.deciders))
            ),
            key=lambda one: (one.expires_at, one.id),
            reverse=wanted.state is not ApprovalState.PENDING,
        )
        return found[:limit], None

    def note(self, approval: Approval, entry: AuditEntry) -> None:
        self.entries.append(entry)

    def trail(self, approval_id: str) -> list[AuditEntry]:
        return [entry for entry in self.entries if entry.approval_id == approval_id]


class FakeDelegationStore(DelegationStore):
    def __init__(self) -> None:
        self.items: dict[str, Delegation] = {}

    def put(self, delegation: Delegation) -> None:
        self.items[delegation.id] = delegation

    def all(self, now: datetime) -> list[Delegation]:
        return [one for one in self.items.values() if one.until > now]

    def remove(self, delegation_id: str) -> None:
        self.items.pop(delegation_id, None)


class FakePolicySource(PolicySource):
    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    def read(self) -> Policy:
        return self.policy


class FakeTokenSafe(TokenSafe):
    """Turns tokens round."""

    def __init__(self) -> None:
        self.failing: Exception | None = None

    def seal(self, approval_id: str, token: str) -> str:
        if self.failing:
            raise ApprovalTokenLostError("sealed wrongly")
        return f"{approval_id}:{token[::-1]}"

    def open(self, approval_id: str, sealed: str) -> str:
        if self.failing:
            raise self.failing
        owner, _, token = sealed.partition(":")
        if owner != approval_id:
            raise ApprovalTokenLostError("another approval's token")
        return token[::-1]


class FakeMachines(Machines):
    """Tasks that wait by token: opened by the test, closed by the first answer."""

    def __init__(self) -> None:
        self.waiting: set[str] = set()
        self.closed: set[str] = set()
        self.answers: list[tuple[str, dict[str, Any]]] = []
        self.failing = 0
        """So many calls fail before anything is done."""
        self.dying = 0
        """So many calls answer the machine and then raise, as if the answer's answer were lost."""

    def answer(self, token: str, result: dict[str, Any]) -> None:
        if self.failing:
            self.failing -= 1
            raise TransientError("Step Functions is busy")
        if token in self.closed:
            raise TaskClosedError("closed")
        if token not in self.waiting:
            raise TokenUnknownError("unknown")
        self.waiting.remove(token)
        self.closed.add(token)
        self.answers.append((token, result))
        if self.dying:
            self.dying -= 1
            raise TransientError("the connection broke")

    def time_out(self, token: str) -> None:
        self.waiting.discard(token)
        self.closed.add(token)


class FakeClockwork(Clockwork):
    def __init__(self) -> None:
        self.schedule: dict[tuple[str, Moment], datetime] = {}
        self.checks: list[str] = []

    def put(self, approval_id: str, moment: Moment, at: datetime) -> None:
        self.schedule[approval_id, moment] = at

    def check_soon(self, approval_id: str) -> None:
        self.checks.append(approval_id)


class FakeChat(Chat):
    """A channel; ``messages`` as they read now."""

    def __init__(self) -> None:
        self.messages: list[tuple[Posted, Message, str | None]] = []
        self.failing: Exception | None = None
        self._posted = 0

    def remove_all(self) -> None:
        """Let somebody remove every message."""
        self.messages.clear()

    def post(self, channel: str, message: Message, *, thread: str | None = None) -> Posted:
        if self.failing:
            raise self.failing
        self._posted += 1
        posted = Posted(channel, f"{self._posted}.0")
        self.messages.append((posted, message, thread))
        return posted

    def update(self, posted: Posted, message: Message) -> None:
        if self.failing:
            raise self.failing
        place = next((i for i, (where, _, _) in enumerate(self.messages) if where == posted), None)
        if place is None:
            raise SlackRejectedError("message_not_found")
        self.messages[place] = (posted, message, self.messages[place][2])

    def texts(self) -> list[str]:
        return [message.text for _, message, _ in self.messages]

    def buttons(self) -> list[str]:
        """Return the action ids of every button that can be pressed."""
        elements = [
            element
            for _, message, _ in self.messages
            for block in message.blocks
            for element in [*block.get("elements", []), block.get("accessory", {})]
        ]
        return [element["action_id"] for element in elements if element.get("type") == "button"]


class FakeNotices(Notices):
    def __init__(self) -> None:
        self.published: list[tuple[str, dict[str, Any]]] = []
        self.failing: Exception | None = None

    def publish(self, event: str, body: dict[str, Any]) -> None:
        if self.failing:
            raise self.failing
        self.published.append((event, body))

    def events(self) -> list[str]:
        return [event for event, _ in self.published]


@dataclass
class FakeRoom:
    """Every fake, and the room made of them."""

    approvals: FakeApprovalStore = field(default_factory=FakeApprovalStore)
    delegations: FakeDelegationStore = field(default_factory=FakeDelegationStore)
    policy: FakePolicySource = field(default_factory=lambda: FakePolicySource(POLICY))
    safe: FakeTokenSafe = field(default_factory=FakeTokenSafe)
    machines: FakeMachines = field(default_factory=FakeMachines)
    clockwork: FakeClockwork = field(default_factory=FakeClockwork)
    chat: FakeChat = field(default_factory=FakeChat)
    notices: FakeNotices = field(default_factory=FakeNotices)
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOON))

    def room(self) -> Room:
        return Room(**{name: getattr(self, name) for name in Room.__dataclass_fields__})

    def wait(self, token: str = "token-1", **changed: Any) -> dict[str, Any]:
        """Let a machine wait by ``token`` and return what its state passes on."""
        self.machines.waiting.add(token)
        return {
            "taskToken": token,
            "executionArn": EXECUTION,
            "kind": "contract",
            "subject": "75 vehicles for Acme",
            "facts": {"vehicles": 75},
            "requester": EVA,
            "amountCents": 100_00,
            "currency": "COP",
            "timeoutSeconds": 86_400,
        } | changed

    def after(self, share: float) -> None:
        """Move the clock to ``share`` of a day after the request."""
        self.clock.at = NOON + DAY * share
