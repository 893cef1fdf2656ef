"""Bytes in, rows out: lines of JSON, or the elements of a JSON array, told by how the file begins."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator

from chalicelib.retail.service.uploading.element_rows import elements
from chalicelib.retail.service.uploading.line_rows import lines
from chalicelib.retail.service.uploading.plain_bytes import FileState
from chalicelib.retail.service.uploading.raw_rows import LONGEST_ROW_BYTES, Raw

_FIRST_SIGN = re.compile(rb"\S")


def rows(pieces: Iterable[bytes], state: FileState) -> Iterator[Raw]:
    """Yield the rows of a file, in order; blank lines too.

    A file whose first sign is ``[`` is an array; one whose first line is a lone ``{`` is objects printed over
    several lines; anything else has a row a line. ``state.positions`` says which it is.
    """
    remaining = iter(pieces)
    head, sign = b"", None
    for piece in remaining:
        head += piece
        sign = _FIRST_SIGN.search(head)
        if sign and (b"\n" in head[sign.start() :] or len(head) > LONGEST_ROW_BYTES):
            break
    everything = itertools.chain([head], remaining)
    if sign and sign[0] == b"[":
        state.positions = "element"
        yield from elements(everything, state, bracketed=True)
    elif sign and head[sign.start() :].split(b"\n", 1)[0].strip() == b"{":
        state.positions = "element"
        yield from elements(everything, state, bracketed=False)
    else:
        yield from lines(everything)
