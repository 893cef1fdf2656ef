"""The access table: tokens by their hash, and how many requests each holder made this minute.

Items  pk ``token#<sha256>``                name, scopes, expires_at (TTL), created_at
       pk ``rate#<name>#<minute>``          requests, expires_at (TTL)
"""

from __future__ import annotations

from datetime import UTC, datetime

from chalicelib.core import aws
from chalicelib.core.access import Grant, Principal, digest
from chalicelib.core.config import setting

_KEPT_MINUTES = 5


def find(token: str) -> Grant | None:
    """Return what is known of a token, expired or not; None for a stranger."""
    key = {"pk": {"S": f"token#{digest(token)}"}}
    item = aws.client("dynamodb").get_item(TableName=setting("ACCESS_TABLE"), Key=key).get("Item")
    if item is None:
        return None
    scopes = frozenset(item["scopes"]["S"].split())
    return Grant(Principal(item["name"]["S"], scopes), datetime.fromtimestamp(int(item["expires_at"]["N"]), UTC))


def item_of(token: str, grant: Grant, now: datetime) -> dict[str, dict[str, str]]:
    """Return a token as the table keeps it."""
    return {
        "pk": {"S": f"token#{digest(token)}"},
        "name": {"S": grant.principal.name},
        "scopes": {"S": " ".join(sorted(grant.principal.scopes))},
        "expires_at": {"N": str(int(grant.expires_at.timestamp()))},
        "created_at": {"S": now.isoformat()},
    }


def count_request(name: str, now: datetime) -> int:
    """Count one request of a holder and return how many it made in this minute, this one included."""
    minute = int(now.timestamp()) // 60
    answer = aws.client("dynamodb").update_item(
        TableName=setting("ACCESS_TABLE"),
        Key={"pk": {"S": f"rate#{name}#{minute}"}},
        UpdateExpression="ADD requests :one SET expires_at = if_not_exists(expires_at, :gone)",
        ExpressionAttributeValues={":one": {"N": "1"}, ":gone": {"N": str((minute + _KEPT_MINUTES) * 60)}},
        ReturnValues="UPDATED_NEW",
    )
    return int(answer["Attributes"]["requests"]["N"])
