"""Times as boto3 gives them."""

from __future__ import annotations

from datetime import UTC, datetime


def moment(epoch_seconds: float) -> datetime:
    """An aware UTC datetime, to the millisecond as AWS keeps it."""
    return datetime.fromtimestamp(round(epoch_seconds, 3), UTC)
