"""The desk's stores in memory: the same conditions, no network. Fast enough for a million contacts."""

from __future__ import annotations

import heapq
from bisect import bisect_left, insort
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.campaigns.domain import lines, pacing
from chalicelib.campaigns.domain.campaign import Campaign
from chalicelib.campaigns.domain.contact import Contact, ContactStatus
from chalicelib.campaigns.errors import CampaignNotFoundError
from chalicelib.campaigns.ports.stores import (
    Arrival,
    Arrived,
    CampaignStore,
    ContactIntake,
    ContactStore,
    Move,
    Page,
    People,
    Person,
    SuppressionList,
)
from chalicelib.core.errors import ConflictError
from tests.fakes.kill import KillSwitch

PAGE = 500


class FakeCampaignStore(CampaignStore):
    """Campaigns, counters (those of hours apart) and token buckets."""

    def __init__(self, switch: KillSwitch | None = None) -> None:
        self._switch = switch
        self.campaigns: dict[str, Campaign] = {}
        self.sums: dict[str, Counter[str]] = defaultdict(Counter)
        self._hours: dict[str, Counter[str]] = defaultdict(Counter)
        self.buckets: dict[str, pacing.Bucket] = {}
        self.counter_reads = 0

    def create(self, campaign: Campaign) -> None:
        if campaign.id in self.campaigns:
            raise ConflictError(f"campaign {campaign.id} exists already")
        self.campaigns[campaign.id] = campaign

    def get(self, campaign_id: str) -> Campaign:
        if campaign_id not in self.campaigns:
            raise CampaignNotFoundError(f"there is no campaign {campaign_id}")
        return self.campaigns[campaign_id]

    def page(self, limit: int, after: str | None) -> tuple[list[Campaign], str | None]:
        ids = sorted(id_ for id_ in self.campaigns if after is None or id_ > after)
        return [self.campaigns[id_] for id_ in ids[:limit]], ids[limit - 1] if len(ids) > limit else None

    def move(self, before: Campaign, after: Campaign) -> None:
        _pass(self._switch, "before move")
        stored = self.campaigns[before.id]
        if _standing(stored) != _standing(before):
            raise ConflictError(f"campaign {before.id} is not {before.status.value} any more")
        self.campaigns[before.id] = after
        _pass(self._switch, "after move")

    def counters(self, campaign_id: str, *, hours: bool = True) -> dict[str, int]:
        self.counter_reads += 1
        sums = dict(self.sums[campaign_id])
        return sums | self._hours[campaign_id] if hours else sums

    def count(self, campaign_id: str, counts: Mapping[str, int]) -> None:
        """Add to the campaign's counters."""
        sums, by_hour = self.sums[campaign_id], self._hours[campaign_id]
        for name, count in counts.items():
            if name.startswith("hour:"):
                by_hour[name] += count
            else:
                sums[name] += count

    def take_calls(self, campaign_id: str, *, rate: float, burst: float, at: datetime, want: int) -> int:
        _pass(self._switch, "before take_calls")
        bucket = self.buckets.get(campaign_id, pacing.Bucket(burst, at.timestamp()))
        granted, self.buckets[campaign_id] = pacing.take(
            bucket, rate=rate, burst=burst, now=at.timestamp(), want=want
        )
        _pass(self._switch, "after take_calls")
        return granted


class FakePeople(People, SuppressionList):
    """Persons by number; suppressions and attempts in one place."""

    def __init__(self, switch: KillSwitch | None = None) -> None:
        self._switch = switch
        self.attempts: dict[str, tuple[tuple[str, datetime], ...]] = {}
        self.versions: dict[str, int] = {}
        self.everywhere: set[str] = set()
        self.by_campaign: dict[str, set[str]] = defaultdict(set)

    def get_many(self, campaign_id: str, phones: Iterable[str]) -> dict[str, Person]:
        return {phone: self.person(campaign_id, phone) for phone in phones}

    def person(self, campaign_id: str, phone: str) -> Person:
        suppressed = phone in self.everywhere or phone in self.by_campaign[campaign_id]
        return Person(phone, suppressed, self.attempts.get(phone, ()), self.versions.get(phone, 0))

    def add(self, phone: str, *, campaign_id: str | None, reason: str, at: datetime) -> None:
        _pass(self._switch, "before suppress")
        (self.everywhere if campaign_id is None else self.by_campaign[campaign_id]).add(phone)
        self.versions[phone] = self.versions.get(phone, 0) + 1
        _pass(self._switch, "after suppress")

    def replace_person(self, before: Person, after: Person) -> bool:
        if self.versions.get(before.phone, 0) != before.version:
            return False
        self.attempts[after.phone], self.versions[after.phone] = after.attempts, after.version
        return True


