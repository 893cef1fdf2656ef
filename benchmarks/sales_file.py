"""A file of sales of any size that is never whole anywhere: generated while it is read, the same every time."""

from __future__ import annotations

import random
from collections.abc import Iterator

STORES, PRODUCTS, DAYS, LINES_A_TICKET = 100, 200, 7, 4
_BLOCK_ROWS = 20_000
_BROKEN_EVERY = 1_000


def sales_bytes(
    size_bytes: int, *, array: bool = False, seed: int = 1, block_rows: int = _BLOCK_ROWS
) -> Iterator[bytes]:
    """Yield at least ``size_bytes`` of rows in pieces of ``block_rows``; one row in a thousand is broken.

    A row has about 160 bytes, of one of 100 stores, 200 products and 7 days, its own id and a ticket of four
    lines.
    """
    draw = random.Random(seed)
    ends = draw.choices(_ends(draw), k=_BLOCK_ROWS)
    separator = ",\n" if array else "\n"
    if array:
        yield b"["
    sent, number, first = 0, 0, True
    while sent < size_bytes:
        rows = [_row(number + place, ends[(number + place * 7) % _BLOCK_ROWS]) for place in range(block_rows)]
        text = separator.join(rows)
        piece = (text if first else separator + text).encode()
        number, sent, first = number + block_rows, sent + len(piece), False
        yield piece
    yield b"]" if array else b"\n"


def _ends(draw: random.Random) -> list[str]:
    """Return what rows end with: store, day, product, quantity and price."""
    return [
        f'"store":"store-{draw.randrange(STORES):04d}","date":"2025-01-{draw.randrange(DAYS) + 1:02d}",'
        f'"product":"sku-{draw.randrange(PRODUCTS):06d}","quantity":{draw.choice((1, 1, 1, 2, 3, -1))},'
        f'"unit_price":{draw.randrange(50, 9_999) / 100}}}'
        for _ in range(5_000)
    ]


def _row(number: int, end: str) -> str:
    if number % _BROKEN_EVERY == 7:
        end = end.replace('"quantity":', '"quantity":0.5,"was":')
    return f'{{"row_id":"{number:010d}","transaction":"t{number // LINES_A_TICKET:09d}",{end}'
