"""Contracts in DynamoDB.

Items of the table ``contracts``, by pk:

    CONT-2026-001       body (JSON of the contract), version, and while it is in an open status `open` = "open"
                        with updated_at: the index ``by_open`` finds what was left behind;
                        kind = "contract" with created_at: the index ``by_time`` lists contracts
    request#<name>      contract_id: which contract an execution has, "" when it must never get one
    sequence#<year>     last: the last number given
    circuit#<service>   see ``dynamo_circuits``
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.core import payload
from chalicelib.core.aws import client
from chalicelib.core.errors import ConflictError, InvalidInputError, Problem
from chalicelib.fleet.domain.contracts.contract import OPEN_STATUSES, Contract
from chalicelib.fleet.errors.contracts import ContractNotFoundError
from chalicelib.fleet.ports.contracts import ContractStore

Item = dict[str, Any]

_KIND = {"S": "contract"}
_PLACE = re.compile(r"[0-9T:.+-]{19,40} CONT-\d{4}-\d{3,12}", re.ASCII)


class DynamoContractStore(ContractStore):
    """See the module's docstring for the items."""

    def __init__(self, table: str) -> None:
        self._table = table

    def next_sequence(self, year: int) -> int:
        """See `ContractStore.next_sequence`."""
        answer = client("dynamodb").update_item(
            TableName=self._table,
            Key={"pk": {"S": f"sequence#{year}"}},
            UpdateExpression="ADD #last :one",
            ExpressionAttributeNames={"#last": "last"},
            ExpressionAttributeValues={":one": {"N": "1"}},
            ReturnValues="UPDATED_NEW",
        )
        return int(answer["Attributes"]["last"]["N"])

    def create(self, contract: Contract) -> bool:
        """See `ContractStore.create`; contract and claim are one transaction."""
        dynamo = client("dynamodb")
        try:
            dynamo.transact_write_items(
                TransactItems=[
                    self._put(self._claim(contract.request_id, contract.id)),
                    self._put(_item(contract)),
                ]
            )
        except dynamo.exceptions.TransactionCanceledException as error:
            claim, _ = error.response["CancellationReasons"]
            if claim.get("Code") == "ConditionalCheckFailed":
                return False
            raise
        return True

    def of_request(self, request_id: str) -> Contract | None:
        """See `ContractStore.of_request`."""
        claim = self._get(f"request#{request_id}")
        contract_id = claim["contract_id"]["S"] if claim else ""
        return self.get(contract_id) if contract_id else None

    def refuse(self, request_id: str) -> bool:
        """See `ContractStore.refuse`."""
        dynamo = client("dynamodb")
        try:
            dynamo.put_item(
                TableName=self._table,
                Item=self._claim(request_id, ""),
                ConditionExpression="attribute_not_exists(pk) OR contract_id = :none",
                ExpressionAttributeValues={":none": {"S": ""}},
            )
        except dynamo.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def get(self, contract_id: str) -> Contract:
        """See `ContractStore.get`."""
        item = self._get(contract_id) if contract_id.startswith("CONT-") else None
        if item is None:
            raise ContractNotFoundError(f"there is no contract {contract_id}")
        return _contract(item)

    def move(self, before: Contract, after: Contract) -> Contract:
        """See `ContractStore.move`."""
        written = replace(after, version=before.version + 1)
        dynamo = client("dynamodb")
        try:
            dynamo.put_item(
                TableName=self._table,
                Item=_item(written),
                ConditionExpression="version = :before",
                ExpressionAttributeValues={":before": {"N": str(before.version)}},
            )
        except dynamo.exceptions.ConditionalCheckFailedException:
            raise ConflictError(f"contract {before.id} was written meanwhile") from None
        return written

    def page(self, limit: int, after: str | None) -> tuple[list[Contract], str | None]:
        """See `ContractStore.page`; a place is ``<created_at> <id>``."""
        request: Item = {
            "TableName": self._table,
            "IndexName": "by_time",
            "KeyConditionExpression": "kind = :kind",
            "ExpressionAttributeValues": {":kind": _KIND},
            "ScanIndexForward": False,
            "Limit": limit,
        }
        if after is not None:
            if not _PLACE.fullmatch(after):
                raise InvalidInputError([Problem("?after", "not_a_place", "is none that a page gave")])
            created_at, pk = after.split(" ")
            request["ExclusiveStartKey"] = {"pk": {"S": pk}, "kind": _KIND, "created_at": {"S": created_at}}
        answer = client("dynamodb").query(**request)
        last = answer.get("LastEvaluatedKey")
        following = f"{last['created_at']['S']} {last['pk']['S']}" if last else None
        return [_contract(item) for item in answer["Items"]], following

    def unfinished(self, before: datetime) -> list[Contract]:
        """See `ContractStore.unfinished`."""
        found: list[Contract] = []
        request: Item = {
            "TableName": self._table,
            "IndexName": "by_open",
            "KeyConditionExpression": "#open = :open AND updated_at < :before",
            "ExpressionAttributeNames": {"#open": "open"},
            "ExpressionAttributeValues": {":open": {"S": "open"}, ":before": {"S": before.isoformat()}},
        }
        while True:
            answer = client("dynamodb").query(**request)
            found += [_contract(item) for item in answer["Items"]]
            if "LastEvaluatedKey" not in answer:
                return found
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def _get(self, pk: str) -> Item | None:
        answer = client("dynamodb").get_item(TableName=self._table, Key={"pk": {"S": pk}}, ConsistentRead=True)
        item: Item | None = answer.get("Item")
        return item

    def _put(self, item: Item) -> Item:
        return {"Put": {"TableName": self._table, "Item": item, "ConditionExpression": "attribute_not_exists(pk)"}}

    @staticmethod
    def _claim(request_id: str, contract_id: str) -> Item:
        return {"pk": {"S": f"request#{request_id}"}, "contract_id": {"S": contract_id}}


def _item(contract: Contract) -> Item:
    item: Item = {
        "pk": {"S": contract.id},
        "body": {"S": json.dumps(payload.to_json_types(contract), separators=(",", ":"))},
        "version": {"N": str(contract.version)},
        "updated_at": {"S": contract.updated_at.isoformat()},
        "created_at": {"S": contract.created_at.isoformat()},
        "kind": _KIND,
    }
    return item | {"open": {"S": "open"}} if contract.status in OPEN_STATUSES else item


def _contract(item: Item) -> Contract:
    return payload.parse_json(Contract, item["body"]["S"])
