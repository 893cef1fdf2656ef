"""Every change of an approval. The store writes it if nothing else changed since it was read.

PENDING --decided--> DECIDED --sending--> delivered | closed | lost, and again after `reissued`
   |                    '------closed---> EXPIRED, when the machine had given up before the decision reached it
   '-----passed(EXPIRY)-> EXPIRED
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime

from chalicelib.approvals.domain.approval import (
    Approval,
    ApprovalState,
    Decided,
    Delivery,
    Moment,
    SlackPlace,
    Told,
)
from chalicelib.approvals.domain.delegations import Delegation, away


def first_level(
    levels: tuple[tuple[str, ...], ...],
    delegations: Iterable[Delegation],
    at: datetime,
    askers: AbstractSet[str] = frozenset(),
) -> int:
    """Return the first level in which somebody is there; everybody away: the last, so that all are asked.

    ``askers`` stand in for nobody: they do not decide what they asked.
    """
    known = tuple(delegations)
    for number, level in enumerate(levels):
        if not all(away(who, known, at, askers) for who in level):
            return number
    return len(levels) - 1


def reissued(approval: Approval, sealed_token: str, mark: str, *, at: datetime, expires_at: datetime) -> Approval:
    """Give it the token of the machine's new attempt, whose time begins again; a decision is sent again."""
    lost = approval.delivery is Delivery.TOKEN_LOST
    return replace(
        approval,
        sealed_token=sealed_token,
        token_mark=mark,
        issued_at=at,
        expires_at=expires_at,
        delivery=Delivery.WAITING if approval.state is ApprovalState.DECIDED else None,
        # A lost token cannot have brought the decision to the machine, any other may have.
        sendings=0 if lost else approval.sendings,
    )


def decided(approval: Approval, decision: Decided) -> Approval:
    """Take the one decision."""
    return replace(approval, state=ApprovalState.DECIDED, decided=decision, delivery=Delivery.WAITING)


def sending(approval: Approval) -> Approval:
    """Note, before it is done, that the decision is sent."""
    return replace(approval, sendings=approval.sendings + 1)


def delivered(approval: Approval) -> Approval:
    """The machine took the decision."""
    return replace(approval, delivery=Delivery.DELIVERED)


def closed(approval: Approval) -> Approval:
    """The machine's task was closed already.

    The first sending finds it so when the machine had given up: the decision came too late and counts for nothing.
    A later one may find it closed by an earlier one, so nothing is concluded.
    """
    late = approval.sendings == 1
    return replace(approval, state=ApprovalState.EXPIRED if late else approval.state, delivery=Delivery.CLOSED)


def lost(approval: Approval) -> Approval:
    """The token cannot be read, or Step Functions does not know it."""
    return replace(approval, delivery=Delivery.TOKEN_LOST)


def passed(approval: Approval, moment: Moment, now: datetime) -> Approval:
    """Let ``moment`` take effect: an escalation asks the next level too, the expiry ends the approval."""
    after = replace(approval, moments={**approval.moments, moment.value: now})
    if moment is Moment.ESCALATION:
        return replace(after, level=min(approval.level + 1, len(approval.levels) - 1))
    if moment is Moment.EXPIRY:
        return replace(after, state=ApprovalState.EXPIRED)
    return after


def told(approval: Approval, what: str, outcome: Told, message: SlackPlace | None) -> Approval:
    """Note what came of telling people, and where the message stands."""
    return replace(approval, told={**approval.told, what: outcome}, message=message or approval.message)
