"""ItemBatcher: several items for one child execution."""

from __future__ import annotations

from localcloud.stepfunctions.failures import DataLimitFailure
from localcloud.stepfunctions.flow import Flow
from localcloud.stepfunctions.frame import Frame
from localcloud.stepfunctions.json_text import size
from localcloud.stepfunctions.limits import PAYLOAD_BYTES
from localcloud.stepfunctions.task import JsonValue


class ItemBatcher:
    """Cuts the items into batches by number, by bytes, or by both."""

    def __init__(self, body: dict[str, JsonValue], flow: Flow) -> None:
        self._flow = flow
        self._max_items = flow.number(body, "MaxItemsPerBatch")
        self._max_bytes = flow.number(body, "MaxInputBytesPerBatch")
        self._batch_input = flow.template(body["BatchInput"], "BatchInput") if "BatchInput" in body else None

    def batches(self, frame: Frame, value: JsonValue, items: list[JsonValue]) -> list[JsonValue]:
        """`{"Items": [...], "BatchInput": {...}}` for each child. Raises StateFailure."""
        most_items, most_bytes = len(items), PAYLOAD_BYTES
        if self._max_items is not None:
            most_items = self._flow.positive("MaxItemsPerBatch", self._max_items(frame, value))
        if self._max_bytes is not None:
            most_bytes = self._flow.positive("MaxInputBytesPerBatch", self._max_bytes(frame, value))
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
