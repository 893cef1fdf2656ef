"""New contacts into DynamoDB, up to 99 a transaction with the counters."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.campaigns.adapters import dynamo_contact_items as items
from chalicelib.campaigns.adapters import dynamo_counters
from chalicelib.campaigns.adapters.dynamo_transaction import Item, chunks, transact
from chalicelib.campaigns.domain import lines
from chalicelib.campaigns.ports.stores import Arrival, Arrived, ContactIntake

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
