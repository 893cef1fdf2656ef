"""Contacts in DynamoDB: read by line, changed in transactions with the campaign's counters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from chalicelib.campaigns.adapters import dynamo_contact_items as items
from chalicelib.campaigns.adapters import dynamo_counters, dynamo_people
from chalicelib.campaigns.adapters.dynamo_transaction import transact
from chalicelib.campaigns.domain.contact import Contact, ContactStatus
from chalicelib.campaigns.ports.stores import ContactStore, Move, Page, Person
from chalicelib.core.dynamo import Item, chunks, dynamodb, read_all

PAGE = 990
MOST_PARTS = 100
"""What DynamoDB takes in one transaction."""


class DynamoContactStore(ContactStore):
    """See ``dynamo_contact_items`` for the items and the index."""

    def __init__(self, contacts_table: str, campaigns_table: str, people_table: str, *, page: int = PAGE) -> None:
        self._contacts, self._campaigns, self._people = contacts_table, campaigns_table, people_table
        self._page_size = page

    def get_many(self, campaign_id: str, contact_ids: Iterable[str]) -> dict[str, Contact]:
        """See `ContactStore.get_many`."""
        keys = (items.key_of(campaign_id, contact_id) for contact_id in dict.fromkeys(contact_ids) if contact_id)
        found = (items.contact_of(item) for item in read_all(self._contacts, keys))
        return {contact.id: contact for contact in found}

    def ready(self, campaign_id: str, zones: tuple[str, ...], after: str | None = None) -> Page:
        """See `ContactStore.ready`; an eventually consistent read of the index."""
        return self._page(campaign_id, items.ready_queue(campaign_id, zones), None, after, self._page_size)

    def due(self, campaign_id: str, until: datetime, after: str | None = None) -> Page:
        """See `ContactStore.due`."""
        # "~" sorts after "#" and every id: an instant that is equal is included.
        return self._page(
            campaign_id, items.delayed_queue(campaign_id), items.instant(until) + "~", after, self._page_size
        )

    def first_due(self, campaign_id: str) -> datetime | None:
        """See `ContactStore.first_due`."""
        page = self._page(campaign_id, items.delayed_queue(campaign_id), None, None, 1)
        return page.contacts[0].next_attempt_at if page.contacts else None

    def stuck(self, campaign_id: str, status: ContactStatus, before: datetime, limit: int) -> list[Contact]:
        """See `ContactStore.stuck`."""
        queue = items.status_queue(campaign_id, status)
        return self._page(campaign_id, queue, items.instant(before), None, limit).contacts

    def apply(self, moves: Sequence[Move]) -> list[Contact]:
        """See `ContactStore.apply`."""
        done: list[Contact] = []
        hours = any(dynamo_counters.hour_items(move.counts) for move in moves)
        for chunk in chunks(moves, (MOST_PARTS - 1) // 2 if hours else MOST_PARTS - 1):
            done += self._apply(list(chunk))
        return done

    def claim(self, move: Move, before: Person, after: Person) -> bool:
        """See `ContactStore.claim`."""
        parts = [
            items.update_of(self._contacts, move),
            dynamo_people.replacement(self._people, move.before.campaign_id, before, after),
            *self._counts([move]),
        ]
        lost: list[int] = []
        return transact(lambda: [] if lost else parts, lambda place, _: lost.append(place))

    def _apply(self, moves: list[Move]) -> list[Contact]:
        updates = [items.update_of(self._contacts, move) for move in moves]

        def parts() -> list[Item]:
            return [*updates, *self._counts(moves)] if moves else []

        def drop(place: int, _: Item) -> None:
            del moves[place], updates[place]

        transact(parts, drop)
        return [move.after for move in moves]

    def _counts(self, moves: Sequence[Move]) -> list[Item]:
        counts = Counter[str]()
        for move in moves:
            for name, count in move.counts.items():
                counts[name] += count
        first = moves[0].before
        return dynamo_counters.updates(self._campaigns, first.campaign_id, counts, first.id)

    def _page(self, campaign_id: str, queue: str, below: str | None, after: str | None, limit: int) -> Page:
        """Return contacts of ``queue`` whose rank is under ``below``, from the place ``after`` on."""
        request = {
            "TableName": self._contacts,
            "IndexName": "by_queue",
            "KeyConditionExpression": "#q = :q" + (" AND #r < :below" if below else ""),
            "ExpressionAttributeNames": {"#q": "queue"} | ({"#r": "rank"} if below else {}),
            "ExpressionAttributeValues": {":q": {"S": queue}} | ({":below": {"S": below}} if below else {}),
            "Limit": limit,
        }
        if after:
            contact_id = after.rpartition("#")[2]
            request["ExclusiveStartKey"] = {
                **items.key_of(campaign_id, contact_id),
                "queue": {"S": queue},
                "rank": {"S": after},
            }
        answer = dynamodb().query(**request)
        last = answer.get("LastEvaluatedKey")
        return Page([items.contact_of(item) for item in answer["Items"]], last["rank"]["S"] if last else None)
