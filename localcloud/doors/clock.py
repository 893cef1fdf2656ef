"""The clock's door: what time it is in the local cloud, and on to another.

GET  /_localcloud/clock          -> {"now": "2026-03-08T07:00:00Z", "speed": 1.0, "next": time or null}
POST /_localcloud/clock WISH     see `localcloud.clock_control` for wishes; answers when the clock is there
"""

from __future__ import annotations

from typing import Any

from localcloud.clock_control import ClockControl
from localcloud.local_doors import LocalDoor


class ClockDoor(LocalDoor):
    """One timeline's clock, as the command line has it."""

    def __init__(self, clock: ClockControl) -> None:
        self._clock = clock

    def answer(self, method: str, rest: str, query: dict[str, str], body: Any) -> tuple[int, Any]:
        """See `LocalDoor.answer`."""
        if method == "POST":
            try:
                self._clock.change(body)
            except ValueError as error:
                return 400, {"detail": str(error)}
        return 200, self._clock.reading()
