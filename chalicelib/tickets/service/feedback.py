"""What an expert says to a recommendation: accept, busy, not me. Each is a labelled row and moves the ticket."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chalicelib.core.clock import Clock
from chalicelib.core.slack import Message, Person
from chalicelib.tickets import wording
from chalicelib.tickets.domain.assignment import (
    Assignment,
    AssignmentState,
    Label,
    LabelKind,
    label,
    next_candidate,
    refused,
)
from chalicelib.tickets.domain.recommendation import Recommendation
from chalicelib.tickets.domain.sme import SmeProfile
from chalicelib.tickets.errors import TicketStateError
from chalicelib.tickets.ports.smes import SmeDirectory
from chalicelib.tickets.ports.tickets import TicketStore

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Ports:
    """What feedback needs of the world."""

    store: TicketStore
    smes: SmeDirectory


@dataclass(frozen=True, slots=True)
class Press:
    """One button pressed."""

    kind: LabelKind
    """ACCEPTED, NOT_ME or BUSY."""
    ticket_id: str
    recommendation_id: str
    cre_id: str
    """The expert the button stands beside."""
    who: str = ""
    """With NOT_ME: the expert (``cre_id``) who would be right; empty: not known."""


def press(one: Press, by: Person, ports: Ports, clock: Clock) -> Message:
    """Move the assignment and return the recommendation as it stands then.

    The same press again (Slack's retries, a double click) changes nothing and returns the same.

    Raises:
        TicketStateError: the ticket has moved on; the message says to whom.
        SmeNotFoundError: ``who`` is no expert.
        TicketNotFoundError: there is no such recommendation.
    """
    recommendation = ports.store.recommendation(one.ticket_id, one.recommendation_id)
    expert = ports.smes.get(one.cre_id)
    _require_own_or_operator(expert, by)
    for attempt in range(_TRIES):
        before = ports.store.assignment(one.ticket_id)
        labels = ports.store.labels(one.ticket_id)
        if _was_done(one, before, labels):
            break
        _require_movable(one, before, ports.smes)
        assert before is not None
        moved_to = _next_holder(one, recommendation, labels, ports.smes)
        try:
            _move(one, by, before, moved_to, recommendation, ports.store, clock)
            break
        except TicketStateError:  # somebody pressed at the same time, perhaps this very button
            if attempt == _TRIES - 1:
                raise
    return wording.recommendation(recommendation, ports.store.assignment(one.ticket_id))


def _move(
    one: Press,
    by: Person,
    before: Assignment,
    moved_to: str,
    recommendation: Recommendation,
    store: TicketStore,
    clock: Clock,
) -> None:
    accepts = one.kind is LabelKind.ACCEPTED
    after = replace(
        before,
        cre_id=moved_to,
        state=AssignmentState.ACCEPTED if accepts else AssignmentState.OFFERED,
        since=clock.now(),
        revision=before.revision + 1,
    )
    row = label(
        one.kind,
        one.cre_id,
        ticket_id=one.ticket_id,
        by=by.id,
        at=clock.now(),
        recommendation=recommendation,
        revision=before.revision,
        moved_to=moved_to,
    )
    store.move(before, after, row)


def _require_own_or_operator(expert: SmeProfile, by: Person) -> None:
    if by.id != expert.slack_id and not by.roles & {"operator", "admin"}:
        raise TicketStateError(f"only {expert.name} or an operator may answer for {expert.name}")


def _was_done(one: Press, now: Assignment | None, labels: list[Label]) -> bool:
    """Return whether this very press is the latest thing that happened to the assignment, or is what it says."""
    if now is None:
        return False
    if one.kind is LabelKind.ACCEPTED:
        return now.state is AssignmentState.ACCEPTED and now.cre_id == one.cre_id
    latest = max(labels, key=lambda row: row.label_id, default=None)
    return (
        latest is not None
        and (latest.kind, latest.cre_id, latest.recommendation_id) == (one.kind, one.cre_id, one.recommendation_id)
        and now.cre_id == latest.moved_to
    )


def _require_movable(one: Press, now: Assignment | None, smes: SmeDirectory) -> None:
    if now is None or now.recommendation_id != one.recommendation_id:
        raise TicketStateError(f"ticket {one.ticket_id} was matched again since; answer the newer message")
    if now.state is AssignmentState.CLOSED:
        raise TicketStateError(f"ticket {one.ticket_id} is solved")
    holder = _name(now.cre_id, smes)
    if one.kind is LabelKind.ACCEPTED:
        if now.state is AssignmentState.ACCEPTED:
            raise TicketStateError(f"{holder} has the ticket already")
    elif now.cre_id != one.cre_id:
        raise TicketStateError(f"the ticket has moved on to {holder}")


def _name(cre_id: str, smes: SmeDirectory) -> str:
    return next((profile.name for profile in smes.all() if profile.cre_id == cre_id), cre_id or "nobody")


def _next_holder(one: Press, of: Recommendation, labels: list[Label], smes: SmeDirectory) -> str:
    if one.kind is LabelKind.ACCEPTED:
        return one.cre_id
    if one.who and one.who != one.cre_id:
        return smes.get(one.who).cre_id
    return next_candidate(of, {*refused(labels, of.recommendation_id), one.cre_id})
