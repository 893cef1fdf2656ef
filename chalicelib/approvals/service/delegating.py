"""Who stands in for whom, entered by the approver or by an admin."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec

from chalicelib.approvals.domain.delegations import Delegation
from chalicelib.approvals.errors import DelegationNotFoundError, NotAnApproverError
from chalicelib.approvals.ports.room import Room
from chalicelib.approvals.service.views import delegation_view
from chalicelib.core.errors import InvalidInputError, Problem


class DelegationDraft(msgspec.Struct, rename={"since": "from"}, forbid_unknown_fields=True):
    """An absence, with or without somebody who stands in."""

    since: datetime
    until: datetime
    approver: Annotated[str, msgspec.Meta(min_length=1, max_length=300)] | None = None
    """Who is away; missing: who asks."""
    delegate: Annotated[str, msgspec.Meta(min_length=1, max_length=300)] | None = None
    """Who decides meanwhile; missing: nobody."""
    reason: Annotated[str, msgspec.Meta(max_length=1_000)] = ""


def delegate(draft: DelegationDraft, new_id: str, who: str, room: Room) -> dict[str, Any]:
    """Keep a delegation and return it.

    Raises:
        InvalidInputError: times without offset, an end before the start or in the past, oneself as delegate.
        NotAnApproverError: somebody else's delegation, and ``who`` is no admin.
    """
    policy = room.policy.read()
    approver = policy.person(draft.approver or who)
    standing_in = policy.person(draft.delegate) if draft.delegate else None
    _require_own(approver, who, room)
    if found := _problems(draft, approver, standing_in, room.clock.now()):
        raise InvalidInputError(found)
    kept = Delegation(new_id, approver, standing_in, draft.since, draft.until, draft.reason)
    room.delegations.put(kept)
    return delegation_view(kept)


def delegations(room: Room) -> dict[str, Any]:
    """Return ``{"delegations": [...]}``: those that hold now or will hold later."""
    return {"delegations": [delegation_view(one) for one in room.delegations.all(room.clock.now())]}


def end(delegation_id: str, who: str, room: Room) -> None:
    """End a delegation before its time.

    Raises:
        DelegationNotFoundError: there is none that holds or will hold.
        NotAnApproverError: it is somebody else's, and ``who`` is no admin.
    """
    for one in room.delegations.all(room.clock.now()):
        if one.id == delegation_id:
            _require_own(one.approver, who, room)
            return room.delegations.remove(delegation_id)
    raise DelegationNotFoundError(f"there is no delegation {delegation_id}")


def _require_own(approver: str, who: str, room: Room) -> None:
    policy = room.policy.read()
    person = policy.person(who)
    if person != approver and person not in {policy.person(admin) for admin in policy.admins}:
        raise NotAnApproverError(f"{person} is neither {approver} nor an admin of the approval policy")


def _problems(draft: DelegationDraft, approver: str, standing_in: str | None, now: datetime) -> list[Problem]:
    found = [
        Problem(name, "no_offset", f"{at.isoformat()} has no offset; write for example {at.isoformat()}Z")
        for name, at in (("from", draft.since), ("until", draft.until))
        if at.utcoffset() is None
    ]
    if not found and draft.until <= draft.since:
        found.append(Problem("until", "ends_before_start", "must be after from"))
    elif not found and draft.until <= now:
        found.append(Problem("until", "in_the_past", f"{draft.until.isoformat()} has passed"))
    if standing_in == approver:
        found.append(Problem("delegate", "oneself", "is who is away"))
    return found
