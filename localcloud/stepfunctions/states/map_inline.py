"""The Map state, inline mode: items run inside the execution."""

from __future__ import annotations

from localcloud.stepfunctions.failures import LocatedFailure, QueryFailure, runtime_failure
from localcloud.stepfunctions.frame import Frame, Program
from localcloud.stepfunctions.json_text import dumps, is_whole
from localcloud.stepfunctions.limits import INLINE_MAP_CONCURRENCY
from localcloud.stepfunctions.states.join import Join
from localcloud.stepfunctions.states.state import State
from localcloud.stepfunctions.task import JsonValue


class MapState(State):
    """What both modes share: where the items come from and what each one starts with."""

    type = "Map"
    aborted_event = "MapStateAborted"
    failed_event = "MapStateFailed"
    counts_retries = True

    def __init__(self, name: str, body: dict[str, JsonValue], language: str, processor: Program) -> None:
        # Parameters is the older name of ItemSelector: it makes each item's input, not the state's.
        own = {key: value for key, value in body.items() if key != "Parameters"}
        super().__init__(name, own, language)
        self.processor = processor
        self._items_path: str = body.get("ItemsPath", "$")
        self._items = self.flow.value({"ItemsPath": "$", **body} if self._paths else body, "Items")
        selector = body.get("ItemSelector", body.get("Parameters"))
        self._selector = None if selector is None else self.flow.template(selector, "ItemSelector")
        self._max_concurrency = self.flow.number(body, "MaxConcurrency")

    @property
    def _paths(self) -> bool:
        return self.flow.language == "JSONPath"

    def items(self, frame: Frame, value: JsonValue) -> list[JsonValue]:
        """The items; fails where the value is no array."""
        items = value if self._items is None else self._items(frame, value)
        if isinstance(items, list):
            return items
        if self._paths:
            raise runtime_failure(f'Reference path "{self._items_path}" must point to array.')
        raise self.not_an_array(items)

    def not_an_array(self, items: JsonValue) -> LocatedFailure:
        """The failure for a JSONata Map whose input is no array."""
        return QueryFailure(f"Map state input must be an array but was: {dumps(items)}", None)

    def select(self, frame: Frame, value: JsonValue, index: int, item: JsonValue) -> JsonValue:
        """An item's input: the item itself, or what ItemSelector makes of it."""
        if self._selector is None:
            return item
        around = frame.map_item
        frame.map_item = {"Index": index, "Value": item}
        try:
            return self._selector(frame, value)
        finally:
            frame.map_item = around

    def width(self, frame: Frame, value: JsonValue, most: int) -> int:
        """How many items may run at once; MaxConcurrency 0 means as many as AWS allows."""
        wanted = 0 if self._max_concurrency is None else self._max_concurrency(frame, value)
        if not is_whole(wanted) or wanted < 0:
            raise self.flow.refusal(
                "MaxConcurrency", f"Expected non-negative integer for MaxConcurrency, got '{wanted}' instead."
            )
        return int(min(wanted or most, most))


class InlineMapState(MapState):
    """Runs its processor once for each item, up to 40 at once."""

    def run(self, frame: Frame) -> bool:
        """See `State.run`."""
        value = self.flow.effective_input(frame)
        items = self.items(frame, value)
        width = self.width(frame, value, INLINE_MAP_CONCURRENCY)
        frame.visit.arguments = items
        frame.emit("MapStateStarted", "mapStateStartedEventDetails", {"length": len(items)})
        return Iterations(self, frame, value, items, width).start()


class Iterations(Join):
    """The items of one visit."""

    def __init__(
        self, state: InlineMapState, frame: Frame, value: JsonValue, items: list[JsonValue], width: int
    ) -> None:
        super().__init__(frame, len(items), width)
        self._state = state
        self._value = value
        self._items = items

    def make_child(self, index: int, previous_event_id: int) -> Frame:
        """See `Join.make_child`."""
        frame, state, item = self.frame, self._state, self._items[index]
        child = Frame(
            frame.execution,
            state.processor,
            state.select(frame, self._value, index, item),
            parent=self,
            index=index,
            variables=frame.variables,
            last_event_id=previous_event_id,
            map_item={"Index": index, "Value": item},
            path=(*frame.path, f"{state.name}[{index}]"),
        )
        child.last_event_id = self._emit(child, "Started", previous_event_id)
        return child

    def on_success(self, child: Frame) -> int:
        """See `Join.on_success`."""
        return self._emit(child, "Succeeded", child.last_event_id)

    def tell(self, child: Frame, what: str, previous_event_id: int) -> None:
        """See `Join.tell`."""
        self._emit(child, what, previous_event_id)

    def finish(self, frame: Frame) -> bool:
        """See `Join.finish`."""
        frame.visit.raw_result = self.results
        frame.execution.emit("MapStateSucceeded", frame.last_event_id)
        outcome = self._state.flow.conclude(frame, self._value, self.results)
        return frame.leave(outcome, self._state.next)

    def _emit(self, child: Frame, what: str, previous_event_id: int) -> int:
        return self.frame.execution.emit(
            f"MapIteration{what}",
            previous_event_id,
            f"mapIteration{what}EventDetails",
            {"name": self._state.name, "index": child.index},
        )
