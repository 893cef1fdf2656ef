"""The reports table: which reports there are, what the calendar says, what people answered.

pk          sk                       attributes
report      <date>                   version, stamp, net_cents, sent_by (execution), claims (all that may mail it)
event       <id>                     name, first, last, scope
feedback    <day>#<finding>#<who>    answer, said_at
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chalicelib.core.aws import client
from chalicelib.retail.domain.calendars import Feedback, Knowledge, KnownEvent
from chalicelib.retail.ports.reports import Memory, ReportLog, ReportRecord

Item = dict[str, dict[str, Any]]

_UNCLAIMED_OR_MINE = "attribute_not_exists(sent_by) OR contains(claims, :me)"


class DynamoReportLog(ReportLog):
    """One item a date; claims are conditional writes."""

    def __init__(self, table: str) -> None:
        self._table = table

    def record(self, day: str) -> ReportRecord | None:
        """See `ReportLog.record`."""
        found = client("dynamodb").get_item(TableName=self._table, Key=_key("report", day), ConsistentRead=True)
        return _record(found["Item"]) if "Item" in found else None

    def records(self, first: str, last: str) -> list[ReportRecord]:
        """See `ReportLog.records`."""
        return [_record(item) for item in _query(self._table, "report", first, last)]

    def latest(self, until: str, limit: int) -> list[ReportRecord]:
        """See `ReportLog.latest`: an item that was only claimed has no version yet."""
        found = _items(
            self._table,
            KeyConditionExpression="pk = :pk AND sk <= :until",
            FilterExpression="attribute_exists(version)",
            ExpressionAttributeValues={":pk": {"S": "report"}, ":until": {"S": until}},
            ScanIndexForward=False,
            PaginationConfig={"MaxItems": limit, "PageSize": limit},
        )
        return [_record(item) for item in found]

    def claim(self, day: str, execution: str, *, force: bool) -> bool:
        """See `ReportLog.claim`."""
        dynamodb = client("dynamodb")
        condition = {} if force else {"ConditionExpression": _UNCLAIMED_OR_MINE}
        try:
            dynamodb.update_item(
                TableName=self._table,
                Key=_key("report", day),
                UpdateExpression="SET sent_by = if_not_exists(sent_by, :me) ADD claims :mine",
                ExpressionAttributeValues={":me": {"S": execution}, ":mine": {"SS": [execution]}},
                **condition,
            )
        except dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def written(self, record: ReportRecord) -> None:
        """See `ReportLog.written`."""
        client("dynamodb").update_item(
            TableName=self._table,
            Key=_key("report", record.day),
            UpdateExpression="SET version = :version, stamp = :stamp, net_cents = :net",
            ExpressionAttributeValues={
                ":version": {"N": str(record.version)},
                ":stamp": {"S": record.stamp},
                ":net": {"N": str(record.net_cents)},
            },
        )


class DynamoMemory(Memory):
    """Events and answers as items of the same table."""

    def __init__(self, table: str) -> None:
        self._table = table

    def knowledge(self, first: str, last: str) -> Knowledge:
        """See `Memory.knowledge`."""
        answers = [_feedback(item) for item in _query(self._table, "feedback", first, last)]
        return Knowledge([_event(item) for item in self._events(first, last)], answers)

    def add_event(self, event: KnownEvent) -> None:
        """See `Memory.add_event`."""
        texts = {"name": event.name, "first": event.first, "last": event.last, "scope": event.scope}
        self._put("event", event.id, texts)

    def remove_event(self, event_id: str) -> None:
        """See `Memory.remove_event`."""
        client("dynamodb").delete_item(TableName=self._table, Key=_key("event", event_id))

    def add_feedback(self, feedback: Feedback) -> None:
        """See `Memory.add_feedback`."""
        texts = {"answer": feedback.answer, "said_at": feedback.said_at}
        self._put("feedback", f"{feedback.day}#{feedback.finding}#{feedback.who}", texts)

    def _events(self, first: str, last: str) -> Iterator[Item]:
        """Yield those that touch the days; the others are read, too, and cost as much: about 100 bytes each."""
        return _items(
            self._table,
            KeyConditionExpression="pk = :pk",
            FilterExpression="#last >= :first AND #first <= :last",
            ExpressionAttributeNames={"#first": "first", "#last": "last"},
            ExpressionAttributeValues={":pk": {"S": "event"}, ":first": {"S": first}, ":last": {"S": last}},
            ConsistentRead=True,
        )

    def _put(self, pk: str, sk: str, texts: dict[str, str]) -> None:
        item = _key(pk, sk) | {name: {"S": text} for name, text in texts.items()}
        client("dynamodb").put_item(TableName=self._table, Item=item)


def _key(pk: str, sk: str) -> Item:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def _query(table: str, pk: str, first: str, last: str) -> Iterator[Item]:
    """Yield the items whose sort key is between two dates, the last one's own included."""
    return _items(
        table,
        KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
        ExpressionAttributeValues={":pk": {"S": pk}, ":first": {"S": first}, ":last": {"S": f"{last}~"}},
        ConsistentRead=True,
    )


def _items(table: str, **asked: Any) -> Iterator[Item]:
    """Yield what a query finds, page by page."""
    pages = client("dynamodb").get_paginator("query").paginate(TableName=table, **asked)
    return (item for page in pages for item in page["Items"])


def _record(item: Item) -> ReportRecord:
    return ReportRecord(
        item["sk"]["S"],
        int(item.get("version", {"N": "0"})["N"]),
        item.get("stamp", {"S": ""})["S"],
        int(item.get("net_cents", {"N": "0"})["N"]),
        item.get("sent_by", {"S": ""})["S"],
    )


def _event(item: Item) -> KnownEvent:
    name, first, last, scope = (item[field]["S"] for field in ("name", "first", "last", "scope"))
    return KnownEvent(item["sk"]["S"], name, first, last, scope)


def _feedback(item: Item) -> Feedback:
    day, _, rest = item["sk"]["S"].partition("#")
    finding, _, who = rest.rpartition("#")
    return Feedback(finding, day, item["answer"]["S"], who, item["said_at"]["S"])
