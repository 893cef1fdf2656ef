"""Task tokens, kept out of what is shown: whoever has one can answer in another's place."""

from __future__ import annotations

import json
from typing import Any

MASK = "(masked)"
"""Stands in the place of a task token: whoever has one can answer for a machine."""
TOO_DEEP = "(nested too deeply to be shown)"
_TOKEN_FIELDS = frozenset({"tasktoken", "task_token"})


def masked(value: Any) -> Any:
    """Return JSON without the task tokens in it: values of ``taskToken`` in any case, in text that is JSON too.

    >>> masked({"parameters": '{"Payload": {"taskToken": "AQ1"}}'})
    {'parameters': '{"Payload": {"taskToken": "(masked)"}}'}
    """
    if isinstance(value, dict):
        return {
            key: MASK if key.casefold() in _TOKEN_FIELDS and isinstance(one, str) else masked(one)
            for key, one in value.items()
        }
    if isinstance(value, list):
        return [masked(one) for one in value]
    if isinstance(value, str) and "token" in value.casefold():
        return _masked_text(value)
    return value


def _masked_text(text: str) -> str:
    """Return JSON text without task tokens, any other text as it is; nothing of what is too deep."""
    try:
        parsed = json.loads(text)
        return json.dumps(masked(parsed), ensure_ascii=False) if isinstance(parsed, dict | list) else text
    except ValueError:
        return text
    except RecursionError:
        return json.dumps(TOO_DEEP)
