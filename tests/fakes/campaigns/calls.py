"""A dial queue and a carrier in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from chalicelib.campaigns.domain.contact import Disposition
from chalicelib.campaigns.errors import CarrierBusyError, NumberRefusedError
from chalicelib.campaigns.ports.calls import Call, CallOutcome, Carrier, DialQueue, DialTask
from tests.fakes.kill import KillSwitch


class FakeDialQueue(DialQueue):
    """Keeps what was sent, ten a request; ``refuse`` tells which tasks SQS does not take."""

    def __init__(
        self, switch: KillSwitch | None = None, on_task: Callable[[DialTask], None] | None = None
    ) -> None:
        self._switch, self._on_task = switch, on_task
        self.sent: list[DialTask] = []
        self.requests = 0
        self.refuse: Callable[[DialTask], bool] = lambda task: False

    def send(self, tasks: Iterable[DialTask]) -> int:
        taken = 0
        batch: list[DialTask] = []
        for task in tasks:
            batch.append(task)
            if len(batch) == 10:
                taken += self._request(batch)
                batch = []
        return taken + (self._request(batch) if batch else 0)

    def _request(self, batch: list[DialTask]) -> int:
        if self._switch:
            self._switch.point("before send")
        self.requests += 1
        taken = [task for task in batch if not self.refuse(task)]
        for task in taken:
            (self._on_task or self.sent.append)(task)
        if self._switch:
            self._switch.point("after send")
        return len(taken)


def body_of(task: DialTask) -> str:
    """Return the body of the message that carries ``task``."""
    return msgspec.json.encode(task).decode()


@dataclass(slots=True)
class PlacedCall:
    """A call the carrier has placed."""

    call_id: str
    call: Call
    times_asked: int = 1
    """How often it was asked to place it: only the first time it rang."""


class FakeCarrier(Carrier):
    """Rings once per attempt key, as a carrier should; tests say when and how a call ends."""

    def __init__(self, switch: KillSwitch | None = None) -> None:
        self._switch = switch
        self.placed: dict[str, PlacedCall] = {}
        self.outcomes: dict[str, CallOutcome] = {}
        self.busy = False
        self.refused: set[str] = set()
        self.broken: Exception | None = None
        self.questions = 0

    def place(self, call: Call) -> str:
        if self._switch:
            self._switch.point("before place")
        if self.broken is not None:
            raise self.broken
        if self.busy:
            raise CarrierBusyError("over its rate")
        if call.to in self.refused:
            raise NumberRefusedError(f"refuses {call.to}")
        known = self.placed.get(call.attempt_key)
        if known is None:
            known = self.placed[call.attempt_key] = PlacedCall(f"call-{len(self.placed) + 1}", call)
        else:
            known.times_asked += 1
        if self._switch:
            self._switch.point("after place")
        return known.call_id

    def end(
        self,
        attempt_key: str,
        disposition: Disposition,
        at: datetime,
        *,
        seconds: float = 20.0,
        cents: int = 2,
    ) -> dict[str, Any]:
        """End a call and return the event's detail."""
        call_id = self.placed[attempt_key].call_id
        outcome = CallOutcome(attempt_key, call_id, disposition, at, seconds, cents)
        self.outcomes[call_id] = outcome
        return {"outcome": outcome}

    def outcome(self, call_id: str) -> CallOutcome | None:
        self.questions += 1
        if self.broken is not None:
            raise self.broken
        return self.outcomes.get(call_id)

    def ended(self, detail: Mapping[str, Any]) -> CallOutcome | None:
        outcome = detail.get("outcome")
        return outcome if isinstance(outcome, CallOutcome) else None
