"""Transactions of DynamoDB that drop what cannot be done, and are tried again when others touch the same items."""

from __future__ import annotations

from collections.abc import Callable

from chalicelib.core.dynamo import Item, dynamodb, pauses
from chalicelib.core.errors import TransientError

FAILED_CONDITION = "ConditionalCheckFailed"
PASSING = frozenset(
    {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded", "RequestLimitExceeded"}
)


def transact(build: Callable[[], list[Item]], drop: Callable[[int, Item], None]) -> bool:
    """Write one transaction, and again without the parts whose condition failed, until it holds.

    Args:
        build: returns the transaction's parts (``TransactItems``), anew for every try; empty: nothing is left.
        drop: is told the place of a part whose condition failed and its cancellation reason.

    Returns:
        False when no part was left.

    Raises:
        TransientError: others kept touching the same items for about two seconds.
    """
    for _ in pauses():
        parts = build()
        while parts:
            reasons = _write(parts)
            if reasons is None:
                return True
            failed = [place for place, reason in enumerate(reasons) if reason.get("Code") == FAILED_CONDITION]
            for place in reversed(failed):
                drop(place, reasons[place])
            if not failed:
                break
            parts = build()
        else:
            return False
    raise TransientError("DynamoDB cancelled a transaction again and again: other writers hold its items")


def _write(parts: list[Item]) -> list[Item] | None:
    """Write ``parts`` as one transaction; return None when done, else the reason of each part."""
    dynamo = dynamodb()
    try:
        dynamo.transact_write_items(TransactItems=parts)
    except dynamo.exceptions.TransactionCanceledException as error:
        reasons: list[Item] = error.response["CancellationReasons"]
        codes = {reason.get("Code", "None") for reason in reasons}
        if codes <= PASSING | {"None", FAILED_CONDITION}:
            return reasons
        raise
    return None
