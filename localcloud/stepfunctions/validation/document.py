"""Reading a definition's text: JSON with the line of every place, duplicate keys and bare placeholders.

The standard parser tells neither where a value stood nor that a key came twice, so the text is walked once
more with its own scanner for strings.
"""

from __future__ import annotations

import json
import re
from json.decoder import py_scanstring  # type: ignore[attr-defined]
from typing import Any

from localcloud.stepfunctions.validation.problem import Findings, child

_BARE_PLACEHOLDER = re.compile(r'("(?:\\.|[^"\\])*")|(\$\{[^}"]*\})')
_SCALAR = re.compile(r"[^\s,\]}]+")
_SPACE = re.compile(r"\s*")


def quote_placeholders(text: str) -> str:
    """Put quotes around each ${Placeholder} outside a string: `"Seconds": ${Wait}` becomes JSON."""
    return _BARE_PLACEHOLDER.sub(lambda match: match[1] or f'"{match[2]}"', text)


def parse(text: str, findings: Findings) -> dict[str, Any] | None:
    """The definition; None, with the problem noted, when the text is no JSON object."""
    if not text.strip():
        findings.error("MISSING_DESCRIPTION", "The definition is empty", "")
        return None
    try:
        value = json.loads(quote_placeholders(text) if findings.placeholders else text)
    except json.JSONDecodeError as error:
        findings.error("INVALID_JSON_DESCRIPTION", f"{error.msg}: line {error.lineno}, column {error.colno}", "")
        return None
    if not isinstance(value, dict):
        findings.schema("A definition should be an object", "")
        return None
    for place in Places(text).duplicates:
        findings.error("INVALID_JSON_DESCRIPTION", "The key stands here twice", place)
    return value


class Places:
    """The line of every value in a JSON text: `Places(text).line("/States/A")` -> 4."""

    def __init__(self, text: str) -> None:
        self._text = quote_placeholders(text)
        self._starts: dict[str, int] = {"": 0}
        self.duplicates: list[str] = []
        """Places whose key occurs twice in its object: JSON parsers keep the last and say nothing."""
        self._value(self._skip(0), "")

    def line(self, place: str) -> int:
        """Line of the value at `place`, counted from 1, or of the nearest place above that exists."""
        while place not in self._starts:
            place = place[: max(place.rfind("/"), place.rfind("["), 0)]
        return self._text.count("\n", 0, self._starts[place]) + 1

    def _skip(self, at: int) -> int:
        match = _SPACE.match(self._text, at)
        return match.end() if match else at

    def _value(self, at: int, place: str) -> int:
        """Note the value that starts at `at`; returns the index behind it."""
        match self._text[at]:
            case "{":
                return self._members(at + 1, place)
            case "[":
                return self._items(at + 1, place)
            case '"':
                return int(py_scanstring(self._text, at + 1, False)[1])
        scalar = _SCALAR.match(self._text, at)
        return scalar.end() if scalar else at + 1

    def _members(self, at: int, place: str) -> int:
        at = self._skip(at)
        while self._text[at] != "}":
            key, end = py_scanstring(self._text, at + 1, False)
            here = child(place, key)
            if here in self._starts and not self._inside_duplicate(place):
                self.duplicates.append(here)
            self._starts[here] = at
            at = self._skip(self._value(self._skip(self._skip(end) + 1), here))
            if self._text[at] == ",":
                at = self._skip(at + 1)
        return at + 1

    def _inside_duplicate(self, place: str) -> bool:
        return any(place == outer or place.startswith((f"{outer}/", f"{outer}[")) for outer in self.duplicates)

    def _items(self, at: int, place: str) -> int:
        at, index = self._skip(at), 0
        while self._text[at] != "]":
            here = child(place, index)
            self._starts[here] = at
            at = self._skip(self._value(at, here))
            if self._text[at] == ",":
                at = self._skip(at + 1)
            index += 1
        return at + 1
