"""Approvals and their audit trail in DynamoDB.

Items of the table ``approvals``:

    id          the approval's id
    body        JSON of the whole approval, its task token encrypted
    version     a write is conditional on it
    state, expires_at    the index ``by_state`` lists approvals, those that expire first, or last, before others
    kind, deciders       what lists filter by
    keep_until  epoch seconds: DynamoDB removes the item then (its trail stays)

Items of the table ``approval-audit``, only ever added:

    approval_id
    at    the time; the approval's version, which orders what happens at one instant; something random, so that no
          entry takes another's place
    who, what, source, details (JSON)
"""

from __future__ import annotations

import base64
import json
import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.approvals.domain.approval import Approval, ApprovalState
from chalicelib.approvals.errors import ApprovalChangedError, ApprovalNotFoundError
from chalicelib.approvals.ports.stores import ApprovalStore, AuditEntry, Wanted
from chalicelib.core import payload
from chalicelib.core.aws import client
from chalicelib.core.dynamo import can_be_key
from chalicelib.core.errors import InvalidInputError, Problem, TransientError

KEPT_FOR = timedelta(days=730)
"""After the expiry: two years of answers to "who decided this"; the trail stays for good."""

_CHANGED = {"ConditionalCheckFailed", "TransactionConflict"}
"""Both say that somebody else wrote the approval: it must be read again."""


class DynamoApprovalStore(ApprovalStore):
    """See the module's docstring for the items."""

    def __init__(self, table: str, audit_table: str) -> None:
        self._table, self._audit_table = table, audit_table

    def create(self, approval: Approval, entry: AuditEntry) -> None:
        """See `ApprovalStore.create`."""
        self._write(approval, "attribute_not_exists(id)", {}, (entry,))

    def get(self, approval_id: str) -> Approval:
        """See `ApprovalStore.get`."""
        if not can_be_key(approval_id):
            raise ApprovalNotFoundError("no approval has an empty id, or one that long")
        answer = client("dynamodb").get_item(
            TableName=self._table, Key={"id": {"S": approval_id}}, ConsistentRead=True
        )
        if "Item" not in answer:
            raise ApprovalNotFoundError(f"there is no approval {approval_id}")
        return _approval(answer["Item"])

    def move(self, before: Approval, after: Approval, *entries: AuditEntry) -> Approval:
        """See `ApprovalStore.move`."""
        written = replace(after, version=before.version + 1)
        self._write(written, "version = :version", {":version": {"N": str(before.version)}}, entries)
        return written

    def page(self, wanted: Wanted, limit: int, after: str | None) -> tuple[list[Approval], str | None]:
        """See `ApprovalStore.page`."""
        request = self._query(wanted)
        if after is not None:
            request["ExclusiveStartKey"] = _key(after, wanted)
        found: list[dict[str, Any]] = []
        while True:
            answer = client("dynamodb").query(**request)
            found += answer["Items"]
            last = answer.get("LastEvaluatedKey")
            if len(found) > limit or (len(found) == limit and last):
                return [_approval(item) for item in found[:limit]], _place(found[limit - 1])
            if not last:
                return [_approval(item) for item in found], None
            request["ExclusiveStartKey"] = last

    def note(self, approval: Approval, entry: AuditEntry) -> None:
        """See `ApprovalStore.note`."""
        client("dynamodb").put_item(
            TableName=self._audit_table, Item=_entry_item(entry, f"{approval.version:06d}~")
        )

    def trail(self, approval_id: str) -> list[AuditEntry]:
        """See `ApprovalStore.trail`."""
        pages = (
            client("dynamodb")
            .get_paginator("query")
            .paginate(
                TableName=self._audit_table,
                KeyConditionExpression="approval_id = :id",
                ExpressionAttributeValues={":id": {"S": approval_id}},
                ConsistentRead=True,
            )
        )
        return [_entry(item) for page in pages for item in page["Items"]]

    def _write(
        self, approval: Approval, condition: str, values: dict[str, Any], entries: tuple[AuditEntry, ...]
    ) -> None:
        put: dict[str, Any] = {"TableName": self._table, "Item": _item(approval), "ConditionExpression": condition}
        if values:
            put["ExpressionAttributeValues"] = values
        audits = [
            {"Put": {"TableName": self._audit_table, "Item": _entry_item(entry, f"{approval.version:06d}")}}
            for entry in entries
        ]
        dynamo = client("dynamodb")
        try:
            dynamo.transact_write_items(TransactItems=[{"Put": put}, *audits])
        except dynamo.exceptions.TransactionCanceledException as error:
            codes = {reason.get("Code", "None") for reason in error.response["CancellationReasons"]}
            if codes & _CHANGED:
                raise ApprovalChangedError(f"approval {approval.id} was changed meanwhile") from None
            raise TransientError(f"DynamoDB did not take approval {approval.id}: {', '.join(codes)}") from error

    def _query(self, wanted: Wanted) -> dict[str, Any]:
        values: dict[str, Any] = {":state": {"S": wanted.state.value}}
        filters = []
        if wanted.kind is not None:
            filters.append("kind = :kind")
            values[":kind"] = {"S": wanted.kind}
        if wanted.deciders is not None:
            names = [f":d{n}" for n in range(len(wanted.deciders))]
            filters.append("(" + " OR ".join(f"contains(deciders, {name})" for name in names) + ")")
            values |= {name: {"S": who} for name, who in zip(names, wanted.deciders, strict=True)}
        request: dict[str, Any] = {
            "TableName": self._table,
            "IndexName": "by_state",
            "ScanIndexForward": wanted.state is ApprovalState.PENDING,
            "KeyConditionExpression": "#state = :state",
            "ExpressionAttributeNames": {"#state": "state"},
            "ExpressionAttributeValues": values,
        }
        return request | ({"FilterExpression": " AND ".join(filters)} if filters else {})


