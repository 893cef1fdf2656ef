"""The vehicle platform over HTTP.

PUT    {url}/contracts/{contract_id}/vehicles {"vehicles": [{"number": 1, "plate": "ABC-123" | null}]}
       -> 200 {"vehicles": [{"number": 1, "status": "active" | "refused", "reason": null | text}]}
       409: the contract was deleted there; none of them is on
DELETE {url}/contracts/{contract_id}/vehicles -> 200; all are off, for good
"""

from __future__ import annotations

import urllib.parse
from typing import Literal

import msgspec

from chalicelib.core import payload
from chalicelib.core.errors import InvalidInputError
from chalicelib.fleet.adapters.http_json import ask
from chalicelib.fleet.errors.contracts import VehiclePlatformError
from chalicelib.fleet.ports.vehicles import Unit, VehiclePlatform

TIMEOUT_SECONDS = 20.0


class _Vehicle(msgspec.Struct):
    """One vehicle of an answer."""

    number: int
    status: Literal["active", "refused"]
    reason: str | None = None


class _Answer(msgspec.Struct):
    """What the platform says."""

    vehicles: list[_Vehicle]


class HttpVehiclePlatform(VehiclePlatform):
    """See the module's docstring for the protocol."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    def activate(self, contract_id: str, units: list[Unit]) -> dict[int, str | None]:
        """See `VehiclePlatform.activate`."""
        wanted = [{"number": unit.number, "plate": unit.plate} for unit in units]
        status, body = ask(
            "PUT",
            self._address(contract_id),
            {"vehicles": wanted},
            timeout_seconds=TIMEOUT_SECONDS,
            failure=VehiclePlatformError,
        )
        if status == 409:
            return {unit.number: "the contract has ended on the platform" for unit in units}
        if status != 200:
            raise VehiclePlatformError(f"the vehicle platform answered {status} to {contract_id}")
        try:
            answer = payload.parse(_Answer, body)
        except InvalidInputError as error:
            raise VehiclePlatformError(f"the vehicle platform's answer cannot be read: {error}") from error
        said = {one.number: None if one.status == "active" else one.reason or "refused" for one in answer.vehicles}
        if said.keys() != {unit.number for unit in units}:
            raise VehiclePlatformError(f"the vehicle platform answered about other vehicles than {contract_id}'s")
        return said

    def deactivate(self, contract_id: str) -> None:
        """See `VehiclePlatform.deactivate`."""
        status, _ = ask(
            "DELETE",
            self._address(contract_id),
            timeout_seconds=TIMEOUT_SECONDS,
            failure=VehiclePlatformError,
        )
        if status not in (200, 204, 404):
            raise VehiclePlatformError(f"the vehicle platform answered {status} to the end of {contract_id}")

    def _address(self, contract_id: str) -> str:
        return f"{self._url}/contracts/{urllib.parse.quote(contract_id, safe='')}/vehicles"