class _Line:
    """Contacts in an order of their own; those that have left are skipped and forgotten at the head."""

    def __init__(self) -> None:
        self.keys: list[tuple[float, str]] = []
        self._head = 0

    def join(self, key: tuple[float, str]) -> None:
        if not self.keys or self.keys[-1] <= key:
            self.keys.append(key)
            return
        insort(self.keys, key)
        self._head = 0

    def extend(self, keys: Iterable[tuple[float, str]]) -> None:
        self.keys.extend(keys)
        self.keys.sort()
        self._head = 0

    def page(self, after: str | None, present: dict[str, Contact], counter: str) -> Page:
        """Return up to a page of the contacts that stand in the line named ``counter``."""
        start = self._head
        if after is not None:
            rank, _, contact_id = after.partition("|")
            start = bisect_left(self.keys, (float(rank), contact_id + "\0"))
        found: list[Contact] = []
        at = start
        while at < len(self.keys) and len(found) < PAGE:
            contact = present[self.keys[at][1]]
            if contact.status is ContactStatus.PENDING and lines.line_of(contact) == counter:
                found.append(contact)
            elif at == self._head:
                self._head += 1
            at += 1
        last = self.keys[at - 1] if at > start else None
        return Page(found, f"{last[0]!r}|{last[1]}" if last and at < len(self.keys) else None)


