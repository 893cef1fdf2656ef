"""The Map state, distributed mode: every item, or batch of items, is an execution of its own."""

from __future__ import annotations

from localcloud.stepfunctions.failures import StateFailure
from localcloud.stepfunctions.flow.port import Compute
from localcloud.stepfunctions.frame import Frame, Program
from localcloud.stepfunctions.limits import DISTRIBUTED_MAP_CONCURRENCY
from localcloud.stepfunctions.states.item_batcher import ItemBatcher
from localcloud.stepfunctions.states.item_reader import ItemReader
from localcloud.stepfunctions.states.map_children import MapChildren
from localcloud.stepfunctions.states.map_inline import MapState
from localcloud.stepfunctions.states.result_writer import ResultWriter
from localcloud.stepfunctions.states.work import Work
from localcloud.stepfunctions.task import JsonValue, TaskError


class DistributedMapState(MapState):
    """Reads items (from its input or from S3), runs a child execution for each, and gathers the results."""

    def __init__(
        self, name: str, body: dict[str, JsonValue], language: str, processor: Program, execution_type: str
    ) -> None:
        super().__init__(name, body, language, processor)
        self.execution_type = execution_type
        self.label: str | None = body.get("Label")
        self._reader = ItemReader(body["ItemReader"], self.flow) if "ItemReader" in body else None
        self._batcher = ItemBatcher(body["ItemBatcher"], self.flow) if "ItemBatcher" in body else None
        self.writer = ResultWriter(body["ResultWriter"], self.flow) if "ResultWriter" in body else None
        self._tolerated_count = self.flow.number(body, "ToleratedFailureCount")
        self._tolerated_percentage = self.flow.value(body, "ToleratedFailurePercentage")
        if self.flow.language == "JSONata":
            self._tolerated_percentage = self.flow.number(body, "ToleratedFailurePercentage")

    def run(self, frame: Frame) -> bool:
        """See `State.run`."""
        value = self.flow.effective_input(frame)
        width = self.width(frame, value, DISTRIBUTED_MAP_CONCURRENCY)
        if self._reader is None:
            return self._start(frame, value, self.items(frame, value), width)
        read = self._reader.prepare(frame, value)
        integrations = frame.execution.engine.integrations
        return Work(frame).start(
            lambda: read(integrations),
            lambda reading, result: self._start(reading, value, _items_read(result), width),
        )

    def _start(self, frame: Frame, value: JsonValue, items: list[JsonValue], width: int) -> bool:
        frame.visit.arguments = items
        frame.emit("MapStateStarted", "mapStateStartedEventDetails", {"length": len(items)})
        tolerated = self._tolerated(frame, value)
        selected = [self.select(frame, value, index, item) for index, item in enumerate(items)]
        inputs = selected if self._batcher is None else self._batcher.batches(frame, value, selected)
        return MapChildren(self, frame, value, inputs, width, tolerated, len(items)).start()

    def _tolerated(self, frame: Frame, value: JsonValue) -> tuple[int, float]:
        """How many children may fail, and what share of them in percent."""
        return int(_number(self._tolerated_count, frame, value)), _number(self._tolerated_percentage, frame, value)


def _items_read(result: JsonValue | BaseException) -> list[JsonValue]:
    if isinstance(result, StateFailure):
        raise result
    if isinstance(result, TaskError):
        raise StateFailure("States.ItemReaderFailed", result.cause or result.error)
    if isinstance(result, BaseException):
        raise StateFailure("States.ItemReaderFailed", f"{type(result).__name__}: {result}")
    items: list[JsonValue] = result
    return items


def _number(field: Compute | None, frame: Frame, value: JsonValue) -> float:
    return 0 if field is None else float(field(frame, value))
