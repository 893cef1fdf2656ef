"""Timestamps as the language reads and writes them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_TIMESTAMP = re.compile(
    r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}(?::\d{2})?)(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2}(?::\d{2})?)", re.ASCII
)


def parse_timestamp(text: object) -> tuple[int, int] | None:
    """(epoch seconds, nanoseconds) of an ISO 8601 date-time with `T` and an offset; None for anything else.

    >>> parse_timestamp("1970-01-01T00:00:01.5Z")
    (1, 500000000)
    """
    found = _TIMESTAMP.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return None
    date, clock, fraction, offset = found.groups()
    try:
        moment = datetime.fromisoformat(f"{date}T{clock}{'+00:00' if offset == 'Z' else offset}")
    except ValueError:
        return None
    seconds = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)
    return seconds, int((fraction or "0").ljust(9, "0"))


def epoch_of(timestamp: tuple[int, int]) -> float:
    """Epoch seconds as a float."""
    return timestamp[0] + timestamp[1] / 1e9


def format_time(epoch: float) -> str:
    """`2026-03-01T09:00:00.000Z`, as the context object has it."""
    return datetime.fromtimestamp(epoch, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
