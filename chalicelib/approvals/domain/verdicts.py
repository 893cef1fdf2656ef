"""May this person decide this, now, in this way?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.approvals.domain.approval import Approval, ApprovalState, Choice, Decided
from chalicelib.approvals.domain.delegations import Delegation, principals_of
from chalicelib.core.errors import Problem


class Refused(StrEnum):
    """Why not."""

    FOUR_EYES = "four_eyes"
    """The person asked for it, or sent it in for who asked."""
    STRANGER = "stranger"
    """Nobody asked this person, nor anybody they stand in for."""
    DECIDED = "already_decided"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not, and in what words."""

    why: Refused
    text: str


ENDED = Refusal(
    Refused.EXPIRED, "expired: what asked for it waits no more; should it ask again, a new question comes"
)
"""Its machine gave up, was stopped, or stands between two attempts."""


@dataclass(frozen=True, slots=True)
class Seat:
    """The person may decide, for themselves or for an approver who is away."""

    on_behalf_of: str | None = None


def seat(approval: Approval, person: str, delegations: Iterable[Delegation], now: datetime) -> Seat | Refusal:
    """Say whether ``person`` is one of those who decide, whatever the hour."""
    if person in approval.askers:
        return Refusal(Refused.FOUR_EYES, f"{person} asked for approval {approval.id} and cannot decide it")
    if person in approval.deciders:
        return Seat()
    for principal in principals_of(person, delegations, now):
        if principal in approval.deciders:
            return Seat(principal)
    return Refusal(Refused.STRANGER, f"{person} is not among the approvers of {approval.id}")


def lateness(approval: Approval, now: datetime) -> Refusal | None:
    """Return why a decision comes too late, None while it is in time; the moment of expiry is too late."""
    if approval.state is ApprovalState.DECIDED and approval.decided is not None:
        return Refusal(Refused.DECIDED, decided_text(approval.decided))
    if now >= approval.expires_at:
        return Refusal(
            Refused.EXPIRED, f"expired at {at_text(approval.expires_at)}: nobody can decide it any more"
        )
    if approval.state is ApprovalState.EXPIRED:
        return ENDED
    return None


def problems(approval: Approval, decision: Choice, choice: str | None, reason: str) -> Iterator[Problem]:
    """Yield what is wrong with a decision of this approval."""
    values = [option.value for option in approval.options]
    if decision is Choice.CHOSEN and not values:
        yield Problem("decision", "nothing_to_choose", "this approval has no options; approve or reject it")
    elif decision is Choice.CHOSEN and choice not in values:
        yield Problem("choice", "unknown_option", f"is {choice!r}; it must be one of {', '.join(values)}")
    if decision is Choice.APPROVED and values:
        yield Problem("decision", "choose_one", f"choose one of {', '.join(values)}, or reject")
    if decision is not Choice.CHOSEN and choice is not None:
        yield Problem("choice", "not_wanted", "only the decision 'chosen' has a choice")
    if decision is Choice.REJECTED and not reason.strip():
        yield Problem("reason", "required", "a rejection needs a reason")


def same(first: Decided, second: Decided) -> bool:
    """Say whether ``second`` is ``first`` sent again: the same person, the same content."""
    one = (first.by, first.decision, first.choice, first.reason)
    return one == (second.by, second.decision, second.choice, second.reason)


def decided_text(decided: Decided) -> str:
    """Return "already decided: approved by ana@example.com at 2026-06-01 16:00 UTC"."""
    return f"already decided: {decided.decision} by {decided.by} at {at_text(decided.at)}"


def at_text(at: datetime) -> str:
    """Return a time as people read it."""
    return f"{at:%Y-%m-%d %H:%M} UTC"
