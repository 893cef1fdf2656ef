"""When an approval reminds, escalates and expires: at shares of its time."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.approvals.domain.approval import Approval, ApprovalState, Moment

SHARES = {Moment.FIRST_REMINDER: 0.5, Moment.LAST_REMINDER: 0.9, Moment.ESCALATION: 0.95, Moment.EXPIRY: 1.0}
"""Of the time from the last request to the expiry. The escalation leaves the next approver 72 minutes of a day."""


def due_at(approval: Approval, moment: Moment) -> datetime:
    """Return when ``moment`` comes, in whole seconds, never early."""
    span = approval.expires_at - approval.issued_at
    exact = approval.issued_at + span * SHARES[moment]
    whole = exact.replace(microsecond=0)
    return whole if whole == exact else whole + timedelta(seconds=1)


def schedule(approval: Approval) -> dict[Moment, datetime]:
    """Return the moments still to come of a pending approval."""
    if approval.state is not ApprovalState.PENDING:
        return {}
    return {moment: due_at(approval, moment) for moment in SHARES if awaited(approval, moment)}


def awaited(approval: Approval, moment: Moment) -> bool:
    """Say whether ``moment`` can still take effect: it did not yet, and an escalation has somebody left to ask."""
    return moment not in approval.moments and (
        moment is not Moment.ESCALATION or approval.level + 1 < len(approval.levels)
    )
