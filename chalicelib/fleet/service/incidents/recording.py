"""Starts the vehicle's cameras."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.fleet.domain.incidents.report import incident_id
from chalicelib.fleet.ports.incidents import VideoRecorder


def record(event: Mapping[str, Any], recorder: VideoRecorder) -> dict[str, Any]:
    """Return ``{"recordingId"}``; asked again, the same one.

    Raises:
        VideoUnavailableError: no recording was started.
    """
    incident = incident_id(event["vehicleId"], event["eventTimestamp"])
    return {"recordingId": recorder.start(str(event["vehicleId"]), incident)}
