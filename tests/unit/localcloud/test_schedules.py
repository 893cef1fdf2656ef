"""Schedules are looked at while others make some."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from localcloud.stepfunctions import VirtualTimeline
from localcloud.triggers.schedules import Schedules


class _Made:
    """A schedule during whose look another one is made, as another thread does it."""

    def __init__(self, schedules: dict[str, Any]) -> None:
        self._schedules = schedules

    @property
    def state(self) -> str:
        self._schedules[f"made-{len(self._schedules)}"] = SimpleNamespace(state="DISABLED")
        return "DISABLED"


def test_one_that_is_made_meanwhile_stops_no_look() -> None:
    schedules: dict[str, Any] = {}
    schedules["first"] = _Made(schedules)
    scheduler = SimpleNamespace(schedule_groups={"default": SimpleNamespace(schedules=schedules)})
    timeline = VirtualTimeline()
    watched = Schedules(timeline, cast(Any, None), cast(Any, None), SimpleNamespace(event_buses={}), scheduler)
    watched.changed()
    timeline.run_until_idle()
    assert len(schedules) == 2
