"""Untyped JSON in, typed objects out, with every problem named at once.

msgspec decodes fast and stops at the first mistake. So the fast path is msgspec alone; only an input
that fails is walked again, field by field, to collect all that is wrong with it.
"""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from enum import Enum
from typing import Any, TypeVar

import msgspec

from chalicelib.core.errors import InvalidInputError, Problem

T = TypeVar("T")

_PATH_IN_MESSAGE = re.compile(r" - at `(?P<path>\$?.*)`$")


def parse(kind: type[T], data: Any, *, at: str = "") -> T:
    """Return ``data`` (parsed JSON) as a ``kind`` (dataclass or msgspec Struct).

    Args:
        kind: the type wanted.
        data: what ``json.loads`` gave.
        at: the place of ``data`` in the whole input, for the problems' paths.

    Raises:
        InvalidInputError: with every problem found, each under its path.
    """
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError:
        problems = list(_problems(kind, data, at))
        raise InvalidInputError(problems) from None


def parse_json(kind: type[T], text: str | bytes) -> T:
    """Return JSON text as a ``kind``; text that is no JSON is one problem at the root.

    Raises:
        InvalidInputError: with every problem found.
    """
    try:
        data = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidInputError([Problem("", "unreadable_json", str(error))]) from None
    return parse(kind, data)


def json_schema(kind: Any) -> dict[str, Any]:
    """Return the JSON schema of ``kind`` in one piece: each ``$ref`` is replaced by what it names."""
    schema = msgspec.json.schema(kind)
    definitions = schema.get("$defs", {})

    def resolved(value: Any) -> Any:
        if isinstance(value, dict):
            if "$ref" in value:
                return resolved(definitions[value["$ref"].rsplit("/", 1)[-1]])
            return {key: resolved(inner) for key, inner in value.items() if key != "$defs"}
        return [resolved(inner) for inner in value] if isinstance(value, list) else value

    whole: dict[str, Any] = resolved(schema)
    return whole


def to_json_types(value: Any) -> Any:
    """Return ``value`` (dataclasses, datetimes, enums, ...) as what ``json.dumps`` accepts."""
    return msgspec.to_builtins(value)


def _problems(kind: Any, data: Any, at: str) -> typing.Iterator[Problem]:
    found = False
    for name in _unknown(kind, data):
        found = True
        yield Problem(f"{at}.{name}" if at else name, "unknown_field", "is no field of this object")
    for place, part_kind, part in _parts(kind, data, at):
        if part is _MISSING:
            found = True
            yield Problem(place, "required", "is required")
            continue
        try:
            msgspec.convert(part, part_kind)
        except msgspec.ValidationError:
            found = True
            yield from _problems(part_kind, part, place)
    if not found:
        yield _own_problem(kind, data, at)


def _own_problem(kind: Any, data: Any, at: str) -> Problem:
    """Return what is wrong with ``data`` itself when each of its parts is right."""
    if isinstance(kind, type) and issubclass(kind, Enum) and isinstance(data, str):
        return Problem(at, "invalid", f"{data!r} is none of {', '.join(str(member.value) for member in kind)}")
    try:
        msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        message = str(error)
        inner = ""
        if match := _PATH_IN_MESSAGE.search(message):
            message = message[: match.start()]
            inner = match["path"].removeprefix("$").removeprefix(".")
        place = f"{at}.{inner}" if at and inner and not inner.startswith("[") else f"{at}{inner}"
        return Problem(place, "invalid", _plain(message))
    raise AssertionError("a value whose parts all convert must fail itself")  # pragma: no cover


def _plain(message: str) -> str:
    """Return msgspec's message in the words of JSON's users."""
    return message.replace("Object missing required field", "required field missing:")


_MISSING = object()


def _parts(kind: Any, data: Any, at: str) -> typing.Iterator[tuple[str, Any, Any]]:
    """Yield (place, type, value) of each field or element of ``data`` that ``kind`` declares."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        yield from _parts(arguments[0], data, at)
    elif origin in (typing.Union, types.UnionType):
        for member in arguments:
            yield from _parts(member, data, at)
    elif origin in (list, tuple, set, frozenset) and isinstance(data, list):
        for index, element in enumerate(data):
            yield f"{at}[{index}]", arguments[0], element
    elif origin is dict and isinstance(data, dict):
        for key, element in data.items():
            yield (f"{at}.{key}" if at else str(key)), arguments[1], element
    elif isinstance(data, dict) and (fields := _fields(kind)):
        for name, (field_kind, required) in fields.items():
            place = f"{at}.{name}" if at else name
            if name in data:
                yield place, field_kind, data[name]
            elif required:
                yield place, field_kind, _MISSING


def _unknown(kind: Any, data: Any) -> list[str]:
    """Return the names in ``data`` that ``kind``, a Struct that forbids others, does not have."""
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        return [name for member in typing.get_args(kind) for name in _unknown(member, data)]
    if not (isinstance(kind, type) and issubclass(kind, msgspec.Struct) and isinstance(data, dict)):
        return []
    return (
        [name for name in data if name not in _fields(kind)]
        if kind.__struct_config__.forbid_unknown_fields
        else []
    )


def _fields(kind: Any) -> dict[str, tuple[Any, bool]]:
    """Return {name in JSON: (type, required)} of a dataclass or a Struct, nothing of any other type."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return {f.encode_name: (f.type, f.required) for f in msgspec.structs.fields(kind)}
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind, include_extras=True)
        return {
            f.name: (
                hints[f.name],
                f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING,
            )
            for f in dataclasses.fields(kind)
        }
    return {}
