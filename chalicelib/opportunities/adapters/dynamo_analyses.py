"""Finished analyses in DynamoDB.

Items of the table ``analyses``: pk = opportunity id, sk = kind (opportunity, funding, followOn); analysis_id;
body, the
analysis as JSON text.
"""

from __future__ import annotations

import json
from typing import Any

from chalicelib.core.aws import client
from chalicelib.opportunities.ports.analyses import AnalysisStore


class DynamoAnalysisStore(AnalysisStore):
    """See the module's docstring for the items."""

    def __init__(self, table: str) -> None:
        self._table = table

    def put(self, opportunity_id: str, kind: str, analysis_id: str, body: dict[str, Any]) -> None:
        """See `AnalysisStore.put`."""
        item = {
            **_key(opportunity_id, kind),
            "analysis_id": {"S": analysis_id},
            "body": {"S": json.dumps(body, separators=(",", ":"))},
        }
        client("dynamodb").put_item(TableName=self._table, Item=item)

    def get(self, opportunity_id: str, kind: str) -> dict[str, Any] | None:
        """See `AnalysisStore.get`."""
        answer = client("dynamodb").get_item(
            TableName=self._table, Key=_key(opportunity_id, kind), ConsistentRead=True
        )
        if "Item" not in answer:
            return None
        body: dict[str, Any] = json.loads(answer["Item"]["body"]["S"])
        return body

    def clear(self, opportunity_id: str, kind: str, *, but: str) -> bool:
        """See `AnalysisStore.clear`."""
        dynamo = client("dynamodb")
        try:
            dynamo.delete_item(
                TableName=self._table,
                Key=_key(opportunity_id, kind),
                ConditionExpression="attribute_exists(pk) AND analysis_id <> :own",
                ExpressionAttributeValues={":own": {"S": but}},
            )
        except dynamo.exceptions.ConditionalCheckFailedException:
            return False
        return True


def _key(opportunity_id: str, kind: str) -> dict[str, dict[str, str]]:
    return {"pk": {"S": opportunity_id}, "sk": {"S": kind}}
