"""Execution histories: small records while running, AWS's event objects when read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, overload

from localcloud.stepfunctions.json_text import dumps
from localcloud.stepfunctions.task import JsonValue

_AS_JSON = {"input": "inputDetails", "output": "outputDetails", "parameters": None}
"""Details kept as values and rendered as JSON text, with the truncation note AWS puts beside them."""

EventDict = dict[str, Any]


class Event:
    """One event; its details are shared with the running execution, not copied."""

    __slots__ = ("details", "id", "key", "previous", "timestamp", "type")

    def __init__(
        self,
        event_id: int,
        previous: int,
        timestamp: float,
        event_type: str,
        key: str | None,
        details: dict[str, JsonValue],
    ) -> None:
        self.id = event_id
        self.previous = previous
        self.timestamp = timestamp
        self.type = event_type
        self.key = key
        self.details = details

    def render(self) -> EventDict:
        """The event as GetExecutionHistory gives it, the time as an aware UTC datetime."""
        event: EventDict = {
            "timestamp": datetime.fromtimestamp(self.timestamp, UTC),
            "type": self.type,
            "id": self.id,
            "previousEventId": self.previous,
        }
        if self.key is not None:
            event[self.key] = _render_details(self.details)
        return event


class History:
    """All events of one execution, in order; read like a list of AWS's event objects."""

    __slots__ = ("events",)

    def __init__(self) -> None:
        self.events: list[Event] = []

    def __len__(self) -> int:
        return len(self.events)

    def __iter__(self) -> Iterator[EventDict]:
        return (event.render() for event in self.events)

    @overload
    def __getitem__(self, index: int) -> EventDict: ...
    @overload
    def __getitem__(self, index: slice) -> list[EventDict]: ...

    def __getitem__(self, index: int | slice) -> EventDict | list[EventDict]:
        if isinstance(index, slice):
            return [event.render() for event in self.events[index]]
        return self.events[index].render()

    def page(self, start: int, count: int, *, reverse: bool = False) -> list[EventDict]:
        """`count` events from position `start`, of the list as it is or turned round."""
        ordered = self.events[::-1] if reverse else self.events
        return [event.render() for event in ordered[start : start + count]]


def _render_details(details: dict[str, JsonValue]) -> dict[str, Any]:
    rendered: dict[str, Any] = {}
    for name, value in details.items():
        if name in _AS_JSON:
            rendered[name] = dumps(value)
            note = _AS_JSON[name]
            if note is not None:
                rendered[note] = {"truncated": False}
        elif name == "assignedVariables":
            rendered[name] = {variable: dumps(content) for variable, content in value.items()}
            rendered["assignedVariablesDetails"] = {"truncated": False}
        else:
            rendered[name] = value
    return rendered
