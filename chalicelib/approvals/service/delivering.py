"""Answers the machine that waits.

The decision is kept before it is sent, and the sending is noted before it is done. So a process that dies between
the two leaves a decision that waits, and whoever looks next sends it: a repeated request, the clock a minute after
each decision, or the machine itself with a new token.
"""

from __future__ import annotations

from typing import Any

from chalicelib.approvals.domain import moves
from chalicelib.approvals.domain.approval import Approval, ApprovalState, Decided, Delivery
from chalicelib.approvals.errors import (
    ApprovalChangedError,
    ApprovalTokenLostError,
    TaskClosedError,
    TokenUnknownError,
)
from chalicelib.approvals.ports.room import Room
from chalicelib.approvals.ports.stores import AuditEntry
from chalicelib.core import payload
from chalicelib.core.errors import SignalboxError
from chalicelib.core.log import logger


def deliver(approval: Approval, room: Room) -> Approval:
    """Send a decision that waits and return the approval as it is then; anything else is returned as it came.

    Raises:
        TransientError: KMS or Step Functions cannot at the moment; the decision still waits.
    """
    if not waits(approval) or approval.decided is None:
        return approval
    try:
        token = room.safe.open(approval.id, approval.sealed_token)
        begun = room.approvals.move(approval, moves.sending(approval))
    except ApprovalTokenLostError as error:
        return _record(approval, moves.sent(approval, Delivery.TOKEN_LOST), str(error), room)
    except ApprovalChangedError:
        return room.approvals.get(approval.id)
    try:
        room.machines.answer(token, result(begun.id, approval.decided))
    except TokenUnknownError as error:
        return _record(begun, moves.sent(begun, Delivery.TOKEN_LOST), str(error), room)
    except TaskClosedError as error:
        # Only the first sending can tell: a later one may find the task closed by an earlier one.
        after = moves.too_late(begun) if begun.sendings == 1 else moves.sent(begun, Delivery.CLOSED)
        return _record(begun, after, str(error), room)
    return _record(begun, moves.sent(begun, Delivery.DELIVERED), "", room)


def waits(approval: Approval) -> bool:
    """Say whether there is a decision that the machine does not have yet."""
    return approval.state is ApprovalState.DECIDED and approval.delivery is Delivery.WAITING


def result(approval_id: str, decided: Decided) -> dict[str, Any]:
    """Return what the machine's state gets."""
    return {
        "approvalId": approval_id,
        "decision": decided.decision.value,
        "choice": decided.choice,
        "decidedBy": decided.by,
        "reason": decided.reason,
        "decidedAt": payload.to_json_types(decided.at),
    }


def _record(before: Approval, after: Approval, why: str, room: Room) -> Approval:
    """Keep what came of the sending; who changed the approval meanwhile keeps what it is now."""
    outcome = "too_late" if after.state is ApprovalState.EXPIRED else str(after.delivery)
    entry = AuditEntry(before.id, room.clock.now(), "system:approvals", outcome, "machine", {"why": why})
    try:
        written = room.approvals.move(before, after, entry)
    except ApprovalChangedError:
        written = room.approvals.get(before.id)
        room.approvals.note(written, entry)
    if after.delivery is Delivery.TOKEN_LOST:
        _alert(written, why, room)
    return written


def _alert(approval: Approval, why: str, room: Room) -> None:
    """Tell operations that a machine waits for a decision nobody can bring it; see docs/approvals.md."""
    logger().error("task token lost", approval_id=approval.id, why=why)
    body = {"approvalId": approval.id, "executionArn": approval.execution_arn, "why": why}
    try:
        room.notices.publish("ApprovalTokenLost", body)
    except SignalboxError:
        logger().exception("operations could not be told of a lost token", approval_id=approval.id)
