"""Where a campaign stands, what comes next, and how long to wait for it.

    repair.py  takes back what a crash left behind: queued and not called, called and not heard of
    waits.py   whether another wave is due, and how long to sleep

Reads counters, the head of three lines and nothing else: a look costs the same for ten contacts and ten million.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.campaigns.domain import figures, lines, pacing
from chalicelib.campaigns.domain.campaign import Campaign, CampaignStatus
from chalicelib.campaigns.ports.calls import DialQueue
from chalicelib.campaigns.ports.stores import CampaignStore, ContactStore
from chalicelib.campaigns.service import closing, settling
from chalicelib.campaigns.service.books import book_of
from chalicelib.campaigns.service.dispatching import Run
from chalicelib.campaigns.service.watching import repair, waits
from chalicelib.core.clock import Clock


@dataclass(frozen=True, slots=True)
class Ports:
    """What watching needs of the world."""

    campaigns: CampaignStore
    contacts: ContactStore
    queue: DialQueue
    settle: settling.Ports


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of the state machine's loop, as far as status-checker is told."""

    run: Run
    before: Mapping[str, Any]
    """The last ``statusResult``."""
    dispatch_retries: int
    """Times the last dispatch was retried."""
    own_retries: int
    """Times this very look was retried."""

    @classmethod
    def from_event(cls, event: Mapping[str, Any]) -> Turn:
        """Return the turn that the task's input describes."""
        return cls(
            Run.from_event(event),
            event["statusResult"],
            event["dispatchResult"].get("retryCount", 0),
            event.get("retryCount", 0),
        )

    @property
    def dispatched(self) -> bool:
        """Return whether a wave was sent since the last look."""
        return self.before["turn"] == 0 or bool(self.before.get("needsMoreContacts"))

    def history_events(self) -> int:
        """Return the execution's history events up to the end of this turn."""
        events = int(self.before["historyEvents"]) + pacing.MONITOR_TURN_EVENTS
        retries = self.own_retries
        if self.dispatched:
            events += pacing.DISPATCH_TURN_EVENTS
            retries += self.dispatch_retries
        return events + retries * pacing.LAMBDA_RETRY_EVENTS


def check(turn: Turn, ports: Ports, clock: Clock) -> dict[str, Any]:
    """Repair what is broken, close the campaign when it is done, and return the next ``statusResult``.

    Returns:
        ``status`` (``active``, ``draining``, ``completed``, ``paused``, ``cancelled`` or ``failed``),
        ``totalContacts``, ``completedContacts``, ``completionPercentage`` (0 to 100), ``metrics``,
        ``waitSeconds``, ``needsMoreContacts``, ``historyBudgetSpent``, ``historyEvents`` and ``turn``.

    Raises:
        CampaignNotFoundError: there is no such campaign.
        ConflictError: the campaign was moved at this moment; asked again, it is clear where it stands.
    """
    now = clock.now()
    campaign = ports.campaigns.get(turn.run.campaign_id)
    book = book_of(campaign)
    mine = turn.run.runs(campaign)
    if mine:
        repair.repair(campaign, ports.contacts, ports.queue, ports.settle, now)
    counts = ports.campaigns.counters(campaign.id, hours=False)
    standing = lines.standing(campaign, counts, book, now)
    look = waits.look(turn.run, campaign, counts, standing, ports.contacts, turn.before, now)
    if mine and campaign.status is CampaignStatus.ACTIVE and look.done:
        campaign = closing.complete(campaign, ports.campaigns, now)
    status = _status(campaign, standing, mine=mine)
    events = turn.history_events()
    read = lines.settled_counts(campaign, counts)
    return {
        "status": status,
        "totalContacts": figures.total_contacts(read),
        "completedContacts": figures.completed_contacts(read),
        "completionPercentage": figures.completion_percentage(read),
        "metrics": _metrics(read, standing, look, now),
        "waitSeconds": look.wait_seconds if status == "active" else pacing.MIN_WAIT_SECONDS,
        "needsMoreContacts": look.needs_more and status == "active",
        "historyBudgetSpent": pacing.history_budget_spent(events) and status in ("active", "draining"),
        "historyEvents": events,
        "turn": int(turn.before["turn"]) + 1,
    }


def _status(campaign: Campaign, standing: lines.Standing, *, mine: bool) -> str:
    """Return the status as the state machine reads it."""
    if not mine:  # a later start or resume has taken the campaign over
        return CampaignStatus.PAUSED.value
    if campaign.status is CampaignStatus.CANCELLED and standing.calling:
        return "draining"
    return campaign.status.value


def _metrics(counts: figures.Counts, standing: lines.Standing, look: waits.Look, now: datetime) -> dict[str, Any]:
    found = figures.figures(counts)
    return {
        "statuses": found.statuses,
        "dispositions": found.dispositions,
        "calls": found.calls,
        "callsBegun": lines.calls_begun(counts),
        "connectRate": round(found.connect_rate, 4),
        "costCents": found.cost_cents,
        "talkSeconds": found.talk_seconds,
        "held": dict(standing.held),
        "nextEligibleAt": look.next_eligible_at.isoformat() if look.next_eligible_at else None,
        "checkedAt": now.isoformat(),
    }
