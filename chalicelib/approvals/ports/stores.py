"""What is remembered."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.approvals.domain.approval import Approval, ApprovalState, Fact
from chalicelib.approvals.domain.delegations import Delegation
from chalicelib.approvals.domain.policy import Policy


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what, when, from where. Never changed, never removed."""

    approval_id: str
    at: datetime
    who: str
    what: str
    """"requested", "decided", "refused", "delivered", ..."""
    source: str
    """From where: "api 203.0.113.7", "slack C0123", "machine", "clock"."""
    details: dict[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which approvals a list shows."""

    state: ApprovalState
    kind: str | None = None
    deciders: Collection[str] | None = None
    """Those that one of these may decide."""


class ApprovalStore:
    """Approvals and their audit trail (DynamoDB)."""

    def create(self, approval: Approval, entry: AuditEntry) -> None:
        """Keep a new approval and its first entry, both or none.

        Raises:
            ApprovalChangedError: the id is taken.
        """
        raise NotImplementedError

    def get(self, approval_id: str) -> Approval:
        """Return an approval as it is now.

        Raises:
            ApprovalNotFoundError: there is none.
        """
        raise NotImplementedError

    def move(self, before: Approval, after: Approval, *entries: AuditEntry) -> Approval:
        """Write ``after`` and the entries, all or none, if it still is ``before``; return it as written.

        Raises:
            ApprovalChangedError: it is not.
        """
        raise NotImplementedError

    def page(self, wanted: Wanted, limit: int, after: str | None) -> tuple[list[Approval], str | None]:
        """Return up to ``limit`` approvals, and where the next page begins.

        Of those that wait, what expires first comes first; of the others, what would have expired last.

        Raises:
            InvalidInputError: ``after`` is no place that a page ended with.
        """
        raise NotImplementedError

    def note(self, approval: Approval, entry: AuditEntry) -> None:
        """Keep an entry that goes with no change, such as a refusal; it stands behind those of earlier changes."""
        raise NotImplementedError

    def trail(self, approval_id: str) -> list[AuditEntry]:
        """Return an approval's entries, oldest first."""
        raise NotImplementedError


class DelegationStore:
    """Who stands in for whom (DynamoDB)."""

    def put(self, delegation: Delegation) -> None:
        """Keep a delegation."""
        raise NotImplementedError

    def all(self, now: datetime) -> list[Delegation]:
        """Return those that hold now or will hold later."""
        raise NotImplementedError

    def remove(self, delegation_id: str) -> None:
        """Remove one; one that is not there is fine."""
        raise NotImplementedError


class PolicySource:
    """Who approves what (SSM Parameter Store)."""

    def read(self) -> Policy:
        """Return the policy.

        Raises:
            ConfigurationError: it is missing or wrong; the message has every problem.
        """
        raise NotImplementedError
