"""How two template parts become one.

Dicts are merged key by key, lists are joined (an element both have is kept once), a scalar of the room
replaces Chalice's, and an intrinsic (`Ref`, `Fn::...`) is one value: it replaces, and is replaced, whole.
Chalice's own merge replaces lists and leaves `{"Fn::GetAtt": ..., "Fn::Sub": ...}` behind.

>>> merge({"Timeout": 30, "Layers": ["a"]}, {"Timeout": 60, "Layers": ["b"]})
{'Timeout': 60, 'Layers': ['a', 'b']}
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def is_intrinsic_key(key: object) -> bool:
    """Return whether ``key`` is CloudFormation's and makes its dict a value to be computed."""
    return key == "Ref" or (isinstance(key, str) and key.startswith("Fn::"))


def is_intrinsic(value: object) -> bool:
    """Return whether ``value`` is a dict that CloudFormation computes."""
    return isinstance(value, dict) and any(is_intrinsic_key(key) for key in value)


def merge(below: Any, above: Any) -> Any:
    """Return ``below`` with ``above`` merged over it; neither is changed."""
    if is_intrinsic(below) or is_intrinsic(above):
        return above
    if isinstance(below, dict) and isinstance(above, dict):
        merged = dict(below)
        for key, value in above.items():
            merged[key] = merge(below[key], value) if key in below else value
        return merged
    if isinstance(below, list) and isinstance(above, list):
        return below + [item for item in above if item not in below]
    return above


def broken_intrinsics(value: Any, path: str = "") -> Iterator[str]:
    """Yield the path of each dict that has an intrinsic beside another key.

    `Condition` stands alone too: `{"Condition": "IsProd"}` is an intrinsic only inside `Conditions`.
    """
    if isinstance(value, dict):
        if len(value) > 1 and is_intrinsic(value):
            yield path
        for key, inner in value.items():
            yield from broken_intrinsics(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from broken_intrinsics(inner, f"{path}[{index}]")
