"""One wave: the best contacts that may be called now go into the dial queue.

A contact is written QUEUED, with the number of the attempt, before its message is sent. A crash between the two
leaves a queued contact without a message; ``watching`` takes it back. What is read here of suppressions and caps
keeps the wave clean; the dialer asks again, because a message may lie in the queue for a while.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.campaigns.domain import figures, lines, pacing
from chalicelib.campaigns.domain.campaign import Campaign, CampaignStatus
from chalicelib.campaigns.domain.contact import Contact, ContactStatus
from chalicelib.campaigns.domain.holds import Decision, judge
from chalicelib.campaigns.domain.windows import WindowBook
from chalicelib.campaigns.ports.calls import DialQueue, DialTask
from chalicelib.campaigns.ports.stores import CampaignStore, ContactStore, Page, People
from chalicelib.campaigns.service import closing, moves
from chalicelib.campaigns.service.books import book_of
from chalicelib.core.clock import Clock

BATCH = 99
"""Contacts judged and written at once: with one counter shard they fill a transaction of 100."""
BUDGET_SECONDS = 240.0
"""Of the 300 s the state allows: what a wave may take."""


@dataclass(frozen=True, slots=True)
class Run:
    """The execution that asks, and the generation of the campaign it runs."""

    campaign_id: str
    generation: int
    execution_arn: str
    started_at: datetime
    """When the execution started: the older, the longer its waves."""

    @classmethod
    def from_event(cls, event: Mapping[str, Any]) -> Run:
        """Return the run that a task's input names."""
        started_at = datetime.fromisoformat(event["startedAt"])
        return cls(event["campaignId"], event["generation"], event["executionArn"], started_at)

    def runs(self, campaign: Campaign) -> bool:
        """Return whether ``campaign`` still is this execution's."""
        return (campaign.generation, campaign.active_execution) == (self.generation, self.execution_arn)

    def patience_seconds(self, now: datetime) -> int:
        """Return how long a wave of this execution may last, see `pacing.patience_seconds`."""
        return pacing.patience_seconds((now - self.started_at).total_seconds())


@dataclass(frozen=True, slots=True)
class Ports:
    """What dispatching needs of the world."""

    campaigns: CampaignStore
    contacts: ContactStore
    people: People
    queue: DialQueue


@dataclass(frozen=True, slots=True)
class Wave:
    """What a wave did, and what is left."""

    contact_count: int
    """Contacts queued now."""
    remaining: int
    """Contacts of the campaign in no final state, those just queued counted."""
    called: int
    """Calls begun so far, in all waves."""
    held: dict[str, int]
    """Reason -> contacts that wait for it."""
    next_eligible_at: datetime | None

    def as_dict(self) -> dict[str, Any]:
        """Return the wave as the state machine carries it."""
        return {
            "contactCount": self.contact_count,
            "remaining": self.remaining,
            "called": self.called,
            "held": self.held,
            "nextEligibleAt": self.next_eligible_at.isoformat() if self.next_eligible_at else None,
        }


def dispatch(run: Run, ports: Ports, clock: Clock) -> Wave:
    """Queue one wave of the campaign and return what it came to.

    A campaign that was paused, cancelled or taken over queues nothing: status-checker says why.

    Raises:
        CampaignNotFoundError: there is no such campaign.
        ConflictError: the campaign was moved at this moment; asked again, it is clear where it stands.
    """
    now = clock.now()
    campaign = ports.campaigns.get(run.campaign_id)
    if run.runs(campaign) and campaign.status is CampaignStatus.SCHEDULED:
        active = replace(campaign, status=CampaignStatus.ACTIVE, updated_at=now)
        ports.campaigns.move(campaign, active)
        campaign = active
    book = book_of(campaign)
    queued = 0
    if run.runs(campaign) and campaign.status is CampaignStatus.ACTIVE:
        counts = ports.campaigns.counters(campaign.id, hours=False)
        standing = lines.standing(campaign, counts, book, now)
        size = size_of(campaign, standing, counts, now, horizon_seconds=run.patience_seconds(now))
        queued = ports.queue.send(_written(campaign, book, standing, size, ports, clock))
    counts = ports.campaigns.counters(campaign.id, hours=False)
    standing = lines.standing(campaign, counts, book, now)
    called = lines.calls_begun(counts)
    if standing.unfinished == 0 and called == 0 and campaign.status is CampaignStatus.ACTIVE:
        closing.complete(campaign, ports.campaigns, now)
    return Wave(
        queued, standing.unfinished, called, dict(standing.held), next_eligible(campaign, standing, ports.contacts)
    )


