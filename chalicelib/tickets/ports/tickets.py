"""What the desk remembers of tickets, and where they lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chalicelib.tickets.domain.assignment import Assignment, Label
from chalicelib.tickets.domain.recommendation import Recommendation
from chalicelib.tickets.domain.record import TicketRecord


class TicketStore:
    """Records, recommendations, assignments and labels. A port."""

    def find(self, ticket_id: str) -> TicketRecord | None:
        """Return the record, read consistently, or None."""
        raise NotImplementedError

    def save(self, record: TicketRecord) -> None:
        """Store the record if it is still at its ``revision``, which is counted up.

        Raises:
            TicketStateError: somebody else wrote it since it was read.
        """
        raise NotImplementedError

    def save_recommendation(self, recommendation: Recommendation) -> None:
        """Keep a recommendation; the same id again replaces it."""
        raise NotImplementedError

    def recommendation(self, ticket_id: str, recommendation_id: str) -> Recommendation:
        """Return a recommendation.

        Raises:
            TicketNotFoundError: there is none of this id.
        """
        raise NotImplementedError

    def assignment(self, ticket_id: str) -> Assignment | None:
        """Return who holds the ticket, read consistently, or None when it was never offered."""
        raise NotImplementedError

    def move(self, before: Assignment | None, after: Assignment, label: Label) -> None:
        """Replace ``before`` by ``after``, keep ``label`` and move the load of the experts: all of it or nothing.

        Raises:
            TicketStateError: the assignment is no longer ``before``.
        """
        raise NotImplementedError

    def labels(self, ticket_id: str) -> list[Label]:
        """Return the ticket's labels, the first first."""
        raise NotImplementedError

    def labels_of(self, week: str) -> list[Label]:
        """Return all labels of an ISO week (``2026-W47``), in order of time."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An object as it was read."""

    body: bytes
    etag: str
    version_id: str = ""


class TicketFiles:
    """The bucket of tickets and of what the matching engine answered. A port."""

    bucket: str

    def read(self, key: str, *, most_bytes: int, version_id: str = "") -> StoredFile | None:
        """Return an object, of its body at most ``most_bytes`` + 1 bytes, or None when there is none."""
        raise NotImplementedError

    def write(self, key: str, body: bytes, *, replacing: str | None) -> bool:
        """Write JSON if the object still has the ETag ``replacing`` (None: does not exist); False: it has not."""
        raise NotImplementedError


class MatchRuns:
    """Executions of ``sme-matching``. A port."""

    def start(self, name: str, run_input: dict[str, Any]) -> str:
        """Start an execution and return its ARN; one of that name is not started again.

        Raises:
            TransientError: Step Functions takes no more executions now.
        """
        raise NotImplementedError
