"""Times as AWS writes them."""

from __future__ import annotations

from datetime import UTC, datetime


def iso_seconds(moment: float) -> str:
    """Return "2026-11-21T03:00:00Z"."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def iso_time(moment: float) -> str:
    """Return "2026-11-21T03:00:00.000Z"."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
