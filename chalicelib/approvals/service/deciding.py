"""Takes the one decision of an approval. Two at once: one is taken, the other is told of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import msgspec

from chalicelib.approvals.domain import moves, verdicts
from chalicelib.approvals.domain.approval import Approval, ApprovalState, Choice, Decided, Fact
from chalicelib.approvals.domain.verdicts import Refusal, Refused
from chalicelib.approvals.errors import (
    ApprovalChangedError,
    ApprovalDecidedError,
    ApprovalExpiredError,
    FourEyesError,
    NotAnApproverError,
)
from chalicelib.approvals.ports.room import Room
from chalicelib.approvals.ports.stores import AuditEntry
from chalicelib.approvals.service import finishing
from chalicelib.core.errors import InvalidInputError, Problem, SignalboxError, TransientError

_MOST_RACES = 10
_ERRORS: dict[Refused, type[SignalboxError]] = {
    Refused.FOUR_EYES: FourEyesError,
    Refused.STRANGER: NotAnApproverError,
    Refused.DECIDED: ApprovalDecidedError,
    Refused.EXPIRED: ApprovalExpiredError,
}


class DecisionDraft(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """What a person decides."""

    decision: Choice
    choice: Annotated[str, msgspec.Meta(max_length=300)] | None = None
    """With "chosen": an option's value."""
    reason: Annotated[str, msgspec.Meta(max_length=1_000)] = ""
    """For the machine and for people; required with "rejected"."""
    comment: Annotated[str, msgspec.Meta(max_length=1_000)] = ""
    """For the trail alone."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a decision."""

    approval: Approval
    new: bool
    """False: it was taken before, and this is the same answer again."""


def decide(approval_id: str, draft: DecisionDraft, who: str, source: str, room: Room) -> Outcome:
    """Decide, as ``who``, from ``source`` ("api 203.0.113.7", "slack C0123").

    The same decision of the same person sent again is answered as before.

    Raises:
        ApprovalNotFoundError: there is no such approval.
        FourEyesError, NotAnApproverError: this person may not decide it.
        ApprovalDecidedError, ApprovalExpiredError: too late; nothing was changed.
        InvalidInputError: the decision does not fit the approval.
    """
    approvals, clock = room.approvals, room.clock
    person = room.policy.read().person(who)
    for _ in range(_MOST_RACES):
        approval = approvals.get(approval_id)
        now = clock.now()
        seat = verdicts.seat(approval, person, room.delegations.all(now), now)
        if isinstance(seat, Refusal):
            raise _refused(approval, seat, person, source, room)
        decision = Decided(draft.decision, person, now, draft.reason.strip(), draft.choice, seat.on_behalf_of)
        late = verdicts.lateness(approval, now)
        if late and late.why is Refused.DECIDED and approval.decided and verdicts.same(approval.decided, decision):
            return Outcome(finishing.finish_or_later(approval, room), new=False)
        if late:
            raise _refused(approval, late, person, source, room)
        if found := list(verdicts.problems(approval, draft.decision, draft.choice, draft.reason)):
            raise InvalidInputError(found)
        room.clockwork.check_soon(approval.id)  # before the decision: whatever dies from here on is mended
        try:
            taken = approvals.move(
                approval, moves.decided(approval, decision), _entry(approval, decision, draft.comment, source)
            )
        except ApprovalChangedError:
            continue
        finished = finishing.finish_or_later(taken, room)
        if finished.state is ApprovalState.EXPIRED:
            raise _refused(finished, verdicts.ENDED, person, source, room)
        return Outcome(finished, new=True)
    raise TransientError(f"approval {approval_id} kept changing; try again")


def option_value(approval_id: str, place: str, room: Room) -> str:
    """Return the value of the option at ``place`` ("0", "1", ...), as a button names it.

    Raises:
        ApprovalNotFoundError: there is no such approval.
        InvalidInputError: it has no such option.
    """
    options = room.approvals.get(approval_id).options
    if not place.isdecimal() or int(place) >= len(options):
        raise InvalidInputError([Problem("choice", "unknown_option", f"there is no option {place!r}")])
    return options[int(place)].value


def _refused(approval: Approval, refusal: Refusal, person: str, source: str, room: Room) -> SignalboxError:
    """Keep the refusal in the trail and return its error."""
    now = room.clock.now()
    room.approvals.note(
        approval, AuditEntry(approval.id, now, person, "refused", source, {"why": refusal.why.value})
    )
    return _ERRORS[refusal.why](refusal.text)


def _entry(approval: Approval, decision: Decided, comment: str, source: str) -> AuditEntry:
    details: dict[str, Fact] = {
        "decision": decision.decision.value,
        "choice": decision.choice,
        "reason": decision.reason,
        "comment": comment,
        "onBehalfOf": decision.on_behalf_of,
    }
    return AuditEntry(approval.id, decision.at, decision.by, "decided", source, details)
