"""The bytes of an upload as plain UTF-8, in flat memory: gunzipped, no byte order mark, UTF-16 rewritten."""

from __future__ import annotations

import codecs
import itertools
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_WINDOW = 31
_PIECE_BYTES = 1024 * 1024
"""How much is gunzipped at once, so that a file that swells a thousandfold does not swell memory."""
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(slots=True)
class FileState:
    """What was found out about the file as a whole while it was read."""

    plain_bytes: int = 0
    """Bytes read so far, after gunzipping."""
    compressed: bool = False
    positions: Literal["line", "element"] = "line"
    """What the numbers of rows count."""
    damage: str | None = None
    """Why the file's end could not be read, in words; None when it could."""
    foreign_rows: int = 0
    """Rows that were no UTF-8 and were read as Windows-1252."""


def plain(chunks: Iterable[bytes], state: FileState) -> Iterator[bytes]:
    """Yield the file's text as UTF-8 bytes, in pieces of any size.

    Compression is told by the first two bytes, not by the name. Where a gzip file ends early or is corrupt the
    pieces end too, and ``state.damage`` says so.
    """
    pieces = _counted(_unmarked(_unzipped(chunks, state)), state)
    first = next(pieces, b"")
    if first[:2] not in _UTF16_MARKS:
        yield first
        yield from pieces
        return
    decoder = codecs.getincrementaldecoder("utf-16")("replace")
    yield decoder.decode(first).encode("utf-8", "replace")
    for piece in pieces:
        yield decoder.decode(piece).encode("utf-8", "replace")


def _unzipped(chunks: Iterable[bytes], state: FileState) -> Iterator[bytes]:
    chunks = _from_first_bytes(chunks, len(_GZIP_MAGIC))
    first = next(chunks, b"")
    if not first.startswith(_GZIP_MAGIC):
        yield first
        yield from chunks
        return
    state.compressed = True
    member = zlib.decompressobj(_GZIP_WINDOW)
    for chunk in itertools.chain([first], chunks):
        data = chunk
        while data:
            if member.eof:  # a gzip file may be several in a row; zeros between or after them are padding
                data = data.lstrip(b"\0")
                if not data:
                    break
                member = zlib.decompressobj(_GZIP_WINDOW)
            before = member.copy()
            try:
                piece = member.decompress(data, _PIECE_BYTES)
            except zlib.error as error:
                yield from _up_to_the_fault(before, data)
                state.damage = f"the gzip file is corrupt after {state.plain_bytes} bytes of text: {error}"
                return
            yield piece
            data = member.unused_data if member.eof else member.unconsumed_tail
    while not member.eof and (rest := member.decompress(b"", _PIECE_BYTES)):
        yield rest
    if not member.eof:
        state.damage = f"the gzip file is cut off after {state.plain_bytes} bytes of text"


def _up_to_the_fault(member: zlib._Decompress, data: bytes) -> Iterator[bytes]:
    """Yield what can be read of ``data``, byte by byte: an error takes with it all that its call had gunzipped."""
    for place in range(len(data)):
        try:
            yield member.decompress(data[place : place + 1])
        except zlib.error:
            return


def _unmarked(pieces: Iterable[bytes]) -> Iterator[bytes]:
    pieces = _from_first_bytes(pieces, len(codecs.BOM_UTF8))
    yield next(pieces, b"").removeprefix(codecs.BOM_UTF8)
    yield from pieces


def _from_first_bytes(pieces: Iterable[bytes], enough: int) -> Iterator[bytes]:
    """Yield ``pieces``, the first of them with at least so many bytes when there are so many."""
    remaining = iter(pieces)
    first = b""
    for piece in remaining:
        first += piece
        if len(first) >= enough:
            break
    yield first
    yield from remaining


def _counted(pieces: Iterable[bytes], state: FileState) -> Iterator[bytes]:
    for piece in pieces:
        state.plain_bytes += len(piece)
        yield piece
