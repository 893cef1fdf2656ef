"""New contacts into DynamoDB, up to 99 a transaction with the counters."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.campaigns.adapters import dynamo_contact_items as items
from chalicelib.campaigns.adapters import dynamo_counters
from chalicelib.campaigns.adapters.dynamo_transaction import transact
from chalicelib.campaigns.domain import figures, lines
from chalicelib.campaigns.ports.stores import Arrival, Arrived, ContactIntake
from chalicelib.core.dynamo import Item, chunks, dynamodb

BATCH = 99
"""Contacts a transaction: with one counter shard they are 100 parts."""


class DynamoContactIntake(ContactIntake):
    """Stores a contact when its id is new; its upload and line tell a repeated line from a duplicate."""

    def __init__(self, contacts_table: str, campaigns_table: str) -> None:
        self._contacts, self._campaigns = contacts_table, campaigns_table

    def add(self, campaign_id: str, upload_id: str, arrivals: Sequence[Arrival]) -> list[Arrived]:
        """See `ContactIntake.add`."""
        answers: list[Arrived] = []
        for chunk in chunks(arrivals, BATCH):
            answers += self._add(campaign_id, upload_id, chunk)
        return answers

    def count_rows(self, campaign_id: str, upload_id: str, *, invalid: int, duplicates: int) -> None:
        """See `ContactIntake.count_rows`: item ``rows#<upload>`` holds what the counters had from this upload."""
        wanted = {figures.ROWS_INVALID: invalid, figures.ROWS_DUPLICATE: duplicates}
        key = {"pk": {"S": campaign_id}, "sk": {"S": f"rows#{upload_id}"}}

        def parts() -> list[Item]:
            answer = dynamodb().get_item(TableName=self._campaigns, Key=key, ConsistentRead=True)
            stored: Item = answer.get("Item", {})
            added = {name: count - _number(stored, name) for name, count in wanted.items()}
            if not any(added.values()):
                return []
            times = _number(stored, "times")
            put: Item = {
                "TableName": self._campaigns,
                "Item": {
                    **key,
                    **{name: {"N": str(count)} for name, count in {**wanted, "times": times + 1}.items()},
                },
                "ConditionExpression": "attribute_not_exists(pk)",
            }
            if stored:
                put["ConditionExpression"] = "times = :times"
                put["ExpressionAttributeValues"] = {":times": {"N": str(times)}}
            return [{"Put": put}, *dynamo_counters.updates(self._campaigns, campaign_id, added, upload_id)]

        transact(parts, lambda place, reason: None)  # a condition that failed: read again, reckon again

    def _add(self, campaign_id: str, upload_id: str, arrivals: Sequence[Arrival]) -> list[Arrived]:
        puts = {arrival.contact.id: self._put(arrival, upload_id) for arrival in arrivals}
        by_id = {arrival.contact.id: arrival for arrival in arrivals}
        answers = dict.fromkeys(puts, Arrived.ACCEPTED)

        def parts() -> list[Item]:
            if not puts:
                return []
            counts = lines.arrival(by_id[contact_id].contact for contact_id in puts)
            return [
                *puts.values(),
                *dynamo_counters.updates(self._campaigns, campaign_id, counts, next(iter(puts))),
            ]

        def drop(place: int, reason: Item) -> None:
            contact_id = list(puts)[place]
            del puts[contact_id]
            stored, line = reason.get("Item", {}), by_id[contact_id].line
            same = stored.get("upload") == {"S": upload_id} and stored.get("line") == {"N": str(line)}
            answers[contact_id] = Arrived.ACCEPTED if same else Arrived.DUPLICATE

        transact(parts, drop)
        return [answers[arrival.contact.id] for arrival in arrivals]

    def _put(self, arrival: Arrival, upload_id: str) -> Item:
        return {
            "Put": {
                "TableName": self._contacts,
                "Item": items.item_of(arrival.contact, upload_id, arrival.line),
                "ConditionExpression": "attribute_not_exists(contact_id)",
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            }
        }


def _number(item: Item, name: str) -> int:
    return int(item.get(name, {"N": "0"})["N"])
