"""Who changed what, when, from where: written before the change and completed after it.

Items  pk the day (``2026-03-01``), sk ``<time>#<id>``; who, what, where, outcome (``begun`` until it is known)

A change that cannot be written down is not made.
"""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from chalicelib.core import aws, clock
from chalicelib.core.config import setting
from chalicelib.core.log import logger

_LONGEST = 500


@dataclass(slots=True)
class Entry:
    """One change. Whoever makes it says how it ended."""

    outcome: str = "done"


@contextlib.contextmanager
def audited(who: str, what: str, where: str) -> Iterator[Entry]:
    """Write an entry around the block; an error that leaves it is the outcome.

    Args:
        who: a token's holder, a Slack user, "stripe".
        what: "POST /campaigns/17/pause", "/campaign pause 17".
        where: an address, a Slack channel.
    """
    now = clock.current().now()
    key: dict[str, Any] = {
        "pk": {"S": f"{now:%Y-%m-%d}"},
        "sk": {"S": f"{now:%H:%M:%S.%f}#{uuid.uuid4().hex[:8]}"},
    }
    said = {"who": who, "what": what, "where": where, "outcome": "begun"}
    table = setting("AUDIT_TABLE")
    aws.client("dynamodb").put_item(
        TableName=table, Item=key | {name: {"S": text[:_LONGEST] or "-"} for name, text in said.items()}
    )
    entry = Entry()
    try:
        yield entry
    except BaseException as error:
        entry.outcome = type(error).__name__
        raise
    finally:
        _complete(table, key, entry.outcome)


def _complete(table: str, key: dict[str, Any], outcome: str) -> None:
    """Write how it ended. The change is made by now, so a failure is logged and the entry stays "begun"."""
    try:
        aws.client("dynamodb").update_item(
            TableName=table,
            Key=key,
            UpdateExpression="SET outcome = :outcome",
            ExpressionAttributeValues={":outcome": {"S": outcome[:_LONGEST]}},
        )
    except Exception:
        logger().exception("the audit entry is not completed", outcome=outcome)


def entries(day: str, limit: int, after: str | None) -> tuple[list[dict[str, str]], str | None]:
    """Return up to ``limit`` entries of a day (``2026-03-01``), oldest first, and where to go on."""
    start = {"ExclusiveStartKey": {"pk": {"S": day}, "sk": {"S": after}}} if after else {}
    page = aws.client("dynamodb").query(
        TableName=setting("AUDIT_TABLE"),
        KeyConditionExpression="pk = :day",
        ExpressionAttributeValues={":day": {"S": day}},
        Limit=limit,
        **start,
    )
    found = [{key: value["S"] for key, value in item.items() if key != "pk"} for item in page["Items"]]
    return found, page.get("LastEvaluatedKey", {}).get("sk", {}).get("S")
