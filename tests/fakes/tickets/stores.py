"""What the desk remembers, in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from chalicelib.tickets.domain.assignment import Assignment, Label
from chalicelib.tickets.domain.recommendation import Recommendation
from chalicelib.tickets.domain.record import TicketRecord
from chalicelib.tickets.domain.sme import SmeProfile
from chalicelib.tickets.errors import SmeNotFoundError, TicketNotFoundError, TicketStateError
from chalicelib.tickets.ports.smes import SmeDirectory
from chalicelib.tickets.ports.tickets import MatchRuns, StoredFile, TicketFiles, TicketStore


class FakeSmeDirectory(SmeDirectory):
    def __init__(self, profiles: Iterable[SmeProfile] = ()) -> None:
        self.profiles = {one.cre_id: one for one in profiles}

    def all(self) -> list[SmeProfile]:
        return sorted(self.profiles.values(), key=lambda one: one.cre_id)

    def get(self, cre_id: str) -> SmeProfile:
        if cre_id not in self.profiles:
            raise SmeNotFoundError(cre_id)
        return self.profiles[cre_id]

    def put(self, profile: SmeProfile) -> None:
        before = self.profiles.get(profile.cre_id)
        held = before.open_assignments if before else 0
        self.profiles[profile.cre_id] = replace(profile, open_assignments=held)

    def add_load(self, cre_id: str, by: int) -> None:
        if cre_id in self.profiles:
            profile = self.profiles[cre_id]
            self.profiles[cre_id] = replace(profile, open_assignments=profile.open_assignments + by)


class FakeTicketStore(TicketStore):
    def __init__(self, smes: FakeSmeDirectory) -> None:
        self._smes = smes
        self.records: dict[str, TicketRecord] = {}
        self.recommendations: dict[tuple[str, str], Recommendation] = {}
        self.assignments: dict[str, Assignment] = {}
        self.rows: dict[str, dict[str, Label]] = defaultdict(dict)

    def find(self, ticket_id: str) -> TicketRecord | None:
        return self.records.get(ticket_id)

    def save(self, record: TicketRecord) -> None:
        before = self.records.get(record.ticket_id)
        if (before.revision if before else 0) != record.revision:
            raise TicketStateError("changed")
        self.records[record.ticket_id] = replace(record, revision=record.revision + 1)

    def save_recommendation(self, recommendation: Recommendation) -> None:
        self.recommendations[recommendation.ticket_id, recommendation.recommendation_id] = recommendation

    def recommendation(self, ticket_id: str, recommendation_id: str) -> Recommendation:
        try:
            return self.recommendations[ticket_id, recommendation_id]
        except KeyError:
            raise TicketNotFoundError("none") from None

    def assignment(self, ticket_id: str) -> Assignment | None:
        return self.assignments.get(ticket_id)

    def move(self, before: Assignment | None, after: Assignment, label: Label) -> None:
        rows = self.rows[after.ticket_id]
        if self.assignments.get(after.ticket_id) != before or label.label_id in rows:
            raise TicketStateError("moved on")
        rows[label.label_id] = label
        self.assignments[after.ticket_id] = after
        for cre_id, by in ((before.holder if before else "", -1), (after.holder, 1)):
            self._smes.add_load(cre_id, by)

    def labels(self, ticket_id: str) -> list[Label]:
        return [row for _, row in sorted(self.rows[ticket_id].items())]

    def labels_of(self, week: str) -> list[Label]:
        everything = [row for rows in self.rows.values() for row in rows.values() if row.week == week]
        return sorted(everything, key=lambda row: row.at)


class FakeTicketFiles(TicketFiles):
    def __init__(self, bucket: str = "tickets") -> None:
        self.bucket = bucket
        self.versions: dict[str, list[bytes]] = defaultdict(list)
        self.refusals = 0
        """As many writes are lost to another writer."""

    def read(self, key: str, *, most_bytes: int, version_id: str = "") -> StoredFile | None:
        versions = self.versions[key]
        number = int(version_id[1:]) if version_id else len(versions)
        if not 0 < number <= len(versions):
            return None
        return StoredFile(versions[number - 1][: most_bytes + 1], f"e{number}", f"v{number}")

    def write(self, key: str, body: bytes, *, replacing: str | None) -> bool:
        number = len(self.versions[key])
        if self.refusals:
            self.refusals -= 1
            return False
        if (f"e{number}" if number else None) != replacing:
            return False
        self.versions[key].append(body)
        return True


class FakeMatchRuns(MatchRuns):
    def __init__(self) -> None:
        self.started: dict[str, dict[str, Any]] = {}

    def start(self, name: str, run_input: dict[str, Any]) -> str:
        self.started.setdefault(name, run_input)
        return f"arn:aws:states:us-east-1:123456789012:execution:sme-matching:{name}"
