"""The running local cloud's clock, over HTTP: what `python -m localcloud clock` talks to.

GET  /_localcloud/clock                          -> {"now": "2026-03-08T07:00:00Z", "speed": 1.0, "next": time}
POST /_localcloud/clock {"skip_seconds": 86400}  everything due in the meantime happens, in order
POST /_localcloud/clock {"skip_to_next": true}   to the next moment at which something is due
POST /_localcloud/clock {"speed": 10}            seconds of the clock in one second
"""

from __future__ import annotations

import json
from typing import Any

from localcloud.clock_text import iso_seconds
from localcloud.stepfunctions import RealTimeline

PATH = "/_localcloud/clock"
LONGEST_SKIP_SECONDS = 366 * 86_400


class ClockControl:
    """Answers the requests above for one timeline."""

    def __init__(self, timeline: RealTimeline) -> None:
        self._timeline = timeline

    def answer(self, method: str, body: bytes) -> tuple[int, bytes]:
        """Return (HTTP status, JSON); 400 with ``message`` for a request that is none of the above."""
        if method == "POST":
            try:
                self.change(json.loads(body or b"{}"))
            except (ValueError, TypeError) as error:
                return 400, json.dumps({"message": str(error)}).encode()
        return 200, json.dumps(self.reading()).encode()

    def reading(self) -> dict[str, Any]:
        """Return ``{"now", "speed", "next"}``: the time, and when something is due next, None where nothing is."""
        due = self._timeline.next_due()
        return {
            "now": iso_seconds(self._timeline.now()),
            "speed": self._timeline.speed,
            "next": None if due is None else iso_seconds(due),
        }

    def change(self, wish: Any) -> None:
        """Do what a request's body asks for, see above; returns when the clock is there.

        Raises:
            ValueError: it is none of these.
        """
        match wish:
            case {"skip_seconds": int() | float() as seconds} if 0 <= seconds <= LONGEST_SKIP_SECONDS:
                self._timeline.skip(float(seconds))
            case {"skip_to_next": True}:
                self._timeline.skip_to_next_timer()
            case {"speed": int() | float() as speed} if 0 < speed <= 100_000:
                self._timeline.speed = float(speed)
            case _:
                raise ValueError(
                    f"expected skip_seconds (0 to {LONGEST_SKIP_SECONDS}), skip_to_next (true) "
                    f"or speed (above 0, to 100000), got {json.dumps(wish)}"
                )
