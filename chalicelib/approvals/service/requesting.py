"""Opens an approval and asks; asked again for the same state of the same execution, keeps it with the new token.

nothing there, or the last one expired    a new approval, people are told
the same request once more                nothing changes; what a crash left undone is done
waiting, another token                    the token is replaced, the time begins again
decided, another token                    the token is replaced and answered at once
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec

from chalicelib.approvals.domain import moves
from chalicelib.approvals.domain.approval import (
    Approval,
    ApprovalState,
    Fact,
    Option,
    approval_id,
    token_mark,
)
from chalicelib.approvals.domain.moments import schedule
from chalicelib.approvals.domain.policy import Policy, askable
from chalicelib.approvals.errors import ApprovalChangedError, ApprovalNotFoundError, ApproverMissingError
from chalicelib.approvals.ports.room import Room
from chalicelib.approvals.ports.stores import AuditEntry
from chalicelib.approvals.service import finishing
from chalicelib.core import payload
from chalicelib.core.errors import InvalidInputError, Problem

_Line = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
_Text = Annotated[str, msgspec.Meta(max_length=2_000)]
_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
_YEAR_SECONDS = 365 * 24 * 3600
_MOST_BYTES = 50_000
"""Of facts and options as JSON. SNS takes 256 KB and DynamoDB 400; escaped, a letter may have six bytes."""


class RequestedOption(msgspec.Struct, forbid_unknown_fields=True):
    """One thing to choose."""

    value: _Line
    label: _Line
    evidence: _Text = ""


class ApprovalRequest(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """What a machine's state passes to ``request-approval``."""

    task_token: Annotated[str, msgspec.Meta(min_length=1, max_length=2_048)]
    execution_arn: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    kind: _Name
    subject: _Line
    requester: _Line
    """Who wants it, and may not decide it."""
    timeout_seconds: Annotated[int, msgspec.Meta(ge=1, le=_YEAR_SECONDS)]
    """The state's own TimeoutSeconds."""
    facts: Annotated[dict[_Name, _Text | int | float | bool | None], msgspec.Meta(max_length=50)] = {}
    entered_by: _Line | None = None
    """Who sent the request in, and may not decide it either; the door says so, never the sender."""
    amount_cents: Annotated[int, msgspec.Meta(ge=0)] | None = None
    currency: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")] | None = None
    approvers: Annotated[list[_Line], msgspec.Meta(min_length=1, max_length=50)] | None = None
    """Asked before those of the policy, whose levels follow as the escalation."""
    options: Annotated[list[RequestedOption], msgspec.Meta(min_length=1, max_length=20)] | None = None
    state: _Name | None = None
    """``$$.State.Name``, for a machine with more than one approval of a kind."""


def request(event: Any, room: Room) -> dict[str, str]:
    """Open or keep the approval that ``event`` asks for and return ``{"approvalId", "state"}``.

    Raises:
        InvalidInputError: the request is wrong; every problem is named.
        ApproverMissingError: nobody but the requester could decide it.
        ApprovalTokenLostError: the token cannot be kept.
    """
    wanted = payload.parse(ApprovalRequest, event)
    if found := _problems(wanted):
        raise InvalidInputError(found)
    began = room.clock.now()
    approval = _opened_or_kept(wanted, began, room)
    for moment, at in schedule(approval).items():
        room.clockwork.put(approval.id, moment, at)
    approval = finishing.finish_or_later(approval, room)
    return {"approvalId": approval.id, "state": str(approval.state)}


def _problems(wanted: ApprovalRequest) -> list[Problem]:
    """Return what the types cannot say."""
    found = []
    if (wanted.amount_cents is None) != (wanted.currency is None):
        found.append(Problem("currency", "amount_and_currency", "amountCents and currency come together"))
    size = len(msgspec.json.encode((wanted.facts, wanted.options)))
    if size > _MOST_BYTES:
        found.append(Problem("facts", "too_large", f"facts and options have {size} bytes; at most {_MOST_BYTES}"))
    values = [option.value for option in wanted.options or ()]
    found += [
        Problem(f"options[{i}].value", "twice", f"{value!r} is the value of an earlier option")
        for i, value in enumerate(values)
        if value in values[:i]
    ]
    return found