def size_of(
    campaign: Campaign,
    standing: lines.Standing,
    counts: figures.Counts,
    now: datetime,
    *,
    horizon_seconds: int = pacing.MAX_DELAY_SECONDS,
) -> int:
    """Return how many contacts a wave of ``horizon_seconds`` may take."""
    return pacing.wave_size(
        calls_per_second=campaign.calls_per_second,
        budget_seconds=BUDGET_SECONDS,
        max_concurrent=campaign.max_concurrent_calls,
        queued=standing.queued,
        calling=standing.calling,
        horizon_seconds=horizon_seconds,
        concurrency_factor=pacing.concurrency_factor(*figures.abandoned_and_live(counts, now.date())),
    )


def next_eligible(campaign: Campaign, standing: lines.Standing, contacts: ContactStore) -> datetime | None:
    """Return when the first held contact may be called: the brake is off, its window opens, or its delay ends."""
    if standing.braked_until is not None:
        return standing.braked_until
    delayed = contacts.first_due(campaign.id) if standing.delayed else None
    return min((at for at in (standing.next_opening, delayed) if at is not None), default=None)


def select(
    campaign: Campaign,
    book: WindowBook,
    standing: lines.Standing,
    contacts: ContactStore,
    people: People,
    now: datetime,
) -> Iterator[list[tuple[Contact, Decision]]]:
    """Yield the contacts that could be called now with what the rules say of each, best first, a batch at a time.

    First those whose delay has ended, then the ready ones of every zone set that is open, merged by priority.
    Reads as far as it is asked to; writes nothing, so it also answers "what would a wave do".
    """
    waiting = itertools.chain(_due(campaign, contacts, now), _ready(campaign, standing, contacts))
    while batch := list(itertools.islice(waiting, BATCH)):
        known = people.get_many(campaign.id, (contact.phone for contact in batch))
        yield [
            (
                contact,
                judge(
                    contact,
                    campaign,
                    now,
                    book=book,
                    person_attempts=[at for _, at in known[contact.phone].attempts],
                    suppressed=known[contact.phone].suppressed,
                ),
            )
            for contact in batch
        ]


def _written(
    campaign: Campaign, book: WindowBook, standing: lines.Standing, size: int, ports: Ports, clock: Clock
) -> Iterator[DialTask]:
    """Write up to ``size`` contacts QUEUED and yield the task of each once it is written.

    Ends when the time is up, too: a wave that a slow store made shorter is followed by another, one that outlasts
    its task fails the campaign.
    """
    written, now = 0, clock.now()
    if size <= 0:
        return
    for batch in select(campaign, book, standing, ports.contacts, ports.people, now):
        ready = [contact for contact, decision in batch if decision.ready][: size - written]
        changes = [moves.turn_away(contact, decision) for contact, decision in batch if not decision.ready]
        for place, contact in enumerate(ready, start=standing.queued + written):
            delay = pacing.dial_delay_seconds(place, campaign.calls_per_second)
            changes.append(moves.queue(contact, campaign.generation, now, delay))
        tasks = _tasks(ports.contacts.apply(changes), now)
        yield from tasks
        written += len(tasks)
        if written >= size or (clock.now() - now).total_seconds() >= BUDGET_SECONDS:
            return


def _tasks(contacts: Iterable[Contact], now: datetime) -> list[DialTask]:
    return [
        task_of(contact, contact.queued_at, now)
        for contact in contacts
        if contact.status is ContactStatus.QUEUED and contact.queued_at is not None
    ]


def task_of(contact: Contact, due_at: datetime, now: datetime) -> DialTask:
    """Return the dial task of ``contact``'s attempt, to be called from ``due_at`` on."""
    wait = int((due_at - now).total_seconds())
    return DialTask(
        contact.campaign_id,
        contact.id,
        contact.attempt,
        contact.generation,
        due_at=int(due_at.timestamp()),
        delay_seconds=max(0, min(pacing.MAX_DELAY_SECONDS, wait)),
    )


def _due(campaign: Campaign, contacts: ContactStore, now: datetime) -> Iterator[Contact]:
    return _all(lambda after: contacts.due(campaign.id, now, after))


def _ready(campaign: Campaign, standing: lines.Standing, contacts: ContactStore) -> Iterator[Contact]:
    open_lines = (_line(campaign, zones, contacts) for zones in standing.open_zones)
    return heapq.merge(*open_lines, key=lambda contact: -contact.priority)


def _line(campaign: Campaign, zones: tuple[str, ...], contacts: ContactStore) -> Iterator[Contact]:
    return _all(lambda after: contacts.ready(campaign.id, zones, after))


def _all(page_after: Callable[[str | None], Page]) -> Iterator[Contact]:
    """Yield the contacts of a line, a page at a time, as far as they are asked for."""
    after: str | None = None
    while True:
        page = page_after(after)
        yield from page.contacts
        if (after := page.after) is None:
            return
