"""One row's text as JSON, read so that nothing slips through: keys that stand twice, NaN, endless numbers."""

from __future__ import annotations

import json
from typing import Any

_MOST_DIGITS = 40


class RowObject(list[tuple[str, Any]]):
    """A JSON object with all its keys in order, those that stand twice too."""


class NotReadableError(ValueError):
    """The row is no JSON; the message says where and why."""


def text_of(raw: bytes) -> tuple[str, bool]:
    """Return the text, and whether it was no UTF-8: then it is read as Windows-1252, else as Latin-1."""
    try:
        return raw.decode("utf-8"), False
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("cp1252"), True
    except UnicodeDecodeError:  # five bytes have no meaning in Windows-1252; Latin-1 gives every byte one
        return raw.decode("latin-1"), True


def parsed(text: str) -> Any:
    """Return the JSON value of ``text``, objects as `RowObject`.

    Raises:
        NotReadableError: it is none.
    """
    try:
        return json.loads(
            text,
            object_pairs_hook=RowObject,
            parse_constant=_refuse_constant,
            parse_int=_whole_number,
        )
    except NotReadableError:
        raise
    except RecursionError:
        raise NotReadableError("is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise NotReadableError(f"is no JSON: {error.msg} at character {error.pos + 1}") from None
    except ValueError as error:
        raise NotReadableError(f"is no JSON: {error}") from None


def _refuse_constant(word: str) -> Any:
    raise NotReadableError(f"{word} is no number in JSON")


def _whole_number(digits: str) -> int | float:
    """Return the number; one of thousands of digits as infinite, which no bound takes."""
    return int(digits) if len(digits) <= _MOST_DIGITS else float("-inf" if digits.startswith("-") else "inf")
