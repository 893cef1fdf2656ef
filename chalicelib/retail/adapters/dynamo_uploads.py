"""Uploads' records and pages in the facts table; `dynamo_keys` has their keys.

record    key, etag, moment, status, restatement, etags (SS), lease (N, epoch seconds), version (N); result and
          rejected are JSON texts. Without a version taken in there is ``rejected`` alone.
page      places: zlib over MessagePack of [store, day, part]
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from chalicelib.core.dynamo import Item, dynamodb, read_all
from chalicelib.retail.adapters import dynamo_keys as keys
from chalicelib.retail.adapters.dynamo_batches import query_all, write_all
from chalicelib.retail.domain.uploads import UploadRecord
from chalicelib.retail.errors.uploads import UploadBusyError
from chalicelib.retail.ports.uploads import FactPlace, UploadFile, UploadRecords

LEASE_SECONDS = 960
"""Longer than an invocation may last, so that a version that died is not in the way for longer."""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[tuple[str, str, int]]).decode


class DynamoUploadRecords(UploadRecords):
    """Versions take turns by a lease and a number that every change raises."""

    def __init__(self, table: str) -> None:
        self._table = table

    def get(self, upload_id: str) -> UploadRecord | None:
        """See `UploadRecords.get`."""
        item = self._item(upload_id)
        return _record(upload_id, item) if item else None

    def refused_rows(self, upload_ids: Iterable[str]) -> dict[str, int]:
        """See `UploadRecords.refused_rows`."""
        refused = {}
        for item in read_all(self._table, (_record_key(upload_id) for upload_id in upload_ids)):
            record = _record("", item)
            if count := record.result.get("rows", {}).get("quarantined", 0):
                refused[record.key] = count
        return refused

    def claim(self, upload_id: str, file: UploadFile, moment: str, now: datetime) -> UploadRecord | None:
        """See `UploadRecords.claim`."""
        item = self._item(upload_id)
        before = _record(upload_id, item) if item else None
        same = before is not None and (before.key, before.etag) == (file.key, file.etag)
        if before is not None and not same:
            if before.moment > moment:
                return None
            if before.status == "processing" and int(item["lease"]["N"]) > now.timestamp():
                raise UploadBusyError(f"{before.key} ({before.etag}) is being processed; it has the same facts")
        restatement = (before.restatement if before else 0) + (0 if same else 1)
        version = int(item["version"]["N"]) if "version" in item else 0
        request: Item = {
            "TableName": self._table,
            "Key": _record_key(upload_id),
            "UpdateExpression": "SET #key = :key, etag = :etag, moment = :moment, #status = :status,"
            " restatement = :restatement, lease = :lease, version = :next ADD etags :etags",
            "ConditionExpression": "version = :version" if version else "attribute_not_exists(version)",
            "ExpressionAttributeNames": {"#key": "key", "#status": "status"},
            "ExpressionAttributeValues": {
                ":key": {"S": file.key},
                ":etag": {"S": file.etag},
                ":moment": {"S": moment},
                ":status": {"S": "processing"},
                ":restatement": {"N": str(restatement)},
                ":lease": {"N": str(int(now.timestamp()) + LEASE_SECONDS)},
                ":next": {"N": str(version + 1)},
                ":etags": {"SS": [file.etag]},
            },
            "ReturnValues": "ALL_NEW",
        }
        if version:
            request["ExpressionAttributeValues"][":version"] = {"N": str(version)}
        try:
            answer = dynamodb().update_item(**request)
        except dynamodb().exceptions.ConditionalCheckFailedException:
            raise UploadBusyError(f"another version of {file.key} was taken at the same moment") from None
        return _record(upload_id, answer["Attributes"])

    def finish(self, upload_id: str, etag: str, result: dict[str, Any]) -> None:
        """See `UploadRecords.finish`; a version that has been replaced since changes nothing."""
        try:
            dynamodb().update_item(
                TableName=self._table,
                Key=_record_key(upload_id),
                UpdateExpression="SET #status = :done, #result = :result, version = version + :one",
                ConditionExpression="etag = :etag",
                ExpressionAttributeNames={"#status": "status", "#result": "result"},
                ExpressionAttributeValues={
                    ":done": {"S": "done"},
                    ":result": {"S": json.dumps(result)},
                    ":etag": {"S": etag},
                    ":one": {"N": "1"},
                },
            )
        except dynamodb().exceptions.ConditionalCheckFailedException:
            return

    def reject(self, upload_id: str, rejected: dict[str, Any]) -> None:
        """See `UploadRecords.reject`."""
        dynamodb().update_item(
            TableName=self._table,
            Key=_record_key(upload_id),
            UpdateExpression="SET rejected = :rejected",
            ExpressionAttributeValues={":rejected": {"S": json.dumps(rejected)}},
        )

    def put_pages(self, upload_id: str, etag: str, pages: Mapping[int, Sequence[FactPlace]]) -> None:
        """See `UploadRecords.put_pages`."""

        def item(number: int, places: Sequence[FactPlace]) -> Item:
            packed = zlib.compress(_encode([(store, day.isoformat(), part) for store, day, part in places]), 1)
            return {**_page_key(upload_id, etag, number), "places": {"B": packed}}

        write_all(self._table, ({"PutRequest": {"Item": item(*page)}} for page in pages.items()))

    def pages(self, upload_id: str) -> Iterator[tuple[int, str, list[FactPlace]]]:
        """See `UploadRecords.pages`."""
        partition = keys.upload_partition(upload_id)
        for item in query_all(self._table, partition, "page#", consistent=True):
            _, number, etag = item["sk"]["S"].split("#", 2)
            places = _decode(zlib.decompress(item["places"]["B"]))
            yield int(number), etag, [(store, date.fromisoformat(day), part) for store, day, part in places]

    def remove_page(self, upload_id: str, etag: str, number: int) -> None:
        """See `UploadRecords.remove_page`."""
        dynamodb().delete_item(TableName=self._table, Key=_page_key(upload_id, etag, number))

    def _item(self, upload_id: str) -> Item:
        answer = dynamodb().get_item(TableName=self._table, Key=_record_key(upload_id), ConsistentRead=True)
        item: Item = answer.get("Item", {})
        return item


def _record_key(upload_id: str) -> Item:
    return {"pk": {"S": keys.upload_partition(upload_id)}, "sk": {"S": "record"}}


def _page_key(upload_id: str, etag: str, number: int) -> Item:
    return {"pk": {"S": keys.upload_partition(upload_id)}, "sk": {"S": f"page#{number:03d}#{etag}"}}


def _record(upload_id: str, item: Item) -> UploadRecord:
    return UploadRecord(
        upload_id,
        key=_text(item, "key"),
        etag=_text(item, "etag"),
        moment=_text(item, "moment"),
        status=_text(item, "status") or "rejected",
        restatement=int(item.get("restatement", {"N": "0"})["N"]),
        etags=frozenset(item.get("etags", {"SS": []})["SS"]),
        result=json.loads(_text(item, "result") or "{}"),
        rejected=json.loads(_text(item, "rejected") or "{}"),
    )


def _text(item: Item, name: str) -> str:
    return str(item.get(name, {"S": ""})["S"])
