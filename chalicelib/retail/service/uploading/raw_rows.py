"""Rows as the bytes they stand in, before anyone has read them."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_ROW_BYTES = 262_144
SHOWN_BYTES = 1_000


@dataclass(frozen=True, slots=True)
class Oversized:
    """A row longer than `LONGEST_ROW_BYTES`, which was not held."""

    start: bytes
    """Its first `SHOWN_BYTES`."""
    length: int
    ended: bool
    """False when the file ended within it."""


Raw = bytes | Oversized
