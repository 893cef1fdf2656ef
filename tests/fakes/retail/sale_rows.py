"""Rows as stores send them."""

from __future__ import annotations

import json
from typing import Any

DAY = "2025-01-15"


def row(number: int = 0, **changes: Any) -> dict[str, Any]:
    """Return a right row; a change to None takes the field away."""
    plain = {
        "store": "s1",
        "date": DAY,
        "product": f"p{number % 3}",
        "quantity": 2,
        "unit_price": 1.25,
        "transaction": f"t{number // 2}",
        "row_id": f"r{number}",
    }
    return {key: value for key, value in (plain | changes).items() if value is not None}


def json_lines(*rows: Any) -> str:
    """Return rows as JSON lines; texts stand as they are."""
    return "".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in rows)
