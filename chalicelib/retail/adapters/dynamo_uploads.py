"""Uploads' records and pages in the facts table; `dynamo_keys` has their keys.

record    key, etag, moment, status, restatement, etags (SS), lease (N, epoch seconds), version (N); result and
          rejected are JSON texts. Without a version taken in there is ``rejected`` alone.
content   upload, version (N): whose facts were made of this content last, written with the record
page      places: zlib over MessagePack of [store, day, part]
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
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
        owned = self._content(file.etag)
        holder = self._holder(owned, file.etag)
        if holder is not None and holder.upload_id != upload_id:
            raise UploadBusyError(f"{holder.key}, which has the same content, was taken at the same moment")
        claimed = replace(
            before or _record(upload_id, {}),
            key=file.key,
            etag=file.etag,
            moment=moment,
            status="processing",
            restatement=(before.restatement if before else 0) + (0 if same else 1),
            etags=(before.etags if before else frozenset()) | {file.etag},
        )
        version = int(item["version"]["N"]) if "version" in item else 0
        update: Item = {
            "TableName": self._table,
            "Key": _record_key(upload_id),
            "UpdateExpression": "SET #key = :key, etag = :etag, moment = :moment, #status = :status,"
            " restatement = :restatement, lease = :lease, version = :next ADD etags :etags",
            "ConditionExpression": "version = :version" if version else "attribute_not_exists(version)",
            "ExpressionAttributeNames": {"#key": "key", "#status": "status"},
            "ExpressionAttributeValues": {
                ":key": {"S": claimed.key},
                ":etag": {"S": claimed.etag},
                ":moment": {"S": claimed.moment},
                ":status": {"S": claimed.status},
                ":restatement": {"N": str(claimed.restatement)},
                ":lease": {"N": str(int(now.timestamp()) + LEASE_SECONDS)},
                ":next": {"N": str(version + 1)},
                ":etags": {"SS": [file.etag]},
            },
        }
        if version:
            update["ExpressionAttributeValues"][":version"] = {"N": str(version)}
        own = {"Put": self._owning(file.etag, upload_id, owned)}
        try:
            dynamodb().transact_write_items(TransactItems=[{"Update": update}, own])
        except dynamodb().exceptions.TransactionCanceledException:
            raise UploadBusyError(f"another version of {file.key} was taken at the same moment") from None
        return claimed

    def holder(self, etag: str) -> UploadRecord | None:
        """See `UploadRecords.holder`."""
        return self._holder(self._content(etag), etag)

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

    def _holder(self, owned: Item, etag: str) -> UploadRecord | None:
        record = self.get(owned["upload"]["S"]) if owned else None
        return record if record is not None and record.etag == etag else None

    def _owning(self, etag: str, upload_id: str, before: Item) -> Item:
        """Return the put that makes the content the upload's, when nobody else has changed whose it is."""
        version = int(before["version"]["N"]) if before else 0
        put: Item = {
            "TableName": self._table,
            "Item": {**_content_key(etag), "upload": {"S": upload_id}, "version": {"N": str(version + 1)}},
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        if before:
            put["ConditionExpression"] = "version = :version"
            put["ExpressionAttributeValues"] = {":version": {"N": str(version)}}
        return put

    def _content(self, etag: str) -> Item:
        return self._at(_content_key(etag))

    def _item(self, upload_id: str) -> Item:
        return self._at(_record_key(upload_id))

    def _at(self, key: Item) -> Item:
        item: Item = dynamodb().get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item", {})
        return item


def _record_key(upload_id: str) -> Item:
    return {"pk": {"S": keys.upload_partition(upload_id)}, "sk": {"S": "record"}}


def _content_key(etag: str) -> Item:
    return {"pk": {"S": keys.content_partition(etag)}, "sk": {"S": "owner"}}


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
