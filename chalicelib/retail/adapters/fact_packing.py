"""Facts as bytes: MessagePack, columns for sheets, positions for days. Written and read here alone.

The first number of each is the form's version, so that a later one can be told apart.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import msgspec

from chalicelib.retail.domain.facts import ProductSheet, StoreDay

_FORM = 1
_FIRST_NUMBER = StoreDay._fields.index("units_sold")
_AFTER_NUMBERS = StoreDay._fields.index("uploads")
_FIRST_COLUMN = ProductSheet._fields.index("product_ids")

Month = dict[int, dict[str, list[Any]]]
"""Day of the month -> upload id -> the numbers of a `StoreDay`."""

_store_day = StoreDay._make
_encoder = msgspec.msgpack.Encoder()
_month_decoder = msgspec.msgpack.Decoder(tuple[int, Month])
_sheet_decoder = msgspec.msgpack.Decoder()


def numbers_of(day: StoreDay) -> list[Any]:
    """Return what a month keeps of one upload's store day."""
    return list(day[_FIRST_NUMBER:_AFTER_NUMBERS])


def pack_month(month: Month) -> bytes:
    """Return a month as bytes."""
    return _encoder.encode((_FORM, month))


def unpack_month(packed: bytes) -> Month:
    """Return what `pack_month` packed."""
    return _month_decoder.decode(packed)[1]


def days_of(store_id: str, days: Mapping[int, date], month: Month) -> Iterator[list[StoreDay]]:
    """Yield the store days of ``month`` in order, those of several uploads of one day together.

    Args:
        store_id: whose month it is.
        days: day of the month -> date, of the days wanted.
        month: what was unpacked.
    """
    for number in sorted(month):
        day = days.get(number)
        if day is not None:
            yield [_store_day((store_id, day, *numbers, (upload,))) for upload, numbers in month[number].items()]


def pack_sheet(sheet: ProductSheet) -> bytes:
    """Return the columns of a sheet as bytes."""
    return zlib.compress(_encoder.encode((_FORM, *sheet[_FIRST_COLUMN:])), 1)


def unpack_columns(packed: bytes) -> list[Any]:
    """Return the columns that `pack_sheet` packed, in the order of `ProductSheet`."""
    columns: list[Any] = _sheet_decoder.decode(zlib.decompress(packed))[1:]
    return columns
