"""One row a line. Nothing is parsed here, and memory holds one piece of the file and one row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chalicelib.retail.service.uploading.raw_rows import LONGEST_ROW_BYTES, SHOWN_BYTES, Oversized, Raw


def lines(pieces: Iterable[bytes]) -> Iterator[Raw]:
    """Yield every line, blank ones too so that they can be numbered. A line ends with LF, CR LF or CR."""
    held, skipped, start = b"", 0, b""
    for piece in pieces:
        parts = (held + piece).splitlines(keepends=True)
        # The last part may go on in the next piece, even when it ends in CR: LF may follow.
        held = b"" if parts and parts[-1].endswith(b"\n") else parts.pop() if parts else b""
        if skipped and parts:
            yield Oversized(start, skipped + len(parts.pop(0)), ended=True)
            skipped = 0
        for part in parts:
            yield part if len(part) <= LONGEST_ROW_BYTES else Oversized(part[:SHOWN_BYTES], len(part), ended=True)
        if len(held) > LONGEST_ROW_BYTES and not held.endswith(b"\r"):
            start = start if skipped else held[:SHOWN_BYTES]
            skipped += len(held)
            held = b""
    if skipped:
        yield Oversized(start, skipped + len(held), ended=False)
    elif held:
        yield held
