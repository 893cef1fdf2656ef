"""Experts in DynamoDB, one item each.

Items of the table ``tickets-smes``, key ``cre_id``:

    name, slack_id, zone    texts
    hours                   list of {days: ["mon", ...], start: "09:00:00", end: "17:00:00"}
    leave                   list of {first: "2026-12-24", last: "2027-01-02"}
    capacity                number
    on_call                 boolean
    products                list of texts
    open_assignments        number, changed by the transactions of ``dynamo_tickets`` alone
"""

from __future__ import annotations

from typing import Any

import msgspec

from chalicelib.core.aws import client
from chalicelib.tickets.domain.sme import SmeProfile
from chalicelib.tickets.errors import SmeNotFoundError
from chalicelib.tickets.ports.smes import SmeDirectory

Item = dict[str, Any]
"""A DynamoDB item in its typed form, ``{"name": {"S": "Ada"}}``."""


class DynamoSmeDirectory(SmeDirectory):
    """See the module's docstring for the items."""

    def __init__(self, table: str) -> None:
        self._table = table

    def all(self) -> list[SmeProfile]:
        """See `SmeDirectory.all`. A desk has tens of experts, so the table is read whole."""
        found: list[SmeProfile] = []
        request: dict[str, Any] = {"TableName": self._table, "ConsistentRead": True}
        while True:
            answer = client("dynamodb").scan(**request)
            found += [profile_of(item) for item in answer["Items"]]
            if not (last := answer.get("LastEvaluatedKey")):
                return sorted(found, key=lambda profile: profile.cre_id)
            request["ExclusiveStartKey"] = last

    def get(self, cre_id: str) -> SmeProfile:
        """See `SmeDirectory.get`."""
        key = {"cre_id": {"S": cre_id}}
        answer = client("dynamodb").get_item(TableName=self._table, Key=key, ConsistentRead=True) if cre_id else {}
        if "Item" not in answer:
            raise SmeNotFoundError(f"no expert has the id {cre_id[:64]!r}")
        return profile_of(answer["Item"])

    def put(self, profile: SmeProfile) -> None:
        """See `SmeDirectory.put`."""
        said = {
            name: _typed(value)
            for name, value in msgspec.to_builtins(profile).items()
            if name not in ("cre_id", "open_assignments")
        }
        sets = [f"#{name} = :{name}" for name in said]
        sets.append("open_assignments = if_not_exists(open_assignments, :none)")
        client("dynamodb").update_item(
            TableName=self._table,
            Key={"cre_id": {"S": profile.cre_id}},
            UpdateExpression=f"SET {', '.join(sets)}",
            ExpressionAttributeNames={f"#{name}": name for name in said},
            ExpressionAttributeValues={":none": {"N": "0"}} | {f":{name}": value for name, value in said.items()},
        )


def profile_of(item: Item) -> SmeProfile:
    """Return the expert an item describes; what it does not say is as `SmeProfile` has it."""
    return msgspec.convert({name: _plain(value) for name, value in item.items()}, SmeProfile)


def _typed(value: Any) -> Item:
    """Return a JSON value as DynamoDB writes it."""
    match value:
        case bool():
            return {"BOOL": value}
        case int():
            return {"N": str(value)}
        case list() | tuple():
            return {"L": [_typed(one) for one in value]}
        case dict():
            return {"M": {name: _typed(one) for name, one in value.items()}}
        case _:
            return {"S": value}


def _plain(typed: Item) -> Any:
    """Return what `_typed` was given."""
    ((kind, value),) = typed.items()
    match kind:
        case "N":
            return int(value)
        case "L":
            return [_plain(one) for one in value]
        case "M":
            return {name: _plain(one) for name, one in value.items()}
        case _:
            return value
