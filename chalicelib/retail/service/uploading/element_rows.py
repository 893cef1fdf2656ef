"""One row an element of a JSON array, or an object of several printed one after the other.

An incremental splitter: a regular expression finds where each object ends, at the speed of C and without building
anything, and the object's bytes are decoded later like a line. A parser would stop at the first thing that is no
JSON; here a broken element costs itself: where quotes or brackets do not close, the next ``}, {`` begins a new
row.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator

import msgspec

from chalicelib.retail.service.uploading.line_rows import lines
from chalicelib.retail.service.uploading.plain_bytes import FileState
from chalicelib.retail.service.uploading.raw_rows import LONGEST_ROW_BYTES, SHOWN_BYTES, Oversized, Raw

# An object without another in it. Strings are skipped whole; the possessive "+" keep an object that does not match
# from being tried again in every other way.
_FLAT_OBJECT = re.compile(rb'[\s,]*+(\{[^{}"]*+(?:"[^"\\]*+(?:\\.[^"\\]*+)*+"[^{}"]*+)*+\})', re.DOTALL)
_SEPARATORS = re.compile(rb"[\s,]*+")
_STRUCTURE = re.compile(rb'"(?:[^"\\]*+(?:\\.[^"\\]*+)*+")?+|[{}\[\],]', re.DOTALL)
_BETWEEN_ROWS = re.compile(rb"\}\s*,\s*(?=\{)")
_HELD_BYTES = 256
"""What is kept of a row too long to hold, so that a boundary between rows is seen across two pieces."""


def elements(pieces: Iterable[bytes], state: FileState, *, bracketed: bool) -> Iterator[Raw]:
    """Yield the elements, and line by line whatever follows the array's end.

    Args:
        pieces: the file; the first one holds the array's opening bracket when ``bracketed``.
        state: ``damage`` is set when the array, or the last object, does not end.
        bracketed: an array, not objects one after the other.
    """
    remaining = iter(pieces)
    buffer = next(remaining, b"")
    place = buffer.find(b"[") + 1 if bracketed else 0
    oversized: Oversized | None = None
    final = False
    while True:
        if oversized is not None:
            cut = _BETWEEN_ROWS.search(buffer)
            place = cut.start() + 1 if cut else len(buffer) if final else max(0, len(buffer) - _HELD_BYTES)
            oversized = Oversized(oversized.start, oversized.length + place, ended=cut is not None)
            if cut or final:
                yield oversized
                oversized = None
        while oversized is None and (found := _next_row(buffer, place, final=final)) is not None:
            start, place = found
            if start < place:
                yield buffer[start:place]
            elif bracketed:
                yield from lines(itertools.chain([buffer[place + 1 :]], remaining))
                return
            else:
                yield buffer[place : place + 1]
                place += 1
        if final:
            break
        if oversized is None and len(buffer) - place > LONGEST_ROW_BYTES:
            oversized = Oversized(buffer[place : place + SHOWN_BYTES], 0, ended=False)
        piece = next(remaining, None)
        final = piece is None
        buffer, place = buffer[place:] + (piece or b""), 0
    if rest := buffer[place:].strip(b" \t\r\n,"):
        state.damage = state.damage or "the file is cut off within its last row"
        yield rest
    elif bracketed:
        state.damage = state.damage or "the file is cut off: its array does not end"


def _next_row(buffer: bytes, place: int, *, final: bool) -> tuple[int, int] | None:
    """Return where the next row begins and ends; equal at a closing bracket, None when no end is in sight."""
    if match := _FLAT_OBJECT.match(buffer, place):
        start, end = match.span(1)
    else:
        separators = _SEPARATORS.match(buffer, place)
        start = separators.end() if separators else place
        end = _end_of_value(buffer, start)
        if end < 0:
            if not final and len(buffer) - start <= LONGEST_ROW_BYTES:
                return None
            cut = _BETWEEN_ROWS.search(buffer, start)
            return (start, cut.start() + 1) if cut else None
    if buffer.find(b"}", start, end) < end - 1:
        cut = _BETWEEN_ROWS.search(buffer, start, end)
        if cut and not _is_json(buffer[start:end]):
            end = cut.start() + 1
    return start, end


def _end_of_value(buffer: bytes, start: int) -> int:
    """Return where the JSON value at ``start`` ends, -1 when not within the buffer."""
    depth = 0
    for token in _STRUCTURE.finditer(buffer, start):
        sign = token[0]
        if sign == b'"':  # a string that does not end
            return -1
        if sign in (b"{", b"["):
            depth += 1
        elif sign in (b"}", b"]"):
            if depth == 0:
                return token.start()
            depth -= 1
            if depth == 0:
                return token.end()
        elif sign == b"," and depth == 0:
            return token.start()
    return -1


def _is_json(raw: bytes) -> bool:
    try:
        msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True
