"""People in the table ``slack``: pk ``person#<Slack user id>``, name, roles (words)."""

from __future__ import annotations

from chalicelib.core import aws
from chalicelib.core.slack import Person
from chalicelib.slack.ports import People


class DynamoPeople(People):
    """See `People`."""

    def __init__(self, table: str) -> None:
        self._table = table

    def find(self, user_id: str, user_name: str) -> Person:
        """See `People.find`."""
        key = {"pk": {"S": f"person#{user_id}"}}
        item = aws.client("dynamodb").get_item(TableName=self._table, Key=key).get("Item")
        if item is None:
            return Person(user_id, user_name or user_id)
        return Person(user_id, item["name"]["S"], frozenset(item["roles"]["S"].split()))


def item_of(person: Person) -> dict[str, dict[str, str]]:
    """Return a person as the table keeps them."""
    return {
        "pk": {"S": f"person#{person.id}"},
        "name": {"S": person.name},
        "roles": {"S": " ".join(sorted(person.roles))},
    }
