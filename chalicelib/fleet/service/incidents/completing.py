"""Sums up what the response did: the seed's output, what failed, and whom to ask for an acknowledgement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from chalicelib.core.clock import Clock
from chalicelib.fleet.domain.incidents import escalation, report
from chalicelib.fleet.domain.incidents.escalation import Stage
from chalicelib.fleet.domain.incidents.timeline import Happening
from chalicelib.fleet.ports.incidents import IncidentStore
from chalicelib.fleet.service.incidents import chronicle

_CHANNELS = {
    "authoritiesNotification": "authorities",
    "ownerNotification": "owner",
    "videoRecording": "video recording",
}
_IMPLAUSIBLE_SECONDS = 86_400
"""An event older than that at its arrival has a wrong clock: the time is measured from the arrival."""


@dataclass(frozen=True, slots=True)
class Ports:
    """What completing needs."""

    store: IncidentStore
    stages: Sequence[Stage]


def complete(
    event: Mapping[str, Any], state: Mapping[str, Any], started_at: str, ports: Ports, clock: Clock
) -> dict[str, Any]:
    """Write the response into the timeline and return the execution's next state.

    Args:
        event: the execution's input.
        state: the execution's state: ``parallelResults``, ``incidentRecord``, and what failed.
        started_at: the execution's start, ISO 8601.
        ports: see `Ports`.
        clock: for entries without a time of their own.

    Returns:
        ``incidentRecord, parallelResults, executionTime`` as the seed has them, then ``incidentId, failedChannels
        [{channel, error, cause}], attentionDue, escalation`` (see `domain.incidents.escalation.as_state`).
    """
    incident = report.incident_id(event["vehicleId"], event["eventTimestamp"])
    results = list(state.get("parallelResults", []))
    failed = list(_failed(results))
    drill = event.get("drill") is True
    at = chronicle.now_text(clock)
    happenings = [*_recordings(results, at), *_failures(failed, at)]
    chronicle.write(
        incident, [*happenings, Happening(at, "responded", "responded", {"failed": len(failed)})], ports.store
    )
    ports.store.mark(incident, needs_review=bool(failed), drill=drill)
    problems = event.get("report", {}).get("problems", [])
    trouble = [name for name in ("recordFailure", "statusFailure") if name in state]
    return {
        "incidentRecord": state.get("incidentRecord"),
        "parallelResults": results,
        "executionTime": f"{_seconds(event, results, started_at):.2f}s",
        "incidentId": incident,
        "failedChannels": failed,
        "attentionDue": bool(failed or problems or trouble),
        "escalation": escalation.as_state(ports.stages if report.is_high_priority(event) else ()),
    }


def _failed(results: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, str]]:
    for result in results:
        for name, channel in _CHANNELS.items():
            if isinstance(part := result.get(name), Mapping) and "Error" in part:
                yield {"channel": channel, "error": str(part["Error"]), "cause": str(part.get("Cause", ""))[:500]}


def _recordings(results: Sequence[Mapping[str, Any]], at: str) -> Iterator[Happening]:
    for result in results:
        if isinstance(part := result.get("videoRecording"), Mapping) and "RecordingId" in part:
            yield Happening(at, "recording", "recording", {"recordingId": part["RecordingId"]})


def _failures(failed: Sequence[Mapping[str, str]], at: str) -> Iterator[Happening]:
    for one in failed:
        yield Happening(at, "failed", f"failed:{one['channel']}", one)


def _seconds(event: Mapping[str, Any], results: Sequence[Mapping[str, Any]], started_at: str) -> float:
    """Return the seconds from the event's time stamp to the last notification's message id."""
    told = [
        datetime.fromisoformat(part["SentAt"])
        for result in results
        for part in result.values()
        if isinstance(part, Mapping) and part.get("SentAt")
    ]
    started = datetime.fromisoformat(started_at)
    began = datetime.fromtimestamp(event["eventTimestamp"] / 1000, UTC)
    if abs((started - began).total_seconds()) > _IMPLAUSIBLE_SECONDS:
        received = event.get("report", {}).get("receivedAt")
        began = started if received is None else datetime.fromtimestamp(received / 1000, UTC)
    return max(0.0, (max(told, default=began) - began).total_seconds())
