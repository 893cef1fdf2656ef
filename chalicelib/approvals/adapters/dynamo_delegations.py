"""Delegations in DynamoDB: few, so a list reads them all.

Items of the table ``approval-delegations``: id, approver, delegate (missing: nobody), since, until, reason,
keep_until (epoch seconds: DynamoDB removes the item then).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from chalicelib.approvals.domain.delegations import Delegation
from chalicelib.approvals.ports.stores import DelegationStore
from chalicelib.core.aws import client

KEPT_FOR = timedelta(days=90)
"""After its end."""


class DynamoDelegationStore(DelegationStore):
    """See the module's docstring for the items."""

    def __init__(self, table: str) -> None:
        self._table = table

    def put(self, delegation: Delegation) -> None:
        """See `DelegationStore.put`."""
        item = {
            "id": delegation.id,
            "approver": delegation.approver,
            "delegate": delegation.delegate,
            "since": delegation.since.isoformat(),
            "until": delegation.until.isoformat(),
            "reason": delegation.reason,
        }
        keep_until = int((delegation.until + KEPT_FOR).timestamp())
        texts = {name: {"S": text} for name, text in item.items() if text is not None}
        client("dynamodb").put_item(TableName=self._table, Item={**texts, "keep_until": {"N": str(keep_until)}})

    def all(self, now: datetime) -> list[Delegation]:
        """See `DelegationStore.all`."""
        pages = client("dynamodb").get_paginator("scan").paginate(TableName=self._table, ConsistentRead=True)
        found = [_delegation(item) for page in pages for item in page["Items"]]
        return sorted((one for one in found if one.until > now), key=lambda one: (one.since, one.id))

    def remove(self, delegation_id: str) -> None:
        """See `DelegationStore.remove`."""
        client("dynamodb").delete_item(TableName=self._table, Key={"id": {"S": delegation_id}})


def _delegation(item: dict[str, Any]) -> Delegation:
    text = {name: value["S"] for name, value in item.items() if "S" in value}
    return Delegation(
        id=text["id"],
        approver=text["approver"],
        delegate=text.get("delegate"),
        since=datetime.fromisoformat(text["since"]),
        until=datetime.fromisoformat(text["until"]),
        reason=text["reason"],
    )
