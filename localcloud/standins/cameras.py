"""The device platform that runs the vehicles' cameras.

PUT /vehicles/{vehicleId}/recordings/{incidentId}    201 {"recordingId"}, 200 when it runs already
GET /recordings                                      every recording
"""

from __future__ import annotations

import json
import re
import threading
import uuid
from urllib.parse import unquote

from localcloud.web_server import QuietHandler, Serving, serve

_RECORDING = re.compile(r"/vehicles/(?P<vehicle>[^/]+)/recordings/(?P<incident>[^/]+)")


class Cameras:
    """Every vehicle has one."""

    def __init__(self) -> None:
        self._recordings: dict[str, dict[str, str]] = {}
        self._lock = threading.Lock()

    @property
    def recordings(self) -> list[dict[str, str]]:
        """Every recording started, oldest first."""
        with self._lock:
            return list(self._recordings.values())

    def start(self, vehicle_id: str, incident_id: str) -> tuple[int, dict[str, str]]:
        """Answer PUT: status and body."""
        with self._lock:
            known = incident_id in self._recordings
            recording = self._recordings.setdefault(
                incident_id,
                {
                    "recordingId": str(uuid.uuid5(uuid.NAMESPACE_URL, incident_id)),
                    "vehicleId": vehicle_id,
                    "incidentId": incident_id,
                },
            )
        return (200 if known else 201), {"recordingId": recording["recordingId"]}


def serve_cameras(cameras: Cameras, port: int = 0) -> Serving:
    """Serve the platform's API; its address is the functions' VIDEO_URL."""

    class Handler(QuietHandler):
        def respond(self) -> None:
            self.read_body()
            wanted = _RECORDING.fullmatch(self.path)
            if self.command == "PUT" and wanted is not None:
                self._send(*cameras.start(unquote(wanted["vehicle"]), unquote(wanted["incident"])))
            elif self.command == "GET" and self.path == "/recordings":
                self._send(200, {"recordings": cameras.recordings})
            else:
                self._send(404, {"error": "not_found"})

        def _send(self, status: int, body: object) -> None:
            self.answer(status, json.dumps(body).encode(), {"Content-Type": "application/json"})

    return serve(Handler, port, what="the cameras")