class FakeContactStore(ContactStore, ContactIntake):
    """Contacts of any number of campaigns."""

    def __init__(self, campaigns: FakeCampaignStore, people: FakePeople, switch: KillSwitch | None = None) -> None:
        self._campaigns, self._people, self._switch = campaigns, people, switch
        self.contacts: dict[str, dict[str, Contact]] = defaultdict(dict)
        self._origins: dict[tuple[str, str], tuple[str, int]] = {}
        self._rows: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self._ready: dict[tuple[str, str], _Line] = defaultdict(_Line)
        self._delayed: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
        self._since: dict[tuple[str, ContactStatus], deque[tuple[datetime, str]]] = defaultdict(deque)

    def add(self, campaign_id: str, upload_id: str, arrivals: Sequence[Arrival]) -> list[Arrived]:
        answers, present = [], self.contacts[campaign_id]
        new: dict[str, list[tuple[float, str]]] = defaultdict(list)
        for arrival in arrivals:
            contact = arrival.contact
            origin = self._origins.setdefault((campaign_id, contact.id), (upload_id, arrival.line))
            same = origin == (upload_id, arrival.line)
            answers.append(Arrived.ACCEPTED if same else Arrived.DUPLICATE)
            if contact.id not in present:
                present[contact.id] = contact
                new[lines.line_of(contact) or ""].append((-contact.priority, contact.id))
                self._campaigns.count(campaign_id, lines.arrival([contact]))
        for line, keys in new.items():
            self._ready[campaign_id, line].extend(keys)
        return answers

    def count_rows(self, campaign_id: str, upload_id: str, *, invalid: int, duplicates: int) -> None:
        sums = self._campaigns.sums[campaign_id]
        sums.subtract(self._rows[campaign_id, upload_id])
        self._rows[campaign_id, upload_id] = Counter({"rows:invalid": invalid, "rows:duplicate": duplicates})
        sums.update(self._rows[campaign_id, upload_id])

    def get_many(self, campaign_id: str, contact_ids: Iterable[str]) -> dict[str, Contact]:
        present = self.contacts[campaign_id]
        return {id_: present[id_] for id_ in contact_ids if id_ in present}

    def ready(self, campaign_id: str, zones: tuple[str, ...], after: str | None = None) -> Page:
        line = "ready:" + ",".join(zones)
        return self._ready[campaign_id, line].page(after, self.contacts[campaign_id], line)

    def due(self, campaign_id: str, until: datetime, after: str | None = None) -> Page:
        self._forget_undelayed(campaign_id)
        heap = self._delayed[campaign_id]
        found: list[Contact] = []
        taken: list[tuple[datetime, str]] = []
        while heap and heap[0][0] <= until and len(found) < PAGE:
            entry = heapq.heappop(heap)
            contact = self.contacts[campaign_id][entry[1]]
            if contact.next_attempt_at == entry[0] and (not taken or taken[-1] != entry):
                taken.append(entry)
                if after is None or f"{entry[0].isoformat()}|{entry[1]}" > after:
                    found.append(contact)
        more = bool(heap) and heap[0][0] <= until
        for entry in taken:
            heapq.heappush(heap, entry)
        if not more or not taken:
            return Page(found, None)
        return Page(found, f"{taken[-1][0].isoformat()}|{taken[-1][1]}")

    def first_due(self, campaign_id: str) -> datetime | None:
        self._forget_undelayed(campaign_id)
        heap = self._delayed[campaign_id]
        return heap[0][0] if heap else None

    def stuck(self, campaign_id: str, status: ContactStatus, before: datetime, limit: int) -> list[Contact]:
        since, present = self._since[campaign_id, status], self.contacts[campaign_id]
        found: dict[str, Contact] = {}
        for at, contact_id in since:
            if at >= before or len(found) >= limit:
                break
            contact = present[contact_id]
            if contact.status is status and contact.queued_at == at:
                found[contact_id] = contact
        while since and _has_left(since[0], status, present):
            since.popleft()
        return list(found.values())

    def apply(self, moves: Sequence[Move]) -> list[Contact]:
        if not moves:
            return []
        _pass(self._switch, "before apply")
        done = [move.after for move in moves if self._do(move)]
        _pass(self._switch, "after apply")
        return done

    def claim(self, move: Move, before: Person, after: Person) -> bool:
        _pass(self._switch, "before claim")
        if not self._holds(move) or not self._people.replace_person(before, after):
            return False
        self._do(move)
        _pass(self._switch, "after claim")
        return True

    def _holds(self, move: Move) -> bool:
        before = move.before
        stored = self.contacts[before.campaign_id].get(before.id)
        return stored is not None and (stored.status, stored.attempt, stored.generation) == (
            before.status,
            before.attempt,
            before.generation,
        )

    def _do(self, move: Move) -> bool:
        if not self._holds(move):
            return False
        before, after = move.before, move.after
        campaign_id = before.campaign_id
        stored = self.contacts[campaign_id][before.id]
        if not before.features and stored.features:
            after = replace(after, features=stored.features)
        self.contacts[campaign_id][before.id] = after
        self._campaigns.count(campaign_id, move.counts)
        if after.status is ContactStatus.PENDING:
            if after.next_attempt_at is not None:
                heapq.heappush(self._delayed[campaign_id], (after.next_attempt_at, after.id))
            else:
                line = lines.line_of(after) or ""
                self._ready[campaign_id, line].join((-after.priority, after.id))
        elif after.queued_at is not None and after.status is not before.status:
            self._stand_since(campaign_id, after, after.queued_at)
        return True

    def _stand_since(self, campaign_id: str, contact: Contact, at: datetime) -> None:
        since = self._since[campaign_id, contact.status]
        since.append((at, contact.id))
        if len(since) > 1 and since[-2][0] > at:
            self._since[campaign_id, contact.status] = deque(sorted(since))

    def _forget_undelayed(self, campaign_id: str) -> None:
        heap, present = self._delayed[campaign_id], self.contacts[campaign_id]
        while heap and present[heap[0][1]].next_attempt_at != heap[0][0]:
            heapq.heappop(heap)


def _has_left(entry: tuple[datetime, str], status: ContactStatus, present: Mapping[str, Contact]) -> bool:
    at, contact_id = entry
    contact = present[contact_id]
    return contact.status is not status or contact.queued_at != at


def _standing(campaign: Campaign) -> tuple[object, ...]:
    return campaign.status, campaign.generation, campaign.active_execution


def _pass(switch: KillSwitch | None, name: str) -> None:
    if switch is not None:
        switch.point(name)
