"""Incidents in DynamoDB: one partition an incident, read whole by one query.

Items of the table ``incidents``, key ``incident_id`` and ``part``:

    incident        what the machine wrote: event (JSON text), status, recorded_at, execution_arn,
                    acknowledged ("yes"); kind is "incident" or "drill", and with recorded_at the key of by_time
    notices         each notification as attribute "notice:<id>" {claim, channel, who, claimed_at, sent_at,
                    message_id, delivered_at, receipt}; acknowledged_at, acknowledged_by, acknowledged_via;
                    task_token of who waits
    head            number and hash of the timeline's last entry
    entry#000001    an entry of the timeline, as JSON text, so that its hash stays right to the letter

Notifications and acknowledgement share an item, because one conditional write on it decides which came first.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.core import aws
from chalicelib.core.dynamo import can_be_key
from chalicelib.fleet.adapters.incident_items import (
    NOTICE,
    Item,
    acknowledgement_of,
    as_text,
    claimed_by,
    incident_of,
    notice_value,
    notices_of,
    record_of,
)
from chalicelib.fleet.domain.incidents.timeline import Entry, Head
from chalicelib.fleet.ports.incidents import (
    Acknowledged,
    Acknowledgement,
    Claim,
    ClaimResult,
    Incident,
    IncidentStore,
    Notice,
)

_CONDITION_FAILED = ("ConditionalCheckFailedException", "TransactionCanceledException")


class DynamoIncidentStore(IncidentStore):
    """See the module's docstring for the items."""

    def __init__(self, table: str) -> None:
        self._table = table

    def load(self, incident_id: str) -> Incident | None:
        """See `IncidentStore.load`."""
        if not can_be_key(incident_id):
            return None
        items: dict[str, Item] = {}
        for page in (
            _client()
            .get_paginator("query")
            .paginate(
                TableName=self._table,
                KeyConditionExpression="incident_id = :id",
                ExpressionAttributeValues={":id": {"S": incident_id}},
                ConsistentRead=True,
            )
        ):
            items |= {item["part"]["S"]: item for item in page["Items"]}
        return incident_of(incident_id, items) if items else None

    def claim(self, incident_id: str, notice: Notice) -> Claim:
        """See `IncidentStore.claim`."""
        call = uuid.uuid4().hex
        while True:
            try:
                self._update(
                    incident_id,
                    "SET #notice = :notice",
                    {"#notice": NOTICE + notice.id},
                    {":notice": notice_value(notice, call)},
                    "attribute_not_exists(#notice) AND attribute_not_exists(acknowledged_at)",
                )
            except ClientError as error:
                if not _refused(error):
                    raise
            else:
                return Claim(ClaimResult.TAKEN, notice)
            if (before := self._claimed_before(incident_id, notice, call)) is not None:
                return before

    def sent(self, incident_id: str, notice_id: str, message_id: str, at: datetime) -> None:
        """See `IncidentStore.sent`."""
        self._update(
            incident_id,
            "SET #notice.message_id = :message, #notice.sent_at = :at",
            {"#notice": NOTICE + notice_id},
            {":message": {"S": message_id}, ":at": {"S": as_text(at)}},
            "attribute_exists(#notice)",
        )

    def release(self, incident_id: str, notice_id: str) -> None:
        """See `IncidentStore.release`."""
        self._update(incident_id, "REMOVE #notice", {"#notice": NOTICE + notice_id})

    def delivered(self, incident_id: str, notice_id: str, receipt: str, at: datetime) -> bool:
        """See `IncidentStore.delivered`."""
        if not can_be_key(incident_id):
            return False
        try:
            self._update(
                incident_id,
                "SET #notice.receipt = if_not_exists(#notice.receipt, :receipt), "
                "#notice.delivered_at = if_not_exists(#notice.delivered_at, :at)",
                {"#notice": NOTICE + notice_id},
                {":receipt": {"S": receipt}, ":at": {"S": as_text(at)}},
                "attribute_exists(#notice.sent_at)",
            )
        except ClientError as error:
            if not _refused(error):
                raise
            return False
        return True

    def acknowledge(self, incident_id: str, acknowledgement: Acknowledgement) -> Acknowledged:
        """See `IncidentStore.acknowledge`."""
        first = True
        try:
            self._update(
                incident_id,
                "SET acknowledged_at = :at, acknowledged_by = :by, acknowledged_via = :via",
                {},
                {
                    ":at": {"S": acknowledgement.at},
                    ":by": {"S": acknowledgement.by},
                    ":via": {"S": acknowledgement.via},
                },
                "attribute_not_exists(acknowledged_at)",
            )
        except ClientError as error:
            if not _refused(error):
                raise
            first = False
        item = self._notices(incident_id)
        counts = acknowledgement_of(item)
        assert counts is not None, "an acknowledgement is never taken back"
        token = item.get("task_token", {}).get("S")
        return Acknowledged(counts, first, token, notices_of(item))

    def wait_for_acknowledgement(self, incident_id: str, task_token: str) -> Acknowledgement | None:
        """See `IncidentStore.wait_for_acknowledgement`."""
        try:
            self._update(
                incident_id,
                "SET task_token = :token",
                {},
                {":token": {"S": task_token}},
                "attribute_not_exists(acknowledged_at)",
            )
        except ClientError as error:
            if not _refused(error):
                raise
            return acknowledgement_of(self._notices(incident_id))
        return None

    def append(self, incident_id: str, before: Head | None, entries: Sequence[Entry]) -> bool:
        """See `IncidentStore.append`."""
        head = entries[-1]
        key = {"incident_id": {"S": incident_id}}
        update: Item = {
            "TableName": self._table,
            "Key": key | {"part": {"S": "head"}},
            "UpdateExpression": "SET #number = :number, #hash = :hash",
            "ExpressionAttributeNames": {"#number": "number", "#hash": "hash"},
            "ExpressionAttributeValues": {":number": {"N": str(head.number)}, ":hash": {"S": head.hash}},
            "ConditionExpression": "attribute_not_exists(#hash)" if before is None else "#hash = :before",
        }
        if before is not None:
            update["ExpressionAttributeValues"][":before"] = {"S": before.hash}
        puts = [
            {
                "Put": {
                    "TableName": self._table,
                    "Item": key
                    | {"part": {"S": f"entry#{one.number:06d}"}, "entry": {"S": json.dumps(one.as_dict())}},
                    "ConditionExpression": "attribute_not_exists(part)",
                }
            }
            for one in entries
        ]
        try:
            _client().transact_write_items(TransactItems=[{"Update": update}, *puts])
        except ClientError as error:
            if error.response["Error"]["Code"] not in _CONDITION_FAILED:
                raise
            return False
        return True

    def mark(
        self, incident_id: str, *, needs_review: bool = False, drill: bool = False, acknowledged: bool = False
    ) -> None:
        """See `IncidentStore.mark`."""
        changes: dict[str, str] = {"#status": "needs_review"} if needs_review else {}
        changes |= {"#kind": "drill"} if drill else {}
        changes |= {"#acknowledged": "yes"} if acknowledged else {}
        if not changes:
            return
        try:
            _client().update_item(
                TableName=self._table,
                Key={"incident_id": {"S": incident_id}, "part": {"S": "incident"}},
                UpdateExpression="SET " + ", ".join(f"{name} = :{name[1:]}" for name in changes),
                ExpressionAttributeNames={name: name[1:] for name in changes},
                ExpressionAttributeValues={f":{name[1:]}": {"S": value} for name, value in changes.items()},
                ConditionExpression="attribute_exists(incident_id)",
            )
        except ClientError as error:
            if not _refused(error):
                raise

    def page(self, *, drills: bool, limit: int, after: str | None) -> tuple[list[Incident], str | None]:
        """See `IncidentStore.page`; a page begins after "<recorded_at> <incident id>"."""
        kind = {"S": "drill" if drills else "incident"}
        request: Item = {
            "TableName": self._table,
            "IndexName": "by_time",
            "KeyConditionExpression": "#kind = :kind",
            "ExpressionAttributeNames": {"#kind": "kind"},
            "ExpressionAttributeValues": {":kind": kind},
            "ScanIndexForward": False,
            "Limit": limit,
        }
        if after is not None:
            recorded_at, _, incident_id = after.partition(" ")
            request["ExclusiveStartKey"] = {
                "kind": kind,
                "recorded_at": {"S": recorded_at},
                "incident_id": {"S": incident_id},
                "part": {"S": "incident"},
            }
        answer = _client().query(**request)
        found = [Incident(item["incident_id"]["S"], record_of(item)) for item in answer["Items"]]
        last = answer.get("LastEvaluatedKey")
        return found, None if last is None else f"{last['recorded_at']['S']} {last['incident_id']['S']}"

    def _update(
        self,
        incident_id: str,
        expression: str,
        names: Mapping[str, str],
        values: Mapping[str, Any] | None = None,
        condition: str | None = None,
    ) -> None:
        """Update the incident's item ``notices``."""
        request: Item = {
            "TableName": self._table,
            "Key": {"incident_id": {"S": incident_id}, "part": {"S": "notices"}},
            "UpdateExpression": expression,
        }
        if names:
            request["ExpressionAttributeNames"] = names
        if values:
            request["ExpressionAttributeValues"] = values
        if condition:
            request["ConditionExpression"] = condition
        _client().update_item(**request)

    def _notices(self, incident_id: str) -> Item:
        key = {"incident_id": {"S": incident_id}, "part": {"S": "notices"}}
        answer: Item = _client().get_item(TableName=self._table, Key=key, ConsistentRead=True)
        item: Item = answer.get("Item", {})
        return item

    def _claimed_before(self, incident_id: str, notice: Notice, call: str) -> Claim | None:
        """Return why a claim was refused; None where whoever had claimed it has given it back since."""
        item = self._notices(incident_id)
        if claimed_by(item, notice.id) == call:  # botocore sent it twice, as the first answer was lost
            return Claim(ClaimResult.TAKEN, notice)
        if (known := notices_of(item).get(notice.id)) is not None:
            return Claim(ClaimResult.SENT if known.message_id is not None else ClaimResult.UNSETTLED, known)
        return Claim(ClaimResult.ACKNOWLEDGED) if acknowledgement_of(item) is not None else None


def _client() -> Any:
    return aws.client("dynamodb", validate=False)


def _refused(error: ClientError) -> bool:
    code: str = error.response["Error"]["Code"]
    return code in _CONDITION_FAILED
