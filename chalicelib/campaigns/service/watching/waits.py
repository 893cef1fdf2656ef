"""Whether another wave is due, and how long to sleep: few state transitions, and no line left idle.

While calls are placed, a look comes when nine tenths of the queue have drained. Contacts whose delay ends in the
meantime are gathered: the older the execution, the longer (an hour at most), because a campaign that dials for two
weeks must not pay for a turn every few minutes. When all are held, one sleep lasts until the first is free.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.campaigns.domain import figures, lines, pacing
from chalicelib.campaigns.domain.campaign import Campaign
from chalicelib.campaigns.ports.stores import ContactStore
from chalicelib.campaigns.service.dispatching import Run, size_of


@dataclass(frozen=True, slots=True)
class Look:
    """What comes next."""

    done: bool
    """Nothing is in the queue or on the line, and nobody will ever be callable again."""
    needs_more: bool
    wait_seconds: int
    next_eligible_at: datetime | None


def look(
    run: Run,
    campaign: Campaign,
    counts: figures.Counts,
    standing: lines.Standing,
    contacts: ContactStore,
    before: Mapping[str, Any],
    now: datetime,
) -> Look:
    """Return what comes next for an active campaign.

    Args:
        run: the execution that asks.
        campaign: the campaign.
        counts: its counters.
        standing: what they say.
        contacts: asked for the first delay that ends.
        before: the last ``statusResult``, for the rate at which calls were begun since.
        now: the time.
    """
    ended = campaign.end_at is not None and now >= campaign.end_at
    first_due = contacts.first_due(campaign.id) if standing.delayed and not ended else None
    next_at = min((at for at in (standing.next_opening, first_due) if at is not None), default=None)
    if standing.braked_until is not None:
        next_at = standing.braked_until
    idle = standing.queued == 0 and standing.calling == 0
    held_all = ended or standing.braked_until is not None
    callable_now = 0 if held_all else standing.ready_now + _due(campaign, contacts, first_due, now)
    if idle and callable_now == 0 and (ended or (next_at is None and standing.delayed == 0)):
        return Look(True, False, pacing.MIN_WAIT_SECONDS, None)
    patience = run.patience_seconds(now)
    room = size_of(campaign, standing, counts, now, horizon_seconds=patience)
    needs_more = callable_now > 0 and room > 0 and standing.queued <= room / 4
    queue = standing.queued + (min(room, callable_now) if needs_more else 0)
    rate = _calls_per_second(campaign, counts, before, now)
    drain = pacing.wait_seconds(rate, queue, longest_seconds=patience)
    if callable_now > room or (callable_now and not needs_more):  # the lines are kept busy wave after wave
        wait = drain
    elif queue or standing.calling:
        others = standing.unfinished - queue - standing.calling
        wait = max(drain, _gathering(run, now) if others > 0 else pacing.FIRST_WAIT_SECONDS)
    elif next_at is not None and next_at == first_due:
        wait = max(pacing.wait_until(now, next_at, campaign.end_at), _gathering(run, now))
    else:
        wait = pacing.wait_until(now, next_at, campaign.end_at)
    return Look(False, needs_more, _not_beyond_end(wait, campaign, now), next_at)


def _due(campaign: Campaign, contacts: ContactStore, first_due: datetime | None, now: datetime) -> int:
    """Return how many delays have ended: exact up to a page of them, which is as much as is asked."""
    if first_due is None or first_due > now:
        return 0
    return len(contacts.due(campaign.id, now).contacts)


def _gathering(run: Run, now: datetime) -> int:
    """Return the seconds in which contacts that become free are gathered, a minute at first."""
    age = int((now - run.started_at).total_seconds() / 24)
    return min(run.patience_seconds(now), max(pacing.FIRST_WAIT_SECONDS, age))


def _calls_per_second(
    campaign: Campaign, counts: figures.Counts, before: Mapping[str, Any], now: datetime
) -> float:
    """Return the rate at which calls were begun since the last look; else the campaign's own."""
    metrics = before.get("metrics") or {}
    if checked_at := metrics.get("checkedAt"):
        seconds = (now - datetime.fromisoformat(checked_at)).total_seconds()
        begun = lines.calls_begun(counts) - int(metrics["callsBegun"])
        if begun > 0 and 0 < seconds <= 2 * pacing.LONGEST_WAVE_SECONDS and before.get("needsMoreContacts"):
            return begun / seconds
    return campaign.calls_per_second


def _not_beyond_end(wait: int, campaign: Campaign, now: datetime) -> int:
    if campaign.end_at is None or campaign.end_at <= now:
        return wait
    return min(wait, pacing.wait_until(now, None, campaign.end_at))
