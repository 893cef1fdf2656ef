"""ItemBatcher: several items for one child execution."""

from __future__ import annotations

from localcloud.stepfunctions.failures import DataLimitFailure, runtime_failure
from localcloud.stepfunctions.flow import Flow
from localcloud.stepfunctions.flow.port import Compute
from localcloud.stepfunctions.frame import Frame
from localcloud.stepfunctions.json_text import dumps, size
from localcloud.stepfunctions.limits import PAYLOAD_BYTES
from localcloud.stepfunctions.task import JsonValue


class ItemBatcher:
    """Cuts the items into batches by number, by bytes, or by both."""

    def __init__(self, body: dict[str, JsonValue], flow: Flow) -> None:
        self._max_items = flow.number(body, "MaxItemsPerBatch")
        self._max_bytes = flow.number(body, "MaxInputBytesPerBatch")
        self._batch_input = flow.template(body["BatchInput"], "BatchInput") if "BatchInput" in body else None

    def batches(self, frame: Frame, value: JsonValue, items: list[JsonValue]) -> list[JsonValue]:
        """`{"Items": [...], "BatchInput": {...}}` for each child. Raises StateFailure."""
        most_items = self._limit(self._max_items, frame, value, "MaxItemsPerBatch", len(items))
        most_bytes = self._limit(self._max_bytes, frame, value, "MaxInputBytesPerBatch", PAYLOAD_BYTES)
        common: dict[str, JsonValue] = {}
        if self._batch_input is not None:
            common["BatchInput"] = self._batch_input(frame, value)
        empty_bytes = size({"Items": [], **common})
        batches: list[JsonValue] = []
        batch: list[JsonValue] = []
        used = empty_bytes
        for item in items:
            item_bytes = size(item) + 1  # and its comma
            if empty_bytes + item_bytes > most_bytes:
                raise DataLimitFailure(f"An item of {item_bytes} bytes does not fit into a batch of {most_bytes}")
            if batch and (len(batch) >= most_items or used + item_bytes > most_bytes):
                batches.append({**common, "Items": batch})
                batch, used = [], empty_bytes
            batch.append(item)
            used += item_bytes
        if batch:
            batches.append({**common, "Items": batch})
        return batches

    def _limit(self, field: Compute | None, frame: Frame, value: JsonValue, name: str, default: int) -> int:
        if field is None:
            return default
        limit = field(frame, value)
        if isinstance(limit, bool) or not isinstance(limit, (int, float)) or limit <= 0:
            raise runtime_failure(f"The {name} field must be a positive integer but was: {dumps(limit)}")
        return int(limit)
