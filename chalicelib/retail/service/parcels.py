"""State data of any size: small as it is, large by its key on the shelf.

    {"value": ...}                                               up to 16 KiB
    {"key": "analysis/runs/<run>/<name>.json.gz", "bytes": n}    above

A state carries at most 256 KiB in all; with ten parcels of 16 KiB at most, no number of stores comes near it.
"""

from __future__ import annotations

import gzip
from typing import Any

import msgspec

from chalicelib.retail.errors.reports import ParcelLostError
from chalicelib.retail.ports.reports import Shelf

LARGEST_INLINE_BYTES = 16 * 1024

Parcel = dict[str, Any]


def pack(shelf: Shelf, run_id: str, name: str, data: Any) -> Parcel:
    """Return ``data`` (JSON values) as it travels in the state; the same run and name keep one file."""
    text = msgspec.json.encode(data)
    if len(text) <= LARGEST_INLINE_BYTES:
        return {"value": data}
    key = f"analysis/runs/{run_id}/{name}.json.gz"
    put_json(shelf, key, text)
    return {"key": key, "bytes": len(text)}


def unpack(shelf: Shelf, parcel: Parcel) -> Any:
    """Return what was packed.

    Raises:
        ParcelLostError: it is no longer on the shelf.
    """
    if "value" in parcel:
        return parcel["value"]
    data = get_json(shelf, parcel["key"])
    if data is None:
        raise ParcelLostError(f"{parcel['key']} is not on the shelf")
    return data


def put_json(shelf: Shelf, key: str, text: bytes) -> None:
    """Keep JSON text, compressed."""
    shelf.put(key, gzip.compress(text, 1, mtime=0), "application/gzip")


def get_json(shelf: Shelf, key: str) -> Any:
    """Return what `put_json` kept, None when it is not there."""
    packed = shelf.get(key)
    return None if packed is None else msgspec.json.decode(gzip.decompress(packed))
