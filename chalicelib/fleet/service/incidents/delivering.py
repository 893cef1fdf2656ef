"""Records that a notification arrived, as the channel's own operator reports it."""

from __future__ import annotations

from chalicelib.core.clock import Clock
from chalicelib.fleet.errors.incidents import IncidentNotFoundError
from chalicelib.fleet.ports.incidents import IncidentStore
from chalicelib.fleet.service.incidents import chronicle


def delivered(incident_id: str, notice_id: str, receipt: str, store: IncidentStore, clock: Clock) -> None:
    """Write the receipt; again is harmless, the first one is kept.

    Raises:
        IncidentNotFoundError: no such notification was sent.
    """
    if not store.delivered(incident_id, notice_id, receipt, clock.now()):
        raise IncidentNotFoundError(f"no notification {notice_id!r} of incident {incident_id[:100]!r} was sent")
    chronicle.write(incident_id, (), store)
