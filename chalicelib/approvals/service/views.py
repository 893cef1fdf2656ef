"""What callers see of approvals. Never the token."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chalicelib.approvals.domain.approval import Approval, ApprovalState
from chalicelib.approvals.domain.delegations import Delegation, principals_of
from chalicelib.approvals.ports.room import Room
from chalicelib.approvals.ports.stores import AuditEntry, Wanted
from chalicelib.core import payload


def approval_page(
    state: ApprovalState, kind: str | None, approver: str | None, *, limit: int, after: str | None, room: Room
) -> dict[str, Any]:
    """Return ``{"approvals": [...], "next": place or None}``, ordered as `ApprovalStore.page` says.

    With ``approver``: those this person may decide, for themselves or standing in.

    Raises:
        InvalidInputError: ``after`` is no place that a page ended with.
    """
    now = room.clock.now()
    deciders = None
    if approver is not None:
        person = room.policy.read().person(approver)
        deciders = (person, *principals_of(person, room.delegations.all(now), now))
    found, following = room.approvals.page(Wanted(state, kind, deciders), limit, after)
    return {"approvals": [approval_view(approval, now) for approval in found], "next": following}


def approval_now(approval_id: str, room: Room) -> dict[str, Any]:
    """Return the approval with its whole trail.

    Raises:
        ApprovalNotFoundError: there is none.
    """
    approval = room.approvals.get(approval_id)
    trail = [entry_view(entry) for entry in room.approvals.trail(approval_id)]
    return approval_view(approval, room.clock.now()) | {"trail": trail}


def approval_view(approval: Approval, now: datetime) -> dict[str, Any]:
    """Return what is shown of an approval; one whose time is over is expired, called by the clock or not."""
    over = approval.state is ApprovalState.PENDING and now >= approval.expires_at
    decided = approval.decided if approval.state is ApprovalState.DECIDED else None
    return {
        "id": approval.id,
        "state": str(ApprovalState.EXPIRED if over else approval.state),
        "kind": approval.kind,
        "subject": approval.subject,
        "facts": approval.facts,
        "amountCents": approval.amount_cents,
        "currency": approval.currency,
        "options": payload.to_json_types(approval.options),
        "requester": approval.requester,
        "enteredBy": approval.entered_by,
        "requestedAt": payload.to_json_types(approval.requested_at),
        "expiresAt": payload.to_json_types(approval.expires_at),
        "approvers": list(approval.deciders),
        "nextApprovers": [who for level in approval.levels[approval.level + 1 :] for who in level],
        "decision": {
            "decision": str(decided.decision),
            "choice": decided.choice,
            "decidedBy": decided.by,
            "onBehalfOf": decided.on_behalf_of,
            "reason": decided.reason,
            "decidedAt": payload.to_json_types(decided.at),
        }
        if decided
        else None,
        "delivery": str(approval.delivery) if approval.delivery else None,
        "executionArn": approval.execution_arn,
    }


def entry_view(entry: AuditEntry) -> dict[str, Any]:
    """Return one entry of the trail."""
    return {
        "at": payload.to_json_types(entry.at),
        "who": entry.who,
        "what": entry.what,
        "from": entry.source,
        "details": entry.details,
    }


def delegation_view(delegation: Delegation) -> dict[str, Any]:
    """Return what is shown of a delegation."""
    return {
        "id": delegation.id,
        "approver": delegation.approver,
        "delegate": delegation.delegate,
        "from": payload.to_json_types(delegation.since),
        "until": payload.to_json_types(delegation.until),
        "reason": delegation.reason,
    }
