"""Circuits in DynamoDB, in the table ``contracts``.

pk = "circuit#<service>", failures, open_until (ISO time, "" when it is closed), version
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.core.aws import client
from chalicelib.fleet.domain.contracts.circuit import Circuit
from chalicelib.fleet.ports.customers import Circuits


class DynamoCircuits(Circuits):
    """See the module's docstring for the items."""

    def __init__(self, table: str) -> None:
        self._table = table

    def get(self, service: str) -> Circuit:
        """See `Circuits.get`."""
        answer = client("dynamodb").get_item(
            TableName=self._table, Key={"pk": {"S": f"circuit#{service}"}}, ConsistentRead=True
        )
        item = answer.get("Item")
        if item is None:
            return Circuit()
        until = item["open_until"]["S"]
        return Circuit(
            failures=int(item["failures"]["N"]),
            open_until=datetime.fromisoformat(until) if until else None,
            version=int(item["version"]["N"]),
        )

    def put(self, service: str, before: Circuit, after: Circuit) -> bool:
        """See `Circuits.put`."""
        dynamo = client("dynamodb")
        try:
            dynamo.put_item(
                TableName=self._table,
                Item={
                    "pk": {"S": f"circuit#{service}"},
                    "failures": {"N": str(after.failures)},
                    "open_until": {"S": after.open_until.isoformat() if after.open_until else ""},
                    "version": {"N": str(before.version + 1)},
                },
                ConditionExpression="attribute_not_exists(pk) OR version = :before",
                ExpressionAttributeValues={":before": {"N": str(before.version)}},
            )
        except dynamo.exceptions.ConditionalCheckFailedException:
            return False
        return True
