"""Somebody takes charge: from then on nobody is told any more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.core.clock import Clock
from chalicelib.core.errors import SignalboxError
from chalicelib.core.log import logger
from chalicelib.fleet.domain.incidents import words
from chalicelib.fleet.errors.incidents import IncidentNotFoundError
from chalicelib.fleet.ports.incidents import (
    Acknowledgement,
    Channels,
    EmergencyRuns,
    Incident,
    IncidentStore,
    Notice,
)
from chalicelib.fleet.service.incidents import chronicle
from chalicelib.fleet.service.incidents.chronicle import now_text


@dataclass(frozen=True, slots=True)
class Ports:
    """What acknowledging needs."""

    store: IncidentStore
    channels: Channels
    runs: EmergencyRuns


@dataclass(frozen=True, slots=True)
class Answer:
    """What the acknowledging person is told."""

    acknowledgement: Acknowledgement
    """The one that counts: the first."""
    first: bool
    on_their_way: tuple[str, ...]
    """Notifications handed over before, whose message ids are not known yet: they may still arrive."""


def acknowledge(incident_id: str, by: str, via: str, ports: Ports, clock: Clock) -> Answer:
    """Acknowledge an incident; again is harmless, and answers who was first.

    The acknowledgement and the claim of a notification are conditional writes of one item, so there is an order
    between them: what is claimed before may still arrive, and nothing is claimed after.

    Raises:
        IncidentNotFoundError: there is no such incident.
    """
    incident = ports.store.load(incident_id)
    if incident is None:
        raise IncidentNotFoundError(f"there is no incident {incident_id[:100]!r}")
    given = Acknowledgement(by, now_text(clock), via)
    answer = ports.store.acknowledge(incident_id, given)
    if answer.task_token is not None:
        ports.runs.acknowledged(answer.task_token, answer.acknowledgement)
    chronicle.write(incident_id, (), ports.store)
    ports.store.mark(incident_id, acknowledged=True)
    # Each time: a message that was under way at the first has its button still.
    _close(incident, answer.notices.values(), answer.acknowledgement, ports.channels)
    under_way = tuple(sorted(one.id for one in answer.notices.values() if one.message_id is None))
    return Answer(answer.acknowledgement, answer.first, under_way)


def _close(incident: Incident, notices: Iterable[Notice], given: Acknowledgement, channels: Channels) -> None:
    """Take the buttons from messages in Slack; that one stays is no reason to fail."""
    event = incident.record.event if incident.record is not None else {}
    said = words.emergency(event, incident.id)
    said = words.Words(said.subject, f"{said.text}\nAcknowledged by {given.by} at {given.at}.")
    for notice in notices:
        if notice.channel == "slack" and notice.message_id is not None:
            try:
                channels.close(notice.message_id, said)
            except SignalboxError as error:
                logger().warning("a message keeps its button", incident=incident.id, error=str(error))
