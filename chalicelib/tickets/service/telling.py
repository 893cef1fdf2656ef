"""Says in Slack what is stored: a recommendation, an alert, the week's share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from chalicelib.core.clock import Clock
from chalicelib.core.slack import Message, Posted
from chalicelib.tickets import wording
from chalicelib.tickets.domain.assignment import Share, week_of, weekly_share
from chalicelib.tickets.domain.recommendation import Recommendation
from chalicelib.tickets.domain.record import Standing, TicketRecord
from chalicelib.tickets.errors import TicketNotFoundError
from chalicelib.tickets.ports.slack import Messenger
from chalicelib.tickets.ports.smes import SmeDirectory
from chalicelib.tickets.ports.tickets import TicketStore
from chalicelib.tickets.service.records import change, known


@dataclass(frozen=True, slots=True)
class Ports:
    """What speaking needs of the world."""

    store: TicketStore
    smes: SmeDirectory
    messenger: Messenger
    channel: str
    """Where experts read; a Slack channel's id."""
    operations_channel: str
    """Where operators read."""


def recommendation_message(ticket_id: str, recommendation_id: str, store: TicketStore) -> Message:
    """Return a stored recommendation as it stands now."""
    one = store.recommendation(ticket_id, recommendation_id)
    return wording.recommendation(one, store.assignment(ticket_id))


def post_again(ticket_id: str, ports: Ports, clock: Clock) -> dict[str, Any]:
    """Post the stored recommendation, without matching again; one that stands in Slack is found, not doubled.

    Returns:
        ``{"ticket_id", "channel", "message_ts"}``.

    Raises:
        TicketNotFoundError: no such ticket, or nothing was recommended for it yet.
        SlackUnavailableError, SlackRejectedError: see `chalicelib.core.slack`.
    """
    record = known(ports.store, ticket_id)
    if not record.recommendation_id:
        raise TicketNotFoundError(f"nothing was recommended for ticket {ticket_id} yet")
    message = recommendation_message(ticket_id, record.recommendation_id, ports.store)
    posted = ports.messenger.post(ports.channel, message)
    note_posted(ticket_id, record.recommendation_id, posted, ports.store, clock)
    return {"ticket_id": ticket_id, "channel": posted.channel, "message_ts": posted.ts}


def note_posted(ticket_id: str, recommendation_id: str, posted: Posted, store: TicketStore, clock: Clock) -> None:
    """Keep where a recommendation stands in Slack."""

    def noted(record: TicketRecord | None) -> TicketRecord | None:
        if record is None or record.recommendation_id != recommendation_id:
            return None
        standing = record.standing if record.standing is Standing.SOLVED else Standing.POSTED
        return replace(
            record,
            standing=standing,
            channel=posted.channel,
            message_ts=posted.ts,
            problem="",
            updated_at=clock.now(),
        )

    change(store, ticket_id, noted)


def alert_low_confidence(ticket_id: str, recommendation_id: str, ports: Ports) -> dict[str, str]:
    """Tell operators that nobody is probable enough; returns ``{"message_ts", "channel"}``."""
    one = ports.store.recommendation(ticket_id, recommendation_id)
    posted = ports.messenger.post(ports.operations_channel, wording.low_confidence(one))
    return {"message_ts": posted.ts, "channel": posted.channel}


def nobody_available_message(ticket_id: str, recommendation_id: str, store: TicketStore) -> Message:
    """Return the alert that nobody is eligible."""
    one: Recommendation = store.recommendation(ticket_id, recommendation_id)
    return wording.nobody_available(one)


def shares(week: str, store: TicketStore, smes: SmeDirectory) -> list[tuple[str, Share]]:
    """Return (name, share) of each expert in an ISO week, the largest first."""
    names = {profile.cre_id: profile.name for profile in smes.all()}
    found = weekly_share(store.labels_of(week))
    return [(names.get(share.cre_id, share.cre_id), share) for share in found]


def post_weekly_share(ports: Ports, clock: Clock) -> dict[str, Any]:
    """Post last week's shares; returns ``{"week", "experts"}``."""
    week = last_week(clock.now().date())
    found = shares(week, ports.store, ports.smes)
    ports.messenger.post(ports.operations_channel, wording.weekly_share(week, found))
    return {"week": week, "experts": len(found)}


def last_week(today: date) -> str:
    """Return the ISO week before the one ``today`` is in."""
    return week_of(today - timedelta(days=7))