def _opened_or_kept(wanted: ApprovalRequest, began: datetime, room: Room) -> Approval:
    """Return the approval of this state of this execution, with the request's token."""
    turn = 1
    while True:
        one = approval_id(wanted.execution_arn, wanted.state or wanted.kind, turn)
        try:
            approval = _taken_up(one, wanted, began, room)
        except ApprovalChangedError:
            continue  # another invocation was quicker: look again
        if approval is not None:
            return approval
        turn += 1


def _taken_up(one: str, wanted: ApprovalRequest, began: datetime, room: Room) -> Approval | None:
    """Return the approval of this id, opened or with its new token; None when it has expired: the next is to come.

    Raises:
        ApprovalChangedError: another invocation opened or changed it meanwhile.
    """
    try:
        known = room.approvals.get(one)
    except ApprovalNotFoundError:
        return _open(one, wanted, began, room)
    if known.token_mark == token_mark(wanted.task_token) or began < known.issued_at:
        return known  # the same request once more, or one whose invocation ends late
    unanswered = known.state is ApprovalState.PENDING and began >= known.expires_at
    if unanswered or known.state is ApprovalState.EXPIRED:
        return None
    return _reissue(known, wanted, began, room)


def _open(one: str, wanted: ApprovalRequest, began: datetime, room: Room) -> Approval:
    policy = room.policy.read()
    requester = policy.person(wanted.requester)
    entered_by = policy.person(wanted.entered_by) if wanted.entered_by else None
    askers = {requester, entered_by or requester}
    levels = _levels(wanted, askers, policy)
    approval = Approval(
        id=one,
        execution_arn=wanted.execution_arn,
        kind=wanted.kind,
        subject=wanted.subject,
        facts=dict[str, Fact](wanted.facts),
        requester=requester,
        entered_by=entered_by,
        requested_at=began,
        issued_at=began,
        expires_at=began + timedelta(seconds=wanted.timeout_seconds),
        levels=levels,
        level=moves.first_level(levels, room.delegations.all(began), began, askers),
        amount_cents=wanted.amount_cents,
        currency=wanted.currency,
        options=tuple(Option(o.value, o.label, o.evidence) for o in wanted.options or ()),
        channel=policy.channel_of(wanted.kind),
        sealed_token=room.safe.seal(one, wanted.task_token),
        token_mark=token_mark(wanted.task_token),
        version=1,
    )
    details: dict[str, Fact] = {
        "kind": wanted.kind,
        "subject": wanted.subject,
        "asked": ", ".join(approval.deciders),
    }
    room.approvals.create(approval, AuditEntry(one, began, requester, "requested", "machine", details))
    return approval


def _reissue(known: Approval, wanted: ApprovalRequest, began: datetime, room: Room) -> Approval:
    after = moves.reissued(
        known,
        room.safe.seal(known.id, wanted.task_token),
        token_mark(wanted.task_token),
        at=began,
        expires_at=began + timedelta(seconds=wanted.timeout_seconds),
    )
    entry = AuditEntry(known.id, began, "system:approvals", "reissued", "machine")
    return room.approvals.move(known, after, entry)


def _levels(wanted: ApprovalRequest, askers: AbstractSet[str], policy: Policy) -> tuple[tuple[str, ...], ...]:
    """Return who is asked, level by level; those whose question it is are never among them.

    Raises:
        ApproverMissingError: nobody is left.
    """
    own = [tuple(policy.person(who) for who in wanted.approvers)] if wanted.approvers else []
    following = policy.levels(wanted.kind, wanted.amount_cents, wanted.currency)
    if levels := askable([*own, *following], askers=askers):
        return levels
    raise ApproverMissingError(
        f"nobody but {' and '.join(sorted(askers))} could decide approvals of kind {wanted.kind!r}: "
        "the policy must name somebody"
    )
