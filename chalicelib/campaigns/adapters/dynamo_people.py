"""Persons in DynamoDB: where a number is suppressed and when it was called, in one item.

Items of the table ``suppressions``, key ``phone`` (E.164):

    everywhere      {reason, at} when it is suppressed for all campaigns
    campaign:<id>   {reason, at} when it is for this one
    attempts        JSON [[attempt key, time], ...], oldest first
    version         counted up by every write (an item put by hand has none): a claim is conditional on it, and on
                    there being no suppression, so one written between a dialer's read and its claim, by whomever,
                    refuses the claim
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from chalicelib.campaigns.ports.stores import People, Person, SuppressionList
from chalicelib.core.dynamo import Item, dynamodb, read_all

EVERYWHERE = "everywhere"


class DynamoPeople(People):
    """See the module's docstring for the items."""

    def __init__(self, table: str) -> None:
        self._table = table

    def get_many(self, campaign_id: str, phones: Iterable[str]) -> dict[str, Person]:
        """See `People.get_many`."""
        people = {phone: Person(phone, suppressed=False) for phone in phones}
        for item in read_all(self._table, ({"phone": {"S": phone}} for phone in people)):
            person = _person(item, campaign_id)
            people[person.phone] = person
        return people


class DynamoSuppressionList(SuppressionList):
    """See the module's docstring for the items."""

    def __init__(self, table: str) -> None:
        self._table = table

    def add(self, phone: str, *, campaign_id: str | None, reason: str, at: datetime) -> None:
        """See `SuppressionList.add`; the first reason is kept."""
        place = EVERYWHERE if campaign_id is None else _of_campaign(campaign_id)
        dynamodb().update_item(
            TableName=self._table,
            Key={"phone": {"S": phone}},
            UpdateExpression="SET #place = if_not_exists(#place, :why) ADD version :one",
            ExpressionAttributeNames={"#place": place},
            ExpressionAttributeValues={
                ":why": {"M": {"reason": {"S": reason}, "at": {"S": at.isoformat()}}},
                ":one": {"N": "1"},
            },
        )


def replacement(table: str, campaign_id: str, before: Person, after: Person) -> Item:
    """Return the part of a transaction that writes ``after``'s attempts if the person still is as ``before``.

    And if the campaign may call them: whoever edits the table by hand may leave the version as it was.
    """
    version = "version = :version" if before.version else "attribute_not_exists(version)"
    allowed = "attribute_not_exists(#everywhere) AND attribute_not_exists(#here)"
    values: Item = {":attempts": {"S": _attempts(after)}, ":next": {"N": str(after.version)}}
    if before.version:
        values[":version"] = {"N": str(before.version)}
    return {
        "Update": {
            "TableName": table,
            "Key": {"phone": {"S": after.phone}},
            "UpdateExpression": "SET attempts = :attempts, version = :next",
            "ConditionExpression": f"{version} AND {allowed}",
            "ExpressionAttributeNames": {"#everywhere": EVERYWHERE, "#here": _of_campaign(campaign_id)},
            "ExpressionAttributeValues": values,
        }
    }


def _person(item: Item, campaign_id: str) -> Person:
    attempts = json.loads(item["attempts"]["S"]) if "attempts" in item else []
    return Person(
        phone=item["phone"]["S"],
        suppressed=EVERYWHERE in item or _of_campaign(campaign_id) in item,
        attempts=tuple((key, datetime.fromisoformat(at)) for key, at in attempts),
        version=int(item["version"]["N"]) if "version" in item else 0,
    )


def _of_campaign(campaign_id: str) -> str:
    return f"campaign:{campaign_id}"


def _attempts(person: Person) -> str:
    return json.dumps([(key, at.isoformat()) for key, at in person.attempts], separators=(",", ":"))
