"""What the clock does with an approval: remind, escalate, expire, and finish what a crash left unfinished.

Each call comes at least once and may come late, twice or for a time that has been moved: a moment takes effect
only if it is due and did not before.
"""

from __future__ import annotations

import msgspec

from chalicelib.approvals.domain import moves
from chalicelib.approvals.domain.approval import Approval, ApprovalState, Moment
from chalicelib.approvals.domain.moments import awaited, due_at
from chalicelib.approvals.errors import ApprovalNotFoundError
from chalicelib.approvals.ports.room import Room
from chalicelib.approvals.ports.stores import AuditEntry
from chalicelib.approvals.service import finishing, telling
from chalicelib.core import payload
from chalicelib.core.log import logger


class Call(msgspec.Struct, rename="camel"):
    """What the clock's messages say."""

    approval_id: str
    moment: Moment


def wake_all(messages: list[tuple[str, str]], room: Room) -> list[str]:
    """Handle messages, (id, body) each, and return the ids of those that failed and should come again."""
    failed = []
    for message_id, body in messages:
        try:
            wake(payload.parse_json(Call, body), room)
        except Exception as error:
            logger().exception(
                "a moment failed and comes again", message_id=message_id, error=type(error).__name__
            )
            failed.append(message_id)
    return failed


def wake(call: Call, room: Room) -> None:
    """Do what is due.

    Raises:
        TransientError: something outside did not work; the call should come again.
        ApprovalChangedError: somebody changed the approval meanwhile; the call should come again.
    """
    try:
        approval = room.approvals.get(call.approval_id)
    except ApprovalNotFoundError:
        logger().warning("a moment of no approval", approval_id=call.approval_id)
        return
    if approval.state is ApprovalState.PENDING and call.moment is not Moment.CHECK:
        approval = _pass(approval, call.moment, room)
    finishing.finish(approval, room)


def _pass(approval: Approval, moment: Moment, room: Room) -> Approval:
    """Let the moment take effect if it is due, and tell it."""
    now = room.clock.now()
    if now >= approval.expires_at:
        moment = Moment.EXPIRY  # a call that comes very late
    if now < due_at(approval, moment):
        return approval  # called for a time that has been moved
    if awaited(approval, moment):
        after = moves.passed(approval, moment, now)
        entry = AuditEntry(
            approval.id, now, "system:approvals", moment.value, "clock", {"asked": ", ".join(after.deciders)}
        )
        approval = room.approvals.move(approval, after, entry)
    passed = moment in approval.moments
    if moment is Moment.EXPIRY or not passed or telling.is_told(approval, moment.value):
        return approval  # an end is told by `finishing`
    return telling.tell(approval, moment.value, room)
