"""Campaigns and their counters in DynamoDB.

Items of the table ``campaigns``, pk = campaign id:

    sk           attributes
    config       body (JSON of the campaign), state, generation, active_execution ("" for none), kind ("campaign"),
                 created_at; the index ``by_creation`` (kind, created_at) lists campaigns
    pace         the token bucket: tokens, updated_at (both texts of floats, compared as they are)
    counters#..  see ``dynamo_counters``
"""

from __future__ import annotations

import json
from datetime import datetime

from chalicelib.campaigns.adapters import dynamo_counters
from chalicelib.campaigns.domain import pacing
from chalicelib.campaigns.domain.campaign import Campaign
from chalicelib.campaigns.errors import CampaignNotFoundError
from chalicelib.campaigns.ports.stores import CampaignStore
from chalicelib.core import payload
from chalicelib.core.dynamo import Item, dynamodb, pauses
from chalicelib.core.errors import ConflictError, InvalidInputError, Problem

_CONFIG = {"S": "config"}
_SAME_STANDING = "#state = :state AND generation = :generation AND active_execution = :execution"


class DynamoCampaignStore(CampaignStore):
    """See the module's docstring for the items."""

    def __init__(self, table: str) -> None:
        self._table = table

    def create(self, campaign: Campaign) -> None:
        """See `CampaignStore.create`."""
        dynamo = dynamodb()
        created = campaign.created_at.isoformat() if campaign.created_at else "unknown"
        item = {
            **self._key(campaign.id),
            "kind": {"S": "campaign"},
            "created_at": {"S": created},
            "body": {"S": _body(campaign)},
            "state": {"S": campaign.status.value},
            "generation": {"N": str(campaign.generation)},
            "active_execution": {"S": campaign.active_execution or ""},
        }
        try:
            dynamo.put_item(TableName=self._table, Item=item, ConditionExpression="attribute_not_exists(pk)")
        except dynamo.exceptions.ConditionalCheckFailedException:
            raise ConflictError(f"campaign {campaign.id} exists already") from None

    def get(self, campaign_id: str) -> Campaign:
        """See `CampaignStore.get`."""
        if not campaign_id:
            raise CampaignNotFoundError("no campaign has an empty id")
        answer = dynamodb().get_item(TableName=self._table, Key=self._key(campaign_id), ConsistentRead=True)
        if "Item" not in answer:
            raise CampaignNotFoundError(f"there is no campaign {campaign_id}")
        return _campaign(answer["Item"])

    def page(self, limit: int, after: str | None) -> tuple[list[Campaign], str | None]:
        """See `CampaignStore.page`; the newest first."""
        request = {
            "TableName": self._table,
            "IndexName": "by_creation",
            "KeyConditionExpression": "kind = :kind",
            "ExpressionAttributeValues": {":kind": {"S": "campaign"}},
            "ScanIndexForward": False,
            "Limit": limit,
        }
        if after:
            created_at, _, campaign_id = after.partition("|")
            if not (created_at and campaign_id):
                raise InvalidInputError([Problem("after", "not_a_place", "is no place in the list of campaigns")])
            request["ExclusiveStartKey"] = {
                **self._key(campaign_id),
                "kind": {"S": "campaign"},
                "created_at": {"S": created_at},
            }
        answer = dynamodb().query(**request)
        last = answer.get("LastEvaluatedKey")
        follows = f"{last['created_at']['S']}|{last['pk']['S']}" if last else None
        return [_campaign(item) for item in answer["Items"]], follows

    def move(self, before: Campaign, after: Campaign) -> None:
        """See `CampaignStore.move`."""
        dynamo = dynamodb()
        try:
            dynamo.update_item(
                TableName=self._table,
                Key=self._key(before.id),
                UpdateExpression="SET body = :body, #state = :state1, generation = :generation1, "
                "active_execution = :execution1",
                ConditionExpression=_SAME_STANDING,
                ExpressionAttributeNames={"#state": "state"},
                ExpressionAttributeValues={
                    ":state": {"S": before.status.value},
                    ":generation": {"N": str(before.generation)},
                    ":execution": {"S": before.active_execution or ""},
                    ":body": {"S": _body(after)},
                    ":state1": {"S": after.status.value},
                    ":generation1": {"N": str(after.generation)},
                    ":execution1": {"S": after.active_execution or ""},
                },
            )
        except dynamo.exceptions.ConditionalCheckFailedException:
            raise ConflictError(f"campaign {before.id} is not {before.status.value} any more") from None

    def counters(self, campaign_id: str, *, hours: bool = True) -> dict[str, int]:
        """See `CampaignStore.counters`; one query."""
        items: list[Item] = []
        request = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :campaign AND sk BETWEEN :first AND :last",
            "ExpressionAttributeValues": {
                ":campaign": {"S": campaign_id},
                ":first": {"S": "counters#"},
                ":last": {"S": "hours#~" if hours else "counters#~"},
            },
            "ConsistentRead": True,
        }
        while True:
            answer = dynamodb().query(**request)
            items += answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return dynamo_counters.total(items)
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def take_calls(self, campaign_id: str, *, rate: float, burst: float, at: datetime, want: int) -> int:
        """See `CampaignStore.take_calls`; when too many dialers ask at once, the last of them get nothing."""
        if want <= 0:
            return 0
        dynamo = dynamodb()
        key = {"pk": {"S": campaign_id}, "sk": {"S": "pace"}}
        for _ in pauses():
            item = dynamo.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
            bucket = (
                pacing.Bucket(float(item["tokens"]["S"]), float(item["updated_at"]["S"]))
                if item
                else pacing.Bucket(burst, at.timestamp())
            )
            granted, left = pacing.take(bucket, rate=rate, burst=burst, now=at.timestamp(), want=want)
            if not granted:
                return 0
            condition = "tokens = :tokens AND updated_at = :updated" if item else "attribute_not_exists(pk)"
            values = {":tokens1": {"S": repr(left.tokens)}, ":updated1": {"S": repr(left.updated_at)}}
            if item:
                values |= {":tokens": item["tokens"], ":updated": item["updated_at"]}
            try:
                dynamo.update_item(
                    TableName=self._table,
                    Key=key,
                    UpdateExpression="SET tokens = :tokens1, updated_at = :updated1",
                    ConditionExpression=condition,
                    ExpressionAttributeValues=values,
                )
            except dynamo.exceptions.ConditionalCheckFailedException:
                continue
            return granted
        return 0

    @staticmethod
    def _key(campaign_id: str) -> Item:
        return {"pk": {"S": campaign_id}, "sk": _CONFIG}


def _body(campaign: Campaign) -> str:
    return json.dumps(payload.to_json_types(campaign), separators=(",", ":"))


def _campaign(item: Item) -> Campaign:
    return payload.parse_json(Campaign, item["body"]["S"])
