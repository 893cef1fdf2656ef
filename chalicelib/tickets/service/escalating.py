"""Asks an operator when the engine is not sure or nobody is eligible, and makes the answer the assignment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.core.clock import Clock
from chalicelib.tickets.domain.assignment import Assignment, AssignmentState, LabelKind, label
from chalicelib.tickets.domain.recommendation import REMOVAL_RULES, Candidate, Recommendation, Verdict
from chalicelib.tickets.errors import TicketMovedOnError, TicketStateError
from chalicelib.tickets.ports.smes import SmeDirectory
from chalicelib.tickets.ports.tickets import TicketStore

NOBODY = "nobody"
"""The option that assigns no expert."""
_MOST_OPTIONS = 10
_DAY_SECONDS = 24 * 3600
_LEAST_SECONDS = 60
_MOVES = 3


@dataclass(frozen=True, slots=True)
class Ports:
    """What an operator's choice needs of the world."""

    store: TicketStore
    smes: SmeDirectory


def question(recommendation: Recommendation, smes: SmeDirectory) -> dict[str, Any]:
    """Return what an operator is asked, and how long: ``subject, facts, options, timeout_seconds``.

    Options are the top three and their evidence, or else the experts who were left out and why; there is always
    one. Where it is known when an expert will be free, the question ends then and the ticket is matched again.
    """
    facts: dict[str, Any] = {
        "Ticket": recommendation.ticket_id,
        "About": recommendation.subject or "(no subject)",
        "Why": _why(recommendation),
    }
    if recommendation.held_until:
        facts["Next free"] = f"{recommendation.held_until:%a %d %b %Y %H:%M} UTC, when it is matched again"
    options = [_candidate_option(one) for one in recommendation.shown]
    if not options:
        names = {profile.cre_id: profile.name for profile in smes.all()}
        options = [
            {
                "value": one.cre_id,
                "label": names[one.cre_id][:200],
                "evidence": f"left out: {REMOVAL_RULES.get(one.rule, one.rule)}",
            }
            for one in recommendation.removed
            if one.cre_id in names
        ][:_MOST_OPTIONS]
    options.append({"value": NOBODY, "label": "Nobody", "evidence": "The ticket stays without an expert."})
    return {
        "subject": f"Ticket {recommendation.ticket_id}: who should take it?",
        "facts": facts,
        "options": options,
        "timeout_seconds": _seconds_to_answer(recommendation),
    }


def assign(event: Mapping[str, Any], ports: Ports, clock: Clock) -> dict[str, Any]:
    """Make an operator's choice the assignment; asked twice, it is made once.

    Args:
        event: ``{"ticket_id", "recommendation_id", "choice": cre_id, "decided_by"}``.
        ports: tickets and experts.
        clock: for the times kept.

    Returns:
        ``{"cre_id", "name", "slack_id", "decided_by"}``.

    Raises:
        SmeNotFoundError: the choice is no expert.
        TicketMovedOnError: the ticket was solved while the operator was asked.
        TicketStateError: others kept moving the assignment.
    """
    chosen = ports.smes.get(str(event["choice"]))
    ticket_id, by = str(event["ticket_id"]), str(event["decided_by"])
    recommendation = ports.store.recommendation(ticket_id, str(event["recommendation_id"]))
    for attempt in range(_MOVES):
        before = ports.store.assignment(ticket_id)
        if before and before.state is AssignmentState.ACCEPTED and before.cre_id == chosen.cre_id:
            break
        if (
            before
            and before.state is AssignmentState.CLOSED
            and before.recommendation_id == event["recommendation_id"]
        ):
            raise TicketMovedOnError(f"ticket {ticket_id} is solved")
        revision = before.revision if before else 0
        now = clock.now()
        after = Assignment(
            ticket_id, chosen.cre_id, AssignmentState.ACCEPTED, recommendation.recommendation_id, now, revision + 1
        )
        row = label(
            LabelKind.CHOSEN,
            chosen.cre_id,
            ticket_id=ticket_id,
            by=by,
            at=now,
            recommendation=recommendation,
            revision=revision,
            moved_to=chosen.cre_id,
        )
        try:
            ports.store.move(before, after, row)
            break
        except TicketStateError:
            if attempt == _MOVES - 1:
                raise
    return {"cre_id": chosen.cre_id, "name": chosen.name, "slack_id": chosen.slack_id, "decided_by": by}


def _seconds_to_answer(recommendation: Recommendation) -> int:
    if recommendation.held_until is None:
        return _DAY_SECONDS
    until_free = int((recommendation.held_until - recommendation.made_at).total_seconds())
    return min(_DAY_SECONDS, max(_LEAST_SECONDS, until_free))


def _why(recommendation: Recommendation) -> str:
    if recommendation.verdict is Verdict.NONE:
        return "nobody is eligible now"
    first = recommendation.candidates[0]
    return f"the first expert has {first.confidence:.0%}, the least that counts is {recommendation.threshold:.0%}"


def _candidate_option(one: Candidate) -> dict[str, str]:
    past = "; ".join(f"{e.ticket_id} {e.subject[:120]} ({e.similarity:.2f})" for e in one.evidence[:3])
    return {
        "value": one.cre_id,
        "label": f"{one.name[:200]} ({one.confidence:.0%})",
        "evidence": (f"{one.reasoning} [{past}]" if past else one.reasoning)[:1_900],
    }
