"""What the desk remembers of tickets, in DynamoDB.

Items of the table ``tickets``, pk = ``ticket_id``:

    sk                        attributes
    ticket                    body (JSON of the record), revision
    recommendation#<id>       body (JSON of the recommendation)
    assignment                body (JSON of the assignment), revision
    label#<id>                body (JSON of the label), week, at; the index ``by_week`` (week, at) finds them

A change of an assignment is one transaction over its item, its label and the ``open_assignments`` of the experts
concerned in the table ``tickets-smes``, so the load is right after any crash.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

import msgspec

from chalicelib.core.aws import client
from chalicelib.core.errors import TransientError
from chalicelib.tickets.domain.assignment import Assignment, Label
from chalicelib.tickets.domain.recommendation import Recommendation
from chalicelib.tickets.domain.record import TicketRecord
from chalicelib.tickets.errors import TicketNotFoundError, TicketStateError
from chalicelib.tickets.ports.tickets import TicketStore

Item = dict[str, Any]
T = TypeVar("T")

_RECORD, _ASSIGNMENT = "ticket", "assignment"


class DynamoTicketStore(TicketStore):
    """See the module's docstring for the items."""

    def __init__(self, table: str, smes_table: str) -> None:
        self._table, self._smes_table = table, smes_table

    def find(self, ticket_id: str) -> TicketRecord | None:
        """See `TicketStore.find`."""
        return self._read(ticket_id, _RECORD, TicketRecord)

    def save(self, record: TicketRecord) -> None:
        """See `TicketStore.save`."""
        saved = replace(record, revision=record.revision + 1)
        dynamo = client("dynamodb")
        try:
            dynamo.put_item(**self._put(record.ticket_id, _RECORD, saved, record.revision))
        except dynamo.exceptions.ConditionalCheckFailedException:
            raise TicketStateError(f"ticket {record.ticket_id} was changed meanwhile") from None

    def save_recommendation(self, recommendation: Recommendation) -> None:
        """See `TicketStore.save_recommendation`."""
        item = {
            **_key(recommendation.ticket_id, f"recommendation#{recommendation.recommendation_id}"),
            "body": _json(recommendation),
        }
        client("dynamodb").put_item(TableName=self._table, Item=item)

    def recommendation(self, ticket_id: str, recommendation_id: str) -> Recommendation:
        """See `TicketStore.recommendation`."""
        found = self._read(ticket_id, f"recommendation#{recommendation_id}", Recommendation)
        if found is None:
            raise TicketNotFoundError(
                f"there is no recommendation {recommendation_id[:80]!r} for {ticket_id[:64]!r}"
            )
        return found

    def assignment(self, ticket_id: str) -> Assignment | None:
        """See `TicketStore.assignment`."""
        return self._read(ticket_id, _ASSIGNMENT, Assignment)

    def move(self, before: Assignment | None, after: Assignment, label: Label) -> None:
        """See `TicketStore.move`."""
        row = {
            "TableName": self._table,
            "Item": {
                **_key(label.ticket_id, f"label#{label.label_id}"),
                "body": _json(label),
                "week": {"S": label.week},
                "at": {"S": label.at.isoformat()},
            },
            "ConditionExpression": "attribute_not_exists(sk)",
        }
        parts: list[Item] = [
            {"Put": self._put(after.ticket_id, _ASSIGNMENT, after, before.revision if before else 0)},
            {"Put": row},
        ]
        was, now = before.holder if before else "", after.holder
        if was != now:
            parts += [self._load(cre_id, by) for cre_id, by in ((was, -1), (now, 1)) if cre_id]
        dynamo = client("dynamodb")
        try:
            dynamo.transact_write_items(TransactItems=parts)
        except dynamo.exceptions.TransactionCanceledException as error:
            codes = {reason.get("Code") for reason in error.response["CancellationReasons"]}
            if "ConditionalCheckFailed" in codes:
                raise TicketStateError(f"the assignment of ticket {after.ticket_id} has moved on") from None
            raise TransientError("DynamoDB cancelled a transaction: others hold its items") from error

    def labels(self, ticket_id: str) -> list[Label]:
        """See `TicketStore.labels`."""
        return self._query(
            KeyConditionExpression="ticket_id = :ticket AND begins_with(sk, :label)",
            ExpressionAttributeValues={":ticket": {"S": ticket_id}, ":label": {"S": "label#"}},
            ConsistentRead=True,
        )

    def labels_of(self, week: str) -> list[Label]:
        """See `TicketStore.labels_of`."""
        return self._query(
            IndexName="by_week",
            KeyConditionExpression="#week = :week",
            ExpressionAttributeNames={"#week": "week"},
            ExpressionAttributeValues={":week": {"S": week}},
        )

    def _query(self, **request: Any) -> list[Label]:
        found: list[Label] = []
        request["TableName"] = self._table
        while True:
            answer = client("dynamodb").query(**request)
            found += [msgspec.json.decode(item["body"]["S"], type=Label) for item in answer["Items"]]
            if not (last := answer.get("LastEvaluatedKey")):
                return found
            request["ExclusiveStartKey"] = last

    def _read(self, ticket_id: str, sort_key: str, kind: type[T]) -> T | None:
        if not ticket_id:
            return None
        answer = client("dynamodb").get_item(
            TableName=self._table, Key=_key(ticket_id, sort_key), ConsistentRead=True
        )
        return msgspec.json.decode(answer["Item"]["body"]["S"], type=kind) if "Item" in answer else None

    def _put(self, ticket_id: str, sort_key: str, value: TicketRecord | Assignment, replaces: int) -> Item:
        """Return a put of ``value`` in the place of its revision ``replaces``; 0: it is the first."""
        request: Item = {
            "TableName": self._table,
            "Item": {
                **_key(ticket_id, sort_key),
                "body": _json(value),
                "revision": {"N": str(value.revision)},
            },
        }
        if replaces:
            return request | {
                "ConditionExpression": "revision = :replaces",
                "ExpressionAttributeValues": {":replaces": {"N": str(replaces)}},
            }
        return request | {"ConditionExpression": "attribute_not_exists(sk)"}

    def _load(self, cre_id: str, by: int) -> Item:
        return {
            "Update": {
                "TableName": self._smes_table,
                "Key": {"cre_id": {"S": cre_id}},
                "UpdateExpression": "ADD open_assignments :by",
                "ExpressionAttributeValues": {":by": {"N": str(by)}},
            }
        }


def _key(ticket_id: str, sort_key: str) -> Item:
    return {"ticket_id": {"S": ticket_id}, "sk": {"S": sort_key}}


def _json(value: Any) -> Item:
    return {"S": msgspec.json.encode(value).decode()}
