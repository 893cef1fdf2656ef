"""What the matching engine recommends for a ticket, and what follows from how sure it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

DEFAULT_THRESHOLD = 0.6
"""The probability, of the first expert being right, below which a person decides."""
SHOWN = 3
"""As many experts are named to people."""


class Verdict(StrEnum):
    """What becomes of a recommendation."""

    CONFIDENT = "confident"
    """The first expert is probable enough: say so in Slack."""
    LOW = "low"
    """There are candidates, none of them probable enough: an operator chooses."""
    NONE = "none"
    """Nobody is left after the rules of eligibility: an operator is told when somebody will be."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A solved ticket that speaks for an expert."""

    ticket_id: str
    subject: str
    """One line without secrets."""
    similarity: float
    solved_at: str = ""
    """ISO time; empty: not known."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An expert who may solve the ticket."""

    cre_id: str
    name: str
    confidence: float
    """Probability from 0 to 1 that this is the expert who will solve it."""
    reasoning: str
    slack_id: str = ""
    score: float = 0.0
    evidence: tuple[Evidence, ...] = ()
    probability: float | None = None
    """The ranking's own, before calibration; what feedback calibrates. None: the engine did not say."""


@dataclass(frozen=True, slots=True)
class Removed:
    """An expert who was left out before any score, and by which rule."""

    cre_id: str
    rule: str


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One answer of the engine, for one execution."""

    ticket_id: str
    recommendation_id: str
    """The execution's name; of a held ticket that was matched again, with the moment it was held until."""
    subject: str
    """The ticket's, one line without secrets."""
    candidates: tuple[Candidate, ...]
    """The most probable first, up to ten."""
    removed: tuple[Removed, ...]
    held_until: datetime | None
    """When the first expert will be free; None: somebody is, or nobody ever will be."""
    threshold: float
    model_id: str
    is_prior: bool
    """Whether ``confidence`` comes from a documented guess, as long as there is no history to calibrate on."""
    made_at: datetime

    @property
    def verdict(self) -> Verdict:
        """What becomes of it."""
        if not self.candidates:
            return Verdict.NONE
        return Verdict.LOW if self.candidates[0].confidence < self.threshold else Verdict.CONFIDENT

    @property
    def shown(self) -> tuple[Candidate, ...]:
        """The experts named to people."""
        return self.candidates[:SHOWN]

    def candidate(self, cre_id: str) -> Candidate | None:
        """Return the candidate of that id."""
        return next((one for one in self.candidates if one.cre_id == cre_id), None)


REMOVAL_RULES = {
    "leave": "on leave",
    "hours": "outside of working hours",
    "capacity": "at capacity",
    "product": "for other products",
}
"""The engine's names of its rules, in words for people; another name is shown as it is."""
