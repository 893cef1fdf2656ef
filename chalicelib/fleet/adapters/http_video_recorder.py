"""A device platform that speaks plain HTTP and JSON.

PUT {url}/vehicles/{vehicleId}/recordings/{incidentId} -> 200 or 201 {"recordingId"}
    the same incident again is the same recording; 404 unknown vehicle; 409 the vehicle has no camera
"""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request

from chalicelib.core.errors import ConfigurationError
from chalicelib.fleet.errors.incidents import VideoUnavailableError
from chalicelib.fleet.ports.incidents import VideoRecorder

TIMEOUT_SECONDS = 3.0


class HttpVideoRecorder(VideoRecorder):
    """See the module's docstring for the protocol."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    def start(self, vehicle_id: str, incident_id: str) -> str:
        """See `VideoRecorder.start`."""
        if not self._url.startswith(("http://", "https://")):
            raise ConfigurationError(f"environment variable VIDEO_URL is {self._url!r}, not http:// or https://")
        vehicle, incident = (urllib.parse.quote(one, safe="") for one in (vehicle_id, incident_id))
        request = urllib.request.Request(  # noqa: S310 - the scheme is checked above
            f"{self._url}/vehicles/{vehicle}/recordings/{incident}", method="PUT", data=b"{}",
            headers={"Content-Type": "application/json"},
        )  # fmt: skip
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:  # noqa: S310
                return str(json.load(response)["recordingId"])
        except urllib.error.HTTPError as error:
            raise VideoUnavailableError(f"the device platform answered {error.code}") from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise VideoUnavailableError(f"the device platform did not answer: {error}") from error
