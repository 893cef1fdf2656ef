"""Calls: who places them, and the queue they wait in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.campaigns.domain.contact import Disposition


@dataclass(frozen=True, slots=True)
class Call:
    """One call to be placed."""

    attempt_key: str
    """Idempotency key: campaign:contact:attempt."""
    to: str
    caller_id: str
    audio: str | None
    attributes: dict[str, str]


@dataclass(frozen=True, slots=True)
class CallOutcome:
    """How a call ended."""

    attempt_key: str
    call_id: str
    disposition: Disposition
    ended_at: datetime
    duration_seconds: float
    cost_cents: int


@dataclass(frozen=True, slots=True)
class DialTask:
    """One message of the dial queue: call this contact, as this attempt, in this generation of the campaign."""

    campaign_id: str
    contact_id: str
    attempt: int
    generation: int
    due_at: int = 0
    """Not to be called before, in epoch seconds: spreads a wave over time."""
    delay_seconds: int = 0
    """How long the queue keeps it back, 0 to 900. One that comes before it is due is sent again."""


class DialQueue:
    """The queue between dispatcher and dialer (SQS ``dial-tasks``)."""

    def send(self, tasks: Iterable[DialTask]) -> int:
        """Send ``tasks``, ten a request, and return how many the queue took; it may deliver one more than once.

        A task that was not taken is not an error: its contact stays queued, and is taken back when it gets stale.
        """
        raise NotImplementedError


class Carrier:
    """Places calls (Amazon Connect; locally a stand-in)."""

    def place(self, call: Call) -> str:
        """Place ``call`` and return the carrier's call id; the same attempt key returns the same call.

        Raises:
            CarrierBusyError: over its rate, and not placed; try later.
            TransientError: it did not answer; whether the call was placed is not known.
            NumberRefusedError: it will never place a call to this number.
        """
        raise NotImplementedError

    def outcome(self, call_id: str) -> CallOutcome | None:
        """Return how the call ended, or None while it runs or when the carrier does not know it.

        Raises:
            TransientError: it did not answer.
        """
        raise NotImplementedError

    def ended(self, detail: Mapping[str, Any]) -> CallOutcome | None:
        """Return what the ``detail`` of the carrier's event says, or None when it is of no call of ours."""
        raise NotImplementedError
