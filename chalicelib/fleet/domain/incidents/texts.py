"""What strangers sent, in a form that no channel, table or machine refuses."""

from __future__ import annotations

import hashlib
import json
import math
import re
from typing import Any

_NOT_IN_TEXTS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
"""SQS refuses a message with one of most of these, SNS a subject with one of them."""


def plain(value: Any) -> Any:
    """Return JSON's types without what JSON's other readers refuse: NaN, infinities, lone surrogates."""
    if isinstance(value, dict):
        return {clean(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, str):
        return clean(value)
    return value if not isinstance(value, float) or math.isfinite(value) else None


def is_deeper(value: Any, levels: int) -> bool:
    """Say whether lists and objects stand in each other more than ``levels`` times; goes no deeper itself."""
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(is_deeper(one, levels - 1) for one in inner)


def clean(text: str) -> str:
    """Return text as every channel takes it: control characters and lone surrogates are replaced."""
    return _NOT_IN_TEXTS.sub("\ufffd", text.encode("utf-8", "replace").decode("utf-8"))


def beginning(text: str, most: int) -> str:
    """Return as much of a text as JSON writes in ``most`` bytes."""
    while (size := len(json.dumps(text))) > most:
        text = text[: min(len(text) * most // size, len(text) - 1)]
    return text


def digest(text: str, length: int) -> str:
    """Return the beginning of a text's SHA-256."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:length]


def shown(given: Any) -> str:
    """Return what stood where something else should, for a problem's message."""
    try:
        return "missing" if given is None else clean(repr(given))[:80]
    except RecursionError:
        return f"a {type(given).__name__} of too many levels"
