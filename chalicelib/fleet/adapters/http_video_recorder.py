"""A device platform that speaks plain HTTP and JSON.

PUT {url}/vehicles/{vehicleId}/recordings/{incidentId} -> 200 or 201 {"recordingId"}
    the same incident again is the same recording; 404 unknown vehicle; 409 the vehicle has no camera
"""

from __future__ import annotations

import urllib.parse

from chalicelib.fleet.adapters.http_json import ask
from chalicelib.fleet.errors.incidents import VideoUnavailableError
from chalicelib.fleet.ports.incidents import VideoRecorder

TIMEOUT_SECONDS = 3.0


class HttpVideoRecorder(VideoRecorder):
    """See the module's docstring for the protocol."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    def start(self, vehicle_id: str, incident_id: str) -> str:
        """See `VideoRecorder.start`."""
        vehicle, incident = (urllib.parse.quote(one, safe="") for one in (vehicle_id, incident_id))
        status, answer = ask(
            "PUT",
            f"{self._url}/vehicles/{vehicle}/recordings/{incident}",
            {},
            timeout_seconds=TIMEOUT_SECONDS,
            failure=VideoUnavailableError,
        )
        recording = answer.get("recordingId")
        if status not in (200, 201) or not recording:
            raise VideoUnavailableError(f"the device platform answered {status} and no recording to {incident_id}")
        return str(recording)
