"""The day as tables for dashboards: one NDJSON file a table, a manifest for QuickSight, a schema beside.

    exports/<table>/date=2025-01-15/<table>.ndjson   stores, products, findings, trends
    exports/schemas/2025-01-15.json                  columns and types, row counts, bytes, SHA-256 of each file
    exports/manifests/<table>.json                   QuickSight's manifest: every day of the table, by prefix

A column's type never changes silently: a value of another type stops the export.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from chalicelib.retail.domain.digests import PRODUCT_FIGURES
from chalicelib.retail.errors.reports import ExportTypeError
from chalicelib.retail.ports.reports import Shelf
from chalicelib.retail.service.mornings import digest_key, read_book
from chalicelib.retail.service.parcels import get_json, unpack

SCHEMAS: Mapping[str, Mapping[str, type]] = {
    "stores": {
        "date": str, "store": str, "netCents": int, "grossCents": int, "returnsCents": int, "discountCents": int,
        "units": int, "tickets": int, "costCents": int, "costedCents": int,
    },
    "products": {
        "date": str, "product": str, "category": str, "units": int, "returned": int, "grossCents": int,
        "returnsCents": int, "discountCents": int, "costCents": int, "costedCents": int,
    },
    "findings": {
        "date": str, "kind": str, "scope": str, "moneyCents": int, "actualCents": int, "usualCents": int,
        "lowCents": int, "highCents": int, "since": str, "days": int, "text": str, "action": str, "owner": str,
    },
    "trends": {
        "date": str, "scope": str, "weeklyCents": int, "weeklyShare": float, "weeks": int, "chance": float,
        "levelCents": int, "text": str,
    },
}  # fmt: skip
"""Table -> column -> type; every column may be null. A change here is a new version of the export."""
VERSION = 1
_NAMES = {int: "INTEGER", float: "DECIMAL", str: "STRING"}


def export_to_quicksight(event: Mapping[str, Any], shelf: Shelf, bucket: str) -> dict[str, Any]:
    """Write the day's tables: ``{"run", "storeSummaries", "insights"}`` to ``{"rows": {table: n}, "manifests":
    {table: key}, "schema": key}``. Run again, it replaces the day."""
    day = event["run"]["date"]
    book = read_book(event, shelf)
    report = unpack(shelf, event["insights"]["report"])
    digest = get_json(shelf, digest_key(day)) or {"products": {}}
    tables: dict[str, Iterable[Sequence[Any]]] = {
        "stores": (
            (day, store, *(columns[name][-1] for name in (
                "net", "gross", "returns", "discount", "units", "tickets", "cost", "costed"
            )))
            for store, columns in sorted(book.stores.items()) if columns["net"][-1] is not None
        ),
        "products": (
            (day, product, values[0], *values[1 : 1 + len(PRODUCT_FIGURES)])
            for product, values in sorted(digest["products"].items())
        ),
        "findings": (
            (day, *(item[name] for name in (
                "kind", "scope", "money_cents", "actual_cents", "usual_cents", "low_cents", "high_cents", "since",
                "days", "text", "action", "owner",
            )))
            for item in report["items"]
        ),
        "trends": (
            (day, *(one[name] for name in (
                "scope", "weekly_cents", "weekly_share", "weeks", "chance", "level_cents", "text"
            )))
            for one in report["trends"]
        ),
    }  # fmt: skip
    files = {name: _write(name, rows, day, shelf) for name, rows in tables.items()}
    schema_key = f"exports/schemas/{day}.json"
    shelf.put(
        schema_key, msgspec.json.encode({"version": VERSION, "date": day, "files": files}), "application/json"
    )
    return {
        "rows": {name: one["rows"] for name, one in files.items()},
        "manifests": {name: _manifest(name, shelf, bucket) for name in files},
        "schema": schema_key,
    }


def ndjson(table: str, rows: Iterable[Sequence[Any]]) -> tuple[bytes, int]:
    """Return the rows as NDJSON, and how many there are.

    Raises:
        ExportTypeError: a value is not of its column's type.
    """
    schema = SCHEMAS[table]
    encode = msgspec.json.Encoder().encode
    lines = []
    for row in rows:
        line = {}
        for (column, kind), value in zip(schema.items(), row, strict=True):
            if kind is float and type(value) is int:
                value = float(value)
            if value is not None and type(value) is not kind:
                raise ExportTypeError(f"{table}.{column} is {value!r}, not a {kind.__name__}")
            line[column] = value
        lines.append(encode(line))
    return b"\n".join(lines) + (b"\n" if lines else b""), len(lines)


def _write(table: str, rows: Iterable[Sequence[Any]], day: str, shelf: Shelf) -> dict[str, Any]:
    body, count = ndjson(table, rows)
    key = f"exports/{table}/date={day}/{table}.ndjson"
    shelf.put(key, body, "application/x-ndjson")
    columns = [{"name": name, "type": _NAMES[kind]} for name, kind in SCHEMAS[table].items()]
    digest = hashlib.sha256(body).hexdigest()
    return {"key": key, "rows": count, "bytes": len(body), "sha256": digest, "columns": columns}


def _manifest(table: str, shelf: Shelf, bucket: str) -> str:
    key = f"exports/manifests/{table}.json"
    body = {
        "fileLocations": [{"URIPrefixes": [f"s3://{bucket}/exports/{table}/"]}],
        "globalUploadSettings": {"format": "JSON"},
    }
    shelf.put(key, msgspec.json.encode(body), "application/json")
    return key
