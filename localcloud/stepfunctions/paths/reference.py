"""Reference paths: where a ResultPath writes."""

from __future__ import annotations

from localcloud.stepfunctions.paths.parser import InvalidPathError, parse_path
from localcloud.stepfunctions.paths.steps import Child, Index
from localcloud.stepfunctions.task import JsonValue


class ReferenceMismatchError(Exception):
    """The input has something at the path that cannot take the result (States.ResultPathMatchFailure)."""


class ReferencePath:
    """A path of names and indexes that can be written; nothing it writes to is changed in place."""

    __slots__ = ("keys", "text")

    def __init__(self, text: str, keys: tuple[str | int, ...]) -> None:
        self.text = text
        self.keys = keys

    def write(self, document: JsonValue, value: JsonValue) -> JsonValue:
        """A document with `value` at the path; only the objects along the path are new.

        Missing objects are made. Raises ReferenceMismatchError where a number, string or array is in the way.

        >>> parse_reference("$.a.b").write({"a": {"c": 1}}, 2)
        {'a': {'c': 1, 'b': 2}}
        """
        if not self.keys:
            return value
        return _write(document, self.keys, value)


def parse_reference(text: str) -> ReferencePath:
    """Parse a reference path. Raises InvalidPathError."""
    keys: list[str | int] = []
    for step in parse_path(text).steps:
        if isinstance(step, Child):
            keys.append(step.name)
        elif isinstance(step, Index) and step.index >= 0:
            keys.append(step.index)
        else:
            raise InvalidPathError(f"{text!r} is no reference path: it may point to more than one value")
    return ReferencePath(text, tuple(keys))


def _write(document: JsonValue, keys: tuple[str | int, ...], value: JsonValue) -> JsonValue:
    key, rest = keys[0], keys[1:]
    if isinstance(key, int):
        if not isinstance(document, list) or key >= len(document):
            raise ReferenceMismatchError
        items = list(document)
        items[key] = _write(items[key], rest, value) if rest else value
        return items
    if not isinstance(document, dict):
        raise ReferenceMismatchError
    changed = dict(document)
    changed[key] = _write(changed.get(key, {}), rest, value) if rest else value
    return changed
