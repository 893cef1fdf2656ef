"""The Map state, distributed mode: every item, or batch of items, is an execution of its own."""

from __future__ import annotations

from localcloud.stepfunctions.failures import runtime_failure
from localcloud.stepfunctions.frame import Frame, Program
from localcloud.stepfunctions.json_text import is_whole, number_in, shown
from localcloud.stepfunctions.limits import DISTRIBUTED_MAP_CONCURRENCY
from localcloud.stepfunctions.states.item_batcher import ItemBatcher
from localcloud.stepfunctions.states.item_reader import ItemReader
from localcloud.stepfunctions.states.map_children import MapChildren
from localcloud.stepfunctions.states.map_inline import MapState
from localcloud.stepfunctions.states.result_writer import ResultWriter
from localcloud.stepfunctions.task import JsonValue


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
        share = "ToleratedFailurePercentage"
        in_paths = self.flow.language == "JSONPath"
        self._tolerated_percentage = self.flow.value(body, share) if in_paths else self.flow.number(body, share)
        self._percentage_path: str | None = body.get(f"{share}Path")

    def run(self, frame: Frame) -> bool:
        """See `State.run`."""
        value = self.flow.effective_input(frame)
        width = self.width(frame, value, DISTRIBUTED_MAP_CONCURRENCY)
        items = [] if self._reader is not None else self.items(frame, value)
        # Items still to be read are not counted: AWS tells a length of 0.
        frame.emit("MapStateStarted", "mapStateStartedEventDetails", {"length": len(items)})
        tolerated = self._tolerated(frame, value)
        read = None if self._reader is None else self._reader.prepare(frame, value)
        children = MapChildren(self, frame, value, width, tolerated)
        return children.start(items) if read is None else children.read(read)

    def child_inputs(self, frame: Frame, value: JsonValue, items: list[JsonValue]) -> list[JsonValue]:
        """What each child starts with: a selected item, or a batch of them."""
        frame.visit.arguments = items
        selected = [self.select(frame, value, index, item) for index, item in enumerate(items)]
        return selected if self._batcher is None else self._batcher.batches(frame, value, selected)

    def _tolerated(self, frame: Frame, value: JsonValue) -> tuple[int, float]:
        """How many children may fail, and what share of them in percent."""
        count = 0 if self._tolerated_count is None else self._tolerated_count(frame, value)
        if not is_whole(count):
            raise self.flow.refusal(
                "ToleratedFailureCount",
                f"Expected non-negative integer for ToleratedFailureCount, got '{count}' instead.",
            )
        if count < 0:
            raise self.flow.refusal("ToleratedFailureCount", "ToleratedFailureCount cannot be negative.")
        found = 0 if self._tolerated_percentage is None else self._tolerated_percentage(frame, value)
        percentage = number_in(found)
        if isinstance(percentage, bool) or not isinstance(percentage, (int, float)):
            raise runtime_failure(
                f'The ToleratedFailurePercentagePath field refers to value "{shown(found)}" which is not a '
                f"valid float: {self._percentage_path}"
            )
        if not 0 <= percentage <= 100:
            raise self.flow.refusal(
                "ToleratedFailurePercentage", "ToleratedFailurePercentage must be between 0 and 100."
            )
        return int(count), percentage
