"""ItemReader: a distributed Map's items from S3."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Callable

from localcloud.stepfunctions.failures import LocatedFailure, StateFailure
from localcloud.stepfunctions.flow import Flow
from localcloud.stepfunctions.frame import Frame
from localcloud.stepfunctions.json_text import read_json, shown
from localcloud.stepfunctions.task import Integrations, JsonValue

Read = Callable[[Integrations], list[JsonValue]]

FAILED = "States.ItemReaderFailed"
_DELIMITERS = {"COMMA": ",", "PIPE": "|", "SEMICOLON": ";", "SPACE": " ", "TAB": "\t"}


class ItemReader:
    """What to read and how: JSON, JSONL or CSV objects, an inventory manifest, or a listing of objects."""

    def __init__(self, body: dict[str, JsonValue], flow: Flow) -> None:
        self._flow = flow
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
        found = 0 if self._max_items is None else self._max_items(frame, value)
        most = self._flow.positive("MaxItems", found) if found != 0 else None  # 0 is no limit
        return lambda integrations: self._read(integrations, arguments)[:most]

    def _read(self, integrations: Integrations, arguments: JsonValue) -> list[JsonValue]:
        bucket = text_argument(arguments, "Bucket", FAILED)
        if self._lists:
            prefix = text_argument(arguments, "Prefix", FAILED) if "Prefix" in arguments else ""
            return list(integrations.list_objects(bucket, prefix))
        body = integrations.read_object(bucket, text_argument(arguments, "Key", FAILED))
        return self._parse(body, integrations)

    def _parse(self, body: bytes, integrations: Integrations) -> list[JsonValue]:
        kind = self._config.get("InputType", "JSON")
        try:
            text = _text_of(body)
            if kind == "CSV":
                return self._parse_csv(text)
            if kind == "JSONL":
                return [read_json(line) for line in text.split("\n") if line.strip()]
            if kind == "PARQUET":
                raise ValueError("Parquet is not read here")
            content = read_json(text)
        except UnicodeDecodeError as error:
            raise _unparsed(kind, f"byte {error.start} is not UTF-8") from error
        except (ValueError, csv.Error, OSError, EOFError, zlib.error) as error:
            raise _unparsed(kind, str(error)) from error
        return self._read_manifest(content, integrations) if kind == "MANIFEST" else self._pointed(content)

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
        try:
            columns = [column.strip() for column in manifest["fileSchema"].split(",")]
            bucket = manifest["destinationBucket"].removeprefix("arn:aws:s3:::")
            keys = [part["key"] for part in manifest["files"]]
        except (AttributeError, KeyError, TypeError) as error:
            raise _unparsed("MANIFEST", "an inventory has fileSchema, destinationBucket and files") from error
        items: list[JsonValue] = []
        for key in keys:
            rows = csv.reader(io.StringIO(_text_of(integrations.read_object(bucket, key)), newline=""))
            items.extend(dict(zip(columns, row, strict=False)) for row in rows if row)
        return items


def text_argument(arguments: JsonValue, name: str, error: str) -> str:
    """One argument of a call to S3. Raises StateFailure where it is missing or no text."""
    value = arguments.get(name) if isinstance(arguments, dict) else None
    if not isinstance(value, str):
        raise StateFailure(error, f"The field '{name}' must be a string but was: {shown(value)}")
    return value


def _text_of(body: bytes) -> str:
    """An object as text, unpacked where it is compressed."""
    return (gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body).decode("utf-8-sig")


def _unparsed(kind: str, reason: str) -> StateFailure:
    return LocatedFailure(FAILED, f"Attempting to parse the {kind} object failed: {reason}")
