"""The facts table, key by key. Partitions are cut into `SHARDS` by the store, so that 10,000 stores spread.

pk                        sk                        attributes
days#2025-01#07           <store>                   days (B), version (N)
    A store's days of one month. ``days`` is MessagePack: {day: {upload id: the numbers of a `StoreDay`}}.
    About 45 bytes a day, 1.4 KB a month: 2 write units change a day, and all days of 10,000 stores in a month are
    14 MB: 16 queries, 1,700 read units. ``version`` lets two uploads of one store change it in turn.
products#2025-01-15#07    <store>#<upload>#<part>   sheet (B), restatement (N)
    ``sheet`` is zlib over MessagePack, a list a column: about 15 bytes a product, 3 KB for 200 products. That is 3
    write units; with an item a product it would be 200.
upload#<upload>           record                    what became of the upload, see `UploadRecord`
content#<etag>            owner                     upload, version (N): whose facts are made of this content
upload#<upload>           page#<number>#<etag>      places (B): the (store, day, part) that version has written
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import date

SHARDS = 16


def shard_of(store_id: str) -> int:
    """Return which of the `SHARDS` a store is in; the same in every process and version."""
    return zlib.crc32(store_id.encode()) % SHARDS


def days_partition(year: int, month: int, shard: int) -> str:
    """Return the partition of the stores' days of a month."""
    return f"days#{year:04d}-{month:02d}#{shard:02d}"


def products_partition(day: date, shard: int) -> str:
    """Return the partition of the products' sheets of a day."""
    return f"products#{day.isoformat()}#{shard:02d}"


def sheet_key(store_id: str, upload_id: str, part: int) -> str:
    """Return the sort key of a sheet. Store ids hold no ``#``."""
    return f"{store_id}#{upload_id}#{part:03d}"


def upload_partition(upload_id: str) -> str:
    """Return the partition of an upload's record and pages."""
    return f"upload#{upload_id}"


def content_partition(etag: str) -> str:
    """Return the partition of a file's content."""
    return f"content#{etag}"


def months(first: date, last: date) -> Iterator[tuple[int, int]]:
    """Yield (year, month) from the month of ``first`` to that of ``last``."""
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        yield number // 12, number % 12 + 1
