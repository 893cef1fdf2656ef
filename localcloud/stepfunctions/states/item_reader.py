"""ItemReader: a distributed Map's items from S3."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable

from localcloud.stepfunctions.failures import LocatedFailure
from localcloud.stepfunctions.flow import Flow
from localcloud.stepfunctions.frame import Frame
from localcloud.stepfunctions.task import Integrations, JsonValue

Read = Callable[[Integrations], list[JsonValue]]

FAILED = "States.ItemReaderFailed"
_DELIMITERS = {"COMMA": ",", "PIPE": "|", "SEMICOLON": ";", "SPACE": " ", "TAB": "\t"}


class ItemReader:
    """What to read and how: JSON, JSONL or CSV objects, an inventory manifest, or a listing of objects."""

    def __init__(self, body: dict[str, JsonValue], flow: Flow) -> None:
        self._lists = body["Resource"].endswith("listObjectsV2")
        arguments = body.get("Arguments", body.get("Parameters", {}))
        self._arguments = flow.template(arguments, "ItemReader/Arguments")
        config = body.get("ReaderConfig", {})
        self._config = config
        self._max_items = flow.number(config, "MaxItems")
        self._pointer = config.get("ItemsPointer")

    def prepare(self, frame: Frame, value: JsonValue) -> Read:
        """Evaluate the fields now; the reading itself is done beside the loop."""
        arguments = self._arguments(frame, value)
        most = None if self._max_items is None else int(self._max_items(frame, value))
        return lambda integrations: self._read(integrations, arguments)[:most]

    def _read(self, integrations: Integrations, arguments: JsonValue) -> list[JsonValue]:
        if self._lists:
            return list(integrations.list_objects(arguments["Bucket"], arguments.get("Prefix", "")))
        body = integrations.read_object(arguments["Bucket"], arguments["Key"])
        return self._parse(body, integrations)

    def _parse(self, body: bytes, integrations: Integrations) -> list[JsonValue]:
        kind = self._config.get("InputType", "JSON")
        if body[:2] == b"\x1f\x8b":
            body = gzip.decompress(body)
        try:
            text = body.decode("utf-8-sig")
            if kind == "CSV":
                return self._parse_csv(text)
            if kind == "JSONL":
                return [json.loads(line) for line in text.splitlines() if line.strip()]
            if kind == "MANIFEST":
                return self._read_manifest(json.loads(text), integrations)
            items = json.loads(text)
        except (ValueError, csv.Error) as error:
            raise LocatedFailure(FAILED, f"Attempting to parse the {kind} object failed: {error}") from error
        return self._pointed(items)

    def _pointed(self, items: JsonValue) -> list[JsonValue]:
        for key in (self._pointer or "").split("/")[1:]:
            key = key.replace("~1", "/").replace("~0", "~")
            if not isinstance(items, dict) or key not in items:
                raise LocatedFailure(FAILED, f"The ItemsPointer {self._pointer} leads nowhere in the JSON object.")
            items = items[key]
        if isinstance(items, dict):  # AWS takes an object's entries for items
            return [{"Key": key, "Value": item} for key, item in items.items()]
        if not isinstance(items, list):
            raise LocatedFailure(FAILED, "Attempting to map over non-iterable node.")
        return items

    def _parse_csv(self, text: str) -> list[JsonValue]:
        rows = csv.reader(
            io.StringIO(text, newline=""), delimiter=_DELIMITERS[self._config.get("CSVDelimiter", "COMMA")]
        )
        given = self._config.get("CSVHeaderLocation") == "GIVEN"
        headers = self._config["CSVHeaders"] if given else next(rows, [])
        # A short row's missing fields are empty, a long row's extra fields are dropped.
        return [
            {header: row[column] if column < len(row) else "" for column, header in enumerate(headers)}
            for row in rows
            if row
        ]

    def _read_manifest(self, manifest: JsonValue, integrations: Integrations) -> list[JsonValue]:
        """An S3 inventory: the rows of its CSV files, under the columns of its schema."""
        columns = [column.strip() for column in manifest["fileSchema"].split(",")]
        bucket = manifest["destinationBucket"].removeprefix("arn:aws:s3:::")
        items: list[JsonValue] = []
        for part in manifest["files"]:
            body = integrations.read_object(bucket, part["key"])
            if body[:2] == b"\x1f\x8b":
                body = gzip.decompress(body)
            rows = csv.reader(io.StringIO(body.decode(), newline=""))
            items.extend(dict(zip(columns, row, strict=False)) for row in rows if row)
        return items
