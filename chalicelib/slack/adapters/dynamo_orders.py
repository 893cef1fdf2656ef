"""Orders in the table ``slack``: pk ``order#<key>``, state ``taken``, ``working``, ``done``; gone after a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.core import aws
from chalicelib.slack.domain.orders import Order
from chalicelib.slack.ports import Orders

_KEPT = timedelta(days=1)
_HANDED_ON_WITHIN = timedelta(seconds=3)
_WORKED_ON_WITHIN = timedelta(seconds=90)
"""Longer than slack-bot may run: who claimed it is gone."""


class DynamoOrders(Orders):
    """See `Orders`."""

    def __init__(self, table: str) -> None:
        self._table = table

    def take(self, order: Order, now: datetime) -> bool:
        """See `Orders.take`."""
        item = _key(order.key) | {
            "state": {"S": "taken"},
            "since": {"N": f"{now.timestamp():.3f}"},
            "taken_at": {"N": f"{now.timestamp():.3f}"},
            "expires_at": {"N": str(int((now + _KEPT).timestamp()))},
        }
        client = aws.client("dynamodb")
        try:
            client.put_item(TableName=self._table, Item=item, ConditionExpression="attribute_not_exists(pk)")
        except client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def waits(self, key: str, now: datetime) -> bool:
        """See `Orders.waits`."""
        item = (
            aws.client("dynamodb").get_item(TableName=self._table, Key=_key(key), ConsistentRead=True).get("Item")
        )
        if item is None or item["state"]["S"] != "taken":
            return False
        return float(item["since"]["N"]) < (now - _HANDED_ON_WITHIN).timestamp()

    def claim(self, key: str, now: datetime) -> datetime | None:
        """See `Orders.claim`."""
        client = aws.client("dynamodb")
        try:
            answer = client.update_item(
                TableName=self._table,
                Key=_key(key),
                # An order that was taken by an older version has no taken_at yet.
                UpdateExpression="SET #state = :working, taken_at = if_not_exists(taken_at, since), since = :now",
                ConditionExpression="#state = :taken OR (#state = :working AND since < :gone)",
                ExpressionAttributeNames={"#state": "state"},
                ExpressionAttributeValues={
                    ":taken": {"S": "taken"},
                    ":working": {"S": "working"},
                    ":now": {"N": f"{now.timestamp():.3f}"},
                    ":gone": {"N": f"{(now - _WORKED_ON_WITHIN).timestamp():.3f}"},
                },
                ReturnValues="ALL_NEW",
            )
        except client.exceptions.ConditionalCheckFailedException:
            return None
        return datetime.fromtimestamp(float(answer["Attributes"]["taken_at"]["N"]), UTC)

    def finish(self, key: str) -> None:
        """See `Orders.finish`."""
        self._set(key, "done")

    def release(self, key: str) -> None:
        """See `Orders.release`."""
        self._set(key, "taken")

    def _set(self, key: str, state: str) -> None:
        aws.client("dynamodb").update_item(
            TableName=self._table,
            Key=_key(key),
            UpdateExpression="SET #state = :state",
            ExpressionAttributeNames={"#state": "state"},
            ExpressionAttributeValues={":state": {"S": state}},
        )


def _key(key: str) -> dict[str, Any]:
    return {"pk": {"S": f"order#{key}"}}
