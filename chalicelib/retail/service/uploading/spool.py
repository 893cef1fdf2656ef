"""Sales put in order by store and day, in flat memory: what does not fit waits in a temporary file.

Distinct transactions and lines sent twice can be told only with all lines of a store and day side by side. So
sales are dealt into `PARTITIONS` by store and day; each is then read back alone. The dealing depends on nothing
else, so two versions of a file put a store and day into the partition of the same number.
"""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Iterator
from typing import IO

import msgspec

from chalicelib.retail.domain.sales import Sale

PARTITIONS = 128
HELD = 50_000
"""Sales in memory before they are written, about 20 MB."""
_MOST_PLACES = 50_000

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(list[Sale])


class Spool:
    """Takes sales one by one and gives them back by partition. Close it to remove its file."""

    def __init__(self, held: int = HELD) -> None:
        self._most_held = held
        self._held = 0
        self._partitions: list[list[Sale]] = [[] for _ in range(PARTITIONS)]
        self._places: dict[tuple[str, str], list[Sale]] = {}
        self._blocks: list[list[tuple[int, int]]] = [[] for _ in range(PARTITIONS)]
        self._file: IO[bytes] | None = None

    def add(self, sale: Sale) -> None:
        """Take one sale."""
        try:
            self._places[sale[1:3]].append(sale)
        except KeyError:
            number = zlib.crc32(f"{sale.store_id}#{sale.day}".encode()) % PARTITIONS
            place = self._places[sale.store_id, sale.day] = self._partitions[number]
            place.append(sale)
        self._held += 1
        if self._held >= self._most_held:
            self._write()

    def partitions(self) -> Iterator[tuple[int, list[Sale]]]:
        """Yield (number, sales in the order they came) of every partition that has some."""
        self._places.clear()
        for number, held in enumerate(self._partitions):
            sales = [sale for block in self._blocks[number] for sale in self._read(block)]
            sales += held
            held.clear()
            if sales:
                yield number, sales

    def close(self) -> None:
        """Remove the temporary file."""
        if self._file is not None:
            self._file.close()

    def _write(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115  (lives as long as the spool)
        for number, sales in enumerate(self._partitions):
            if sales:
                packed = _encoder.encode(sales)
                self._blocks[number].append((self._file.tell(), len(packed)))
                self._file.write(packed)
                sales.clear()
        self._held = 0
        if len(self._places) > _MOST_PLACES:
            self._places.clear()

    def _read(self, block: tuple[int, int]) -> list[Sale]:
        assert self._file is not None, "a block was written"
        offset, length = block
        self._file.seek(offset)
        return _decoder.decode(self._file.read(length))
