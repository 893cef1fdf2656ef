"""Brings an approval to people and its decision to the machine: at once, or later when that failed."""

from __future__ import annotations

from chalicelib.approvals.domain.approval import Approval, ApprovalState, Moment
from chalicelib.approvals.ports.room import Room
from chalicelib.approvals.service import delivering, telling
from chalicelib.core.errors import TransientError
from chalicelib.core.log import logger

_TOLD = {
    ApprovalState.PENDING: telling.REQUEST,
    ApprovalState.DECIDED: telling.DECISION,
    ApprovalState.EXPIRED: Moment.EXPIRY.value,
}
"""What people know of an approval in this state, when all went well."""


def finish(approval: Approval, room: Room) -> Approval:
    """Send a decision that waits, tell people what they were not told, return the approval as it is then.

    Raises:
        TransientError: something outside did not work; calling again goes on from there.
    """
    approval = delivering.deliver(approval, room)
    what = _TOLD[approval.state]
    return approval if telling.is_told(approval, what) else telling.tell(approval, what, room)


def finish_or_later(approval: Approval, room: Room) -> Approval:
    """As `finish`; what fails now is done by the clock in a minute."""
    try:
        return finish(approval, room)
    except TransientError:
        logger().exception("an approval is finished later", approval_id=approval.id)
        room.clockwork.check_soon(approval.id)
        return room.approvals.get(approval.id)
