"""The platform that follows vehicles.

PUT    /contracts/{id}/vehicles {"vehicles": [{"number", "plate"}]}   switches them on; plates of XXX are refused
GET    /contracts/{id}/vehicles                                       which are on
DELETE /contracts/{id}/vehicles                                       switches all off, for good: a PUT is 409 then
"""

from __future__ import annotations

import json
import re
import threading
from typing import Any
from urllib.parse import unquote

from localcloud.web_server import QuietHandler, Serving, serve

_PATH = re.compile(r"/contracts/(?P<contract>[^/]+)/vehicles")
REFUSED = "XXX-"
"""Plates that begin so are not known to the authorities."""


class VehiclePlatform:
    """Which vehicles are on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._on: dict[str, dict[int, str | None]] = {}
        self._ended: set[str] = set()

    def activate(self, contract_id: str, request: Any) -> tuple[int, dict[str, Any]]:
        """Answer PUT."""
        vehicles = request.get("vehicles") if isinstance(request, dict) else None
        if not isinstance(vehicles, list) or not all(
            isinstance(one, dict) and "number" in one for one in vehicles
        ):
            return 422, {"error": "vehicles: a list of objects with a number is required"}
        with self._lock:
            if contract_id in self._ended:
                return 409, {"error": "ended"}
            on = self._on.setdefault(contract_id, {})
            answers = []
            for one in vehicles:
                refused = str(one.get("plate") or "").startswith(REFUSED)
                if not refused:
                    on[one["number"]] = one.get("plate")
                reason = "the plate is not registered" if refused else None
                status = "refused" if refused else "active"
                answers.append({"number": one["number"], "status": status, "reason": reason})
            return 200, {"vehicles": answers}

    def on(self, contract_id: str) -> tuple[int, dict[str, Any]]:
        """Answer GET."""
        with self._lock:
            found = [{"number": n, "plate": plate} for n, plate in self._on.get(contract_id, {}).items()]
            return 200, {"vehicles": found, "ended": contract_id in self._ended}

    def end(self, contract_id: str) -> tuple[int, dict[str, Any]]:
        """Answer DELETE."""
        with self._lock:
            self._ended.add(contract_id)
            return 200, {"switched_off": len(self._on.pop(contract_id, {}))}


def serve_vehicles(platform: VehiclePlatform, port: int = 0) -> Serving:
    """Serve the platform's API; its address is the functions' VEHICLE_PLATFORM_URL."""

    class Handler(QuietHandler):
        def respond(self) -> None:
            body = self.read_body()
            match = _PATH.fullmatch(unquote(self.path))
            if match is None or self.command not in ("PUT", "GET", "DELETE"):
                self._send(404, {"error": "not_found"})
            elif self.command == "GET":
                self._send(*platform.on(match["contract"]))
            elif self.command == "DELETE":
                self._send(*platform.end(match["contract"]))
            else:
                try:
                    request = json.loads(body)
                except ValueError as error:
                    self._send(400, {"error": f"unreadable JSON: {error}"})
                    return
                self._send(*platform.activate(match["contract"], request))

        def _send(self, status: int, body: dict[str, Any]) -> None:
            self.answer(status, json.dumps(body).encode(), {"Content-Type": "application/json"})

    return serve(Handler, port, what="the vehicle platform")
