"""Answers the machine that waits.

The decision is kept before it is sent, and the sending is noted before it is done. So a process that dies between
the two leaves a decision that waits, and whoever looks next sends it: a repeated request, the clock a minute after
each decision, or the machine itself with a new token.
"""

from __future__ import annotations

from collections.abc import Callable
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
    decided = approval.decided
    while waits(approval) and decided is not None:
        try:
            token = room.safe.open(approval.id, approval.sealed_token)
            begun = room.approvals.move(approval, moves.sending(approval))
        except ApprovalTokenLostError as error:
            return _record(approval, moves.lost, str(error), room)
        except ApprovalChangedError:
            latest = room.approvals.get(approval.id)
            if latest.sendings != approval.sendings:
                return latest  # somebody else sends it
            approval = latest
            continue
        try:
            room.machines.answer(token, result(begun.id, decided))
        except TokenUnknownError as error:
            return _record(begun, moves.lost, str(error), room)
        except TaskClosedError as error:
            return _record(begun, moves.closed, str(error), room)
        return _record(begun, moves.delivered, "", room)
    return approval


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


def _record(sent: Approval, change: Callable[[Approval], Approval], why: str, room: Room) -> Approval:
    """Keep what came of the sending, on the approval as it is by now: notes of what was told may come between."""
    current = sent
    while _is_news(current, sent, change):
        after = change(current)
        outcome = "too_late" if after.state is ApprovalState.EXPIRED else str(after.delivery)
        entry = AuditEntry(sent.id, room.clock.now(), "system:approvals", outcome, "machine", {"why": why})
        try:
            written = room.approvals.move(current, after, entry)
        except ApprovalChangedError:
            current = room.approvals.get(sent.id)
            continue
        if after.delivery is Delivery.TOKEN_LOST:
            _alert(written, why, room)
        return written
    return current


def _is_news(current: Approval, sent: Approval, change: Callable[[Approval], Approval]) -> bool:
    """Say whether the outcome of a sending still matters: the token is the same, and nobody knows better."""
    open_question = waits(current) or (current.delivery is Delivery.CLOSED and change is moves.delivered)
    return current.token_mark == sent.token_mark and open_question


def _alert(approval: Approval, why: str, room: Room) -> None:
    """Tell operations that a machine waits for a decision nobody can bring it; see docs/approvals.md."""
    logger().error("task token lost", approval_id=approval.id, why=why)
    body = {"approvalId": approval.id, "executionArn": approval.execution_arn, "why": why}
    try:
        room.notices.publish("ApprovalTokenLost", body)
    except SignalboxError:
        logger().exception("operations could not be told of a lost token", approval_id=approval.id)
