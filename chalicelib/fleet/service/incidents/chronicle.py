"""Keeps an incident's timeline up to date with what is known of it.

Facts are written where they happen (the machine's record, a notification's item, the acknowledgement); each
function that has a reason to look writes all of them into the timeline that are not there yet. So a crash between
a fact and its entry loses nothing: the next one to look adds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from chalicelib.core.clock import Clock
from chalicelib.fleet.domain.incidents.timeline import Entry, Happening, Head, continued, digest
from chalicelib.fleet.errors.incidents import TimelineBusyError
from chalicelib.fleet.ports.incidents import MOST_ENTRIES, Incident, IncidentStore

_TRIES = 8
"""Writers of one incident are few: its branches, its people."""


def write(
    incident_id: str, happenings: Iterable[Happening], store: IncidentStore, known: Incident | None = None
) -> Incident:
    """Append ``happenings`` and every known fact that the timeline lacks; return the incident as it was read.

    Raises:
        TimelineBusyError: others were faster each time.
    """
    wanted = list(happenings)
    for _ in range(_TRIES):
        incident = known or store.load(incident_id) or Incident(incident_id)
        known = None
        new = continued(incident_id, incident.entries, [*facts(incident), *wanted])
        if _appended(incident, new, store):
            return incident
    raise TimelineBusyError(f"the timeline of {incident_id} changed {_TRIES} times while it was written")


def _appended(incident: Incident, new: Sequence[Entry], store: IncidentStore) -> bool:
    """Append in the order given, as many at once as the store takes; False when somebody else was faster.

    What was appended before that, or before a crash, stays: it is sealed, and the next writer goes on after it.
    """
    head = incident.head
    for start in range(0, len(new), MOST_ENTRIES):
        part = new[start : start + MOST_ENTRIES]
        if not store.append(incident.id, head, part):
            return False
        head = Head(part[-1].number, part[-1].hash)
    return True


def facts(incident: Incident) -> Iterator[Happening]:
    """Yield what the incident's items say that happened."""
    if (record := incident.record) is not None:
        data = {"event": digest(record.event), "execution": record.execution_arn}
        yield Happening(record.recorded_at, "recorded", "recorded", data)
    for notice in incident.notices.values():
        told = {"notification": notice.id, "channel": notice.channel, "who": notice.who}
        if notice.sent_at is not None:
            yield Happening(notice.sent_at, "sent", f"sent:{notice.id}", told | {"messageId": notice.message_id})
        if notice.delivered_at is not None:
            receipt = told | {"receipt": notice.receipt}
            yield Happening(notice.delivered_at, "delivered", f"delivered:{notice.id}", receipt)
    if (given := incident.acknowledgement) is not None:
        yield Happening(given.at, "acknowledged", "acknowledged", {"by": given.by, "via": given.via})


def now_text(clock: Clock) -> str:
    """Return the time as timelines write it."""
    return clock.now().isoformat(timespec="milliseconds")
