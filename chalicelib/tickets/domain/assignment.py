"""Who holds a ticket, and how feedback moves it.

    offered --accept--> accepted --solved--> closed
       | busy, not me: to the named expert, else to the next candidate nobody has refused for
       `--> nobody: an operator has to find one

An open assignment (offered, accepted) counts as load of its expert. Every change is one labelled row: what people
said of a recommendation is what its confidence is calibrated on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chalicelib.tickets.domain.recommendation import Recommendation


class AssignmentState(StrEnum):
    """How far an assignment is."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    CLOSED = "closed"


class LabelKind(StrEnum):
    """What happened to an assignment."""

    OFFERED = "offered"
    """The recommendation's first expert was asked."""
    ACCEPTED = "accepted"
    NOT_ME = "not_me"
    BUSY = "busy"
    CHOSEN = "chosen"
    """An operator decided."""
    SOLVED = "solved"
    """The ticket is solved: the truth about every recommendation made for it."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who holds a ticket now."""

    ticket_id: str
    cre_id: str
    """Empty: nobody, everyone asked has refused."""
    state: AssignmentState
    recommendation_id: str
    since: datetime
    revision: int = 1
    """Counted up by every change; a change is made from the revision it was decided on."""

    @property
    def holder(self) -> str:
        """The expert whose load it is; empty when it is nobody's."""
        return "" if self.state is AssignmentState.CLOSED else self.cre_id


@dataclass(frozen=True, slots=True)
class Label:
    """One labelled row."""

    ticket_id: str
    label_id: str
    """Unique in its ticket, and the same when the same thing is told twice."""
    kind: LabelKind
    cre_id: str
    """The expert it is about."""
    by: str
    """Who said so: a Slack id, an e-mail address, "system:sme-matching"."""
    at: datetime
    recommendation_id: str = ""
    confidence: float | None = None
    """The expert's confidence in that recommendation; None: not among its candidates."""
    rank: int | None = None
    """The expert's place among its candidates, from 1."""
    moved_to: str = ""
    """The expert who holds the ticket from then on."""

    @property
    def week(self) -> str:
        """ISO week, ``2026-W47``."""
        return week_of(self.at.date())


def week_of(day: date) -> str:
    """Return the ISO week of a day, ``2026-W47``."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def label(
    kind: LabelKind,
    cre_id: str,
    *,
    ticket_id: str,
    by: str,
    at: datetime,
    recommendation: Recommendation | None,
    revision: int,
    moved_to: str = "",
) -> Label:
    """Return the row of a change that was decided on ``revision`` of the assignment (0: there was none)."""
    ranked = {one.cre_id: (place, one) for place, one in enumerate(recommendation.candidates, start=1)} if (
        recommendation
    ) else {}  # fmt: skip
    rank, candidate = ranked.get(cre_id, (None, None))
    return Label(
        ticket_id=ticket_id,
        label_id=f"{revision:06d}-{kind}-{cre_id}",
        kind=kind,
        cre_id=cre_id,
        by=by,
        at=at,
        recommendation_id=recommendation.recommendation_id if recommendation else "",
        confidence=candidate.confidence if candidate else None,
        rank=rank,
        moved_to=moved_to,
    )


def next_candidate(recommendation: Recommendation, refused: Iterable[str]) -> str:
    """Return the most probable expert who has not refused, or "" when all have."""
    out = set(refused)
    return next((one.cre_id for one in recommendation.candidates if one.cre_id not in out), "")


def refused(labels: Sequence[Label], recommendation_id: str) -> set[str]:
    """Return who said busy or not me to this recommendation."""
    said_no = (LabelKind.NOT_ME, LabelKind.BUSY)
    return {one.cre_id for one in labels if one.kind in said_no and one.recommendation_id == recommendation_id}


@dataclass(frozen=True, slots=True)
class Share:
    """What one expert took and solved in a week."""

    cre_id: str
    taken: int
    """Tickets the expert accepted, or was given by an operator."""
    refused: int
    solved: int
    share: float
    """``taken`` of all tickets taken that week, 0 to 1."""


def weekly_share(labels: Iterable[Label]) -> list[Share]:
    """Return each expert's share of a week's tickets, the largest first.

    A ticket that moved within the week counts for the last who took it: one ticket is one expert's.
    """
    taken_by: dict[str, str] = {}
    refusals: Counter[str] = Counter()
    solved_by: dict[str, str] = {}
    for one in sorted(labels, key=lambda row: (row.at, row.label_id)):
        match one.kind:
            case LabelKind.ACCEPTED | LabelKind.CHOSEN:
                taken_by[one.ticket_id] = one.cre_id
            case LabelKind.NOT_ME | LabelKind.BUSY:
                refusals[one.cre_id] += 1
            case LabelKind.SOLVED:
                solved_by[one.ticket_id] = one.cre_id
            case LabelKind.OFFERED:
                pass
    taken, solved = Counter(taken_by.values()), Counter(solved_by.values())
    total = taken.total()
    everyone = sorted(taken.keys() | refusals.keys() | solved.keys(), key=lambda cre_id: (-taken[cre_id], cre_id))
    return [
        Share(cre_id, taken[cre_id], refusals[cre_id], solved[cre_id], taken[cre_id] / total if total else 0.0)
        for cre_id in everyone
    ]
