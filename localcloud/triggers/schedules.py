"""What happens by the clock: rules with a ScheduleExpression, and EventBridge Scheduler."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from localcloud.clock_text import iso_seconds
from localcloud.stepfunctions import Timeline, Timer
from localcloud.triggers.bus import Bus, as_target
from localcloud.triggers.delivery import Delivery
from localcloud.triggers.expressions import Schedule, ScheduleExpressionError, parse_schedule

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Entry:
    """One schedule that is on."""

    key: str
    fingerprint: str
    """Changes when the schedule is changed."""
    schedule: Schedule
    fire: Callable[[float], None]
    """Takes the time it was due."""
    completed: Callable[[], None]
    """Called when it will never fire again."""
    starts: float | None = None
    ends: float | None = None
    at_once: bool = False
    """A rate of EventBridge Scheduler fires when it is made; a rule waits for one interval first."""


class Schedules:
    """Keeps one timer for each schedule that is on."""

    def __init__(
        self, timeline: Timeline, bus: Bus, delivery: Delivery, events_backend: Any, scheduler_backend: Any
    ) -> None:
        self._timeline = timeline
        self._bus = bus
        self._delivery = delivery
        self._events = events_backend
        self._scheduler = scheduler_backend
        self._timers: dict[str, tuple[str, Timer]] = {}
        self._asked = False

    def changed(self) -> None:
        """Look again, soon, at what there is; called after anything was made, changed or removed."""
        if not self._asked:
            self._asked = True
            self._timeline.call_soon(self._look)

    def _look(self) -> None:
        self._asked = False
        entries = {entry.key: entry for entry in self._entries()}
        for key, (fingerprint, timer) in list(self._timers.items()):
            if key not in entries or entries[key].fingerprint != fingerprint:
                timer.cancel()
                del self._timers[key]
        for key, entry in entries.items():
            if key not in self._timers:
                now = self._timeline.now()
                started = now if entry.starts is None else entry.starts
                first_at_once = entry.at_once and (started >= now)
                self._arm(entry, started, started if first_at_once else None)

    def _arm(self, entry: _Entry, started: float, due: float | None = None) -> None:
        after = max(self._timeline.now(), started)
        when = entry.schedule.next_after(after, started=started) if due is None else due
        if when is None or (entry.ends is not None and when > entry.ends):
            self._timers.pop(entry.key, None)
            entry.completed()
            return

        def fire() -> None:
            self._timers.pop(entry.key, None)
            entry.fire(when)
            self._arm(entry, started)

        self._timers[entry.key] = (entry.fingerprint, self._timeline.call_at(when, fire))

    def _entries(self) -> Iterator[_Entry]:
        # copies: other threads make and remove while this looks
        for bus in list(self._events.event_buses.values()):
            for rule in list(bus.rules.values()):
                if rule.scheduled_expression and rule.state == "ENABLED":
                    schedule = _parsed(rule.arn, rule.scheduled_expression, "UTC")
                    if schedule is not None:
                        yield self._of_rule(rule, schedule)
        for group in list(self._scheduler.schedule_groups.values()):
            for one in list(group.schedules.values()):
                if one.state != "DISABLED":  # moto leaves None after an update that does not say
                    schedule = _parsed(one.arn, one.schedule_expression, one.schedule_expression_timezone or "UTC")
                    if schedule is not None:
                        yield self._of_scheduler(one, schedule)

    def _of_rule(self, rule: Any, schedule: Schedule) -> _Entry:
        def fire(_due: float) -> None:
            event = {
                "version": "0",
                "id": str(uuid.uuid4()),
                "detail-type": "Scheduled Event",
                "source": "aws.events",
                "account": self._events.account_id,
                "time": iso_seconds(self._timeline.now()),
                "region": self._events.region_name,
                "resources": [rule.arn],
                "detail": {},
            }
            self._bus.to_targets(rule, event)

        return _Entry(rule.arn, str(rule.scheduled_expression), schedule, fire, completed=lambda: None)

    def _of_scheduler(self, one: Any, schedule: Schedule) -> _Entry:
        def fire(due: float) -> None:
            self._delivery.send(as_target(one.target), self._input(one, due))

        def completed() -> None:
            if one.action_after_completion == "DELETE":
                group = self._scheduler.schedule_groups[one.group_name]
                group.schedules.pop(one.name, None)

        fingerprint = json.dumps(
            [one.schedule_expression, one.schedule_expression_timezone, one.start_date, one.end_date], default=str
        )
        return _Entry(
            one.arn,
            f"{fingerprint} {one.creation_date}",
            schedule,
            fire,
            completed,
            starts=_moment(one.start_date),
            ends=_moment(one.end_date),
            at_once=schedule.kind == "rate",
        )

    def _input(self, one: Any, due: float) -> Any:
        text = one.target.get("Input")
        if text is None:
            return {}
        known = {
            "<aws.scheduler.schedule-arn>": one.arn,
            "<aws.scheduler.scheduled-time>": iso_seconds(due),
            "<aws.scheduler.execution-id>": str(uuid.uuid4()),
            "<aws.scheduler.attempt-number>": "1",
        }
        for name, value in known.items():
            text = text.replace(name, value)
        try:
            return json.loads(text)
        except ValueError:
            return text


def _parsed(arn: str, expression: str, zone: str) -> Schedule | None:
    try:
        return parse_schedule(expression, zone)
    except ScheduleExpressionError as error:
        _log.error("%s never fires: %s", arn, error)
        return None


def _moment(value: Any) -> float | None:
    """Return moto's date (epoch seconds, as number or text, or ISO text) in epoch seconds."""
    if value in (None, ""):
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return datetime.fromisoformat(str(value).replace("Z", "+00:00")).timestamp()
