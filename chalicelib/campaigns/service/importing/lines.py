"""Bytes in, lines out: numbered, decoded, with the byte each one ends at, in flat memory.

A line ends with LF, CR LF or CR. Each line is read as UTF-8; one that is no UTF-8 is read as Windows-1252 (the
printable superset of Latin-1 that spreadsheets write) and counted, so a mixed file loses nothing and the report
can say so. Lines over `LONGEST_LINE_BYTES` are skipped to their end without being held.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LONGEST_LINE_BYTES = 65_536

_UTF8_BOM = b"\xef\xbb\xbf"
_OTHER_BOMS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


class UnreadableUploadError(Exception):
    """The upload as a whole cannot be read; the message says why and what would be right."""


@dataclass(frozen=True, slots=True)
class Line:
    """One physical line."""

    number: int
    """From 1."""
    end: int
    """Offset of the first byte after it."""
    text: str | None
    """Its text with its line end, or None when it is longer than `LONGEST_LINE_BYTES`."""


@dataclass(slots=True)
class Encoding:
    """What was found out about the file's encoding so far."""

    foreign_lines: int = 0
    """Lines that were no UTF-8 and were read as Windows-1252."""
    first_foreign_line: int | None = None
    byte_order_mark: bool = False

    @property
    def name(self) -> str:
        """Return the name a person knows it by."""
        if self.foreign_lines:
            return "windows-1252"
        return "utf-8-sig" if self.byte_order_mark else "utf-8"


def read_lines(chunks: Iterable[bytes], encoding: Encoding, *, offset: int = 0, number: int = 1) -> Iterator[Line]:
    """Yield the lines of ``chunks``.

    Args:
        chunks: the file's bytes from ``offset`` on, in pieces of any size.
        encoding: is updated as lines are read.
        offset: where in the file the chunks begin; the start of a line.
        number: of the first line.

    Raises:
        UnreadableUploadError: the file is UTF-16.
    """
    first = offset == 0
    for raw, end in _split(chunks, offset):
        if first and raw is not None:
            raw = _without_mark(raw, encoding)
        first = False
        yield Line(number, end, None if raw is None else _decoded(raw, number, encoding))
        number += 1


def _split(chunks: Iterable[bytes], offset: int) -> Iterator[tuple[bytes | None, int]]:
    """Yield (line with its end, offset after it); None for a line that is too long."""
    held, skipped = b"", 0
    for chunk in chunks:
        pieces = (held + chunk).splitlines(keepends=True)
        # The last piece may go on in the next chunk, even when it ends in CR: LF may follow.
        held = b"" if pieces and pieces[-1].endswith(b"\n") else pieces.pop() if pieces else b""
        for piece in pieces:
            offset += skipped + len(piece)
            yield (None if skipped or len(piece) > LONGEST_LINE_BYTES else piece), offset
            skipped = 0
        if len(held) > LONGEST_LINE_BYTES and not held.endswith(b"\r"):
            skipped += len(held)
            held = b""
    if held or skipped:
        too_long = skipped or len(held) > LONGEST_LINE_BYTES
        yield (None if too_long else held), offset + skipped + len(held)


def _without_mark(raw: bytes, encoding: Encoding) -> bytes:
    if name := _OTHER_BOMS.get(raw[:2]):
        raise UnreadableUploadError(f"the file is saved as {name}; save it as UTF-8")
    encoding.byte_order_mark = raw.startswith(_UTF8_BOM)
    return raw.removeprefix(_UTF8_BOM)


def _decoded(raw: bytes, number: int, encoding: Encoding) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        encoding.foreign_lines += 1
        encoding.first_foreign_line = encoding.first_foreign_line or number
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:  # five bytes have no meaning in Windows-1252; Latin-1 gives every byte one
        return raw.decode("latin-1")
