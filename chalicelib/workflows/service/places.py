"""Where a look into a run got to, as text that whoever looks brings back: nothing of it is kept between two looks.

It holds nothing that its holder has not been told, so it is not signed; one that was made up tells its maker
nonsense and nobody else anything. But it must not keep the fold busy for ever: its visits lie inside earlier ones.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from dataclasses import replace

import msgspec

from chalicelib.core.errors import InvalidInputError, Problem
from chalicelib.workflows.domain.visit import Held

LONGEST = 5_000
"""Characters; API Gateway takes 10,240 bytes of request line and headers. One letter more, each of twelve bytes,
still fits the 64 KiB of line that Python's server reads: what is too long is refused with a reason."""
_LARGEST_BYTES = 100_000


def written(held: Held) -> str | None:
    """Return it as text, None where it is longer than an address may be: then all is read again."""
    few = replace(
        held, visits=[replace(visit, tries=visit.tries[-1:] * len(visit.tries)) for visit in held.visits]
    )
    text = base64.urlsafe_b64encode(zlib.compress(msgspec.json.encode(few))).decode().rstrip("=")
    return text if len(text) <= LONGEST else None


def read(text: str) -> Held:
    """Return what `written` wrote.

    Raises:
        InvalidInputError: it did not write this.
    """
    unreadable = InvalidInputError([Problem("?place", "not_a_place", "is no place of an earlier answer")])
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        unpacking = zlib.decompressobj()
        raw = unpacking.decompress(packed, _LARGEST_BYTES)
        held = msgspec.json.decode(raw, type=Held)
    except (ValueError, binascii.Error, zlib.error, RecursionError):
        raise unreadable from None
    ids = {visit.id for visit in held.visits}
    times = [at for visit in held.visits for at in (visit.entered_at, visit.exited_at) if at is not None]
    if any(at.tzinfo is None or not 1970 <= at.year < 9000 for at in times):
        raise unreadable
    if any(visit.parent is not None and visit.parent >= visit.id for visit in held.visits):
        raise unreadable
    if any(event.owner is not None and event.owner not in ids for event in held.events):
        raise unreadable
    return held
