"""Values and types as Athena writes them."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

_NAMES = {
    "varchar": "varchar",
    "hugeint": "bigint",
    "ubigint": "bigint",
    "float": "real",
    "timestamp_ns": "timestamp",
}
_SIMPLE = re.compile(r"^(DECIMAL|STRUCT|MAP)\b", re.IGNORECASE)


def type_name(kind: str) -> str:
    """Return Athena's name of a DuckDB type: ``INTEGER[]`` is an array.

    >>> type_name("HUGEINT"), type_name("DECIMAL(10,2)"), type_name("VARCHAR[]")
    ('bigint', 'decimal', 'array')
    """
    if kind.endswith("]"):
        return "array"
    if match := _SIMPLE.match(kind):
        return {"struct": "row"}.get(match[1].lower(), match[1].lower())
    lowered = kind.lower()
    return "timestamp" if lowered.startswith("timestamp") else _NAMES.get(lowered, lowered)


def text_of(value: Any) -> str | None:
    """Return a value as a cell has it, None for NULL.

    >>> text_of([1, None, "a"]), text_of({"k": 2}), text_of(True)
    ('[1, null, a]', '{k=2}', 'true')
    """
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.") + f"{value.microsecond // 1000:03}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "[" + ", ".join(text_of(one) or "null" for one in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{text_of(key)}={text_of(one) or 'null'}" for key, one in value.items()) + "}"
    return format(value, "f") if isinstance(value, Decimal) else str(value)
