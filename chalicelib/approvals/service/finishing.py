"""Brings the end of an approval to the machine and to people: at once, or later when that failed."""

from __future__ import annotations

from chalicelib.approvals.domain.approval import Approval, ApprovalState, Moment
from chalicelib.approvals.ports.room import Room
from chalicelib.approvals.service import delivering, telling


def finish(approval: Approval, room: Room) -> Approval:
    """Send a decision that waits, tell people the end they were not told, return the approval as it is then.

    Raises:
        TransientError: something outside did not work; calling again goes on from there.
    """
    approval = delivering.deliver(approval, room)
    if approval.state is ApprovalState.PENDING:
        return approval
    what = telling.DECISION if approval.state is ApprovalState.DECIDED else Moment.EXPIRY.value
    return approval if telling.is_told(approval, what) else telling.tell(approval, what, room)