def _item(approval: Approval) -> dict[str, Any]:
    keep_until = approval.expires_at + KEPT_FOR
    return {
        "id": {"S": approval.id},
        "body": {"S": json.dumps(payload.to_json_types(approval), separators=(",", ":"))},
        "version": {"N": str(approval.version)},
        "state": {"S": approval.state.value},
        "expires_at": {"S": approval.expires_at.isoformat(timespec="microseconds")},
        "kind": {"S": approval.kind},
        "deciders": {"L": [{"S": who} for who in approval.deciders]},
        "keep_until": {"N": str(int(keep_until.timestamp()))},
    }


def _approval(item: dict[str, Any]) -> Approval:
    return payload.parse_json(Approval, item["body"]["S"])


def _entry_item(entry: AuditEntry, place: str) -> dict[str, Any]:
    return {
        "approval_id": {"S": entry.approval_id},
        "at": {"S": f"{entry.at.isoformat(timespec='microseconds')}#{place}#{uuid.uuid4().hex[:8]}"},
        "who": {"S": entry.who},
        "what": {"S": entry.what},
        "source": {"S": entry.source},
        "details": {"S": json.dumps(entry.details)},
    }


def _entry(item: dict[str, Any]) -> AuditEntry:
    return AuditEntry(
        approval_id=item["approval_id"]["S"],
        at=datetime.fromisoformat(item["at"]["S"].partition("#")[0]),
        who=item["who"]["S"],
        what=item["what"]["S"],
        source=item["source"]["S"],
        details=json.loads(item["details"]["S"]),
    )


def _place(item: dict[str, Any]) -> str:
    """Return where a page ended as a text that needs no escaping in a URL."""
    key = f"{item['expires_at']['S']}|{item['id']['S']}"
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def _key(place: str, wanted: Wanted) -> dict[str, Any]:
    try:
        text = base64.b64decode(place + "=" * (-len(place) % 4), altchars=b"-_", validate=True).decode()
    except ValueError:
        text = ""
    expires_at, _, approval_id = text.partition("|")
    if not (expires_at and approval_id):
        raise InvalidInputError([Problem("?after", "not_a_place", "is no place in the list of approvals")])
    return {"id": {"S": approval_id}, "state": {"S": wanted.state.value}, "expires_at": {"S": expires_at}}
