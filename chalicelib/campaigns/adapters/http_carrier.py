"""A carrier that speaks plain HTTP and JSON.

    POST {url}/calls {"idempotencyKey", "to", "from", "audioUrl", "attributes"} -> 200 {"callId", "status"}
         429 over its rate, nothing placed     422 it will never call this number
    GET  {url}/calls/{callId} -> 200 {"callId", "status": "running" | "ended", ... as in the event}     404 unknown

Its event "Call Ended" (EventBridge, source ``signalbox.carrier``) has the detail that `Ended` describes.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any

import msgspec

from chalicelib.campaigns.domain.contact import Disposition
from chalicelib.campaigns.errors import CarrierBusyError, NumberRefusedError
from chalicelib.campaigns.ports.calls import Call, CallOutcome, Carrier
from chalicelib.core import payload
from chalicelib.core.errors import TransientError

TIMEOUT_SECONDS = 5.0


class Ended(msgspec.Struct, frozen=True, rename="camel"):
    """What the carrier says of a call that has ended."""

    call_id: str
    idempotency_key: str
    disposition: Disposition
    ended_at: Annotated[datetime, msgspec.Meta(tz=True)]
    duration_seconds: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    cost_cents: Annotated[int, msgspec.Meta(ge=0)] = 0

    def outcome(self) -> CallOutcome:
        """Return it in the desk's words."""
        return CallOutcome(
            attempt_key=self.idempotency_key,
            call_id=self.call_id,
            disposition=self.disposition,
            ended_at=self.ended_at,
            duration_seconds=self.duration_seconds,
            cost_cents=self.cost_cents,
        )


class HttpCarrier(Carrier):
    """See the module's docstring for the protocol."""

    def __init__(self, url: str, audio_url: Callable[[str], str]) -> None:
        """``audio_url`` turns an audio file's key into an address the carrier can fetch."""
        self._url, self._audio_url = url.rstrip("/"), audio_url

    def place(self, call: Call) -> str:
        """See `Carrier.place`."""
        body = {
            "idempotencyKey": call.attempt_key,
            "to": call.to,
            "from": call.caller_id,
            "audioUrl": self._audio_url(call.audio) if call.audio else None,
            "attributes": call.attributes,
        }
        try:
            answer = self._ask("POST", "/calls", body)
        except urllib.error.HTTPError as error:
            if error.code == 429:
                raise CarrierBusyError(
                    f"the carrier is over its rate, Retry-After {error.headers['Retry-After']}"
                ) from None
            if error.code == 422:
                raise NumberRefusedError(f"the carrier refuses {call.to}: {error.read().decode()}") from None
            raise TransientError(f"the carrier answered {error.code} to a call") from None
        return str(answer["callId"])

    def outcome(self, call_id: str) -> CallOutcome | None:
        """See `Carrier.outcome`."""
        try:
            answer = self._ask("GET", f"/calls/{urllib.parse.quote(call_id, safe='')}")
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return None
            raise TransientError(f"the carrier answered {error.code} about call {call_id}") from None
        return payload.parse(Ended, answer).outcome() if answer.get("status") == "ended" else None

    def ended(self, detail: Mapping[str, Any]) -> CallOutcome | None:
        """See `Carrier.ended`."""
        return payload.parse(Ended, dict(detail)).outcome()

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        if not self._url.startswith(("http://", "https://")):
            raise TransientError(f"the carrier's address is {self._url!r}, not http:// or https://")
        request = urllib.request.Request(  # noqa: S310 - the scheme is checked above
            self._url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:  # noqa: S310
                answer: dict[str, Any] = json.load(response)
        except urllib.error.HTTPError:
            raise
        except (OSError, ValueError) as error:
            raise TransientError(f"the carrier did not answer {method} {path}: {error}") from error
        return answer
