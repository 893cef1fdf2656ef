"""Between a state's JSON and an API's own types, by botocore's model of the service.

Step Functions takes and gives PascalCase JSON: times as ISO 8601 text (AWS SDK integrations) or epoch
milliseconds (optimized ones), blobs as text, and JSON objects where the API wants a text that holds JSON.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from localcloud.stepfunctions.integrations.names import optimized_member, sdk_member
from localcloud.stepfunctions.json_text import dumps
from localcloud.stepfunctions.task import JsonValue, TaskError

_JSON_TEXTS = frozenset(("Detail", "Input", "Message", "MessageBody", "Payload"))
"""Text fields in which Step Functions takes any JSON value and sends it as JSON text."""
_SCALARS: dict[str, tuple[tuple[type, ...], str]] = {
    "boolean": ((bool,), "BOOLEAN"),
    "integer": ((int,), "INTEGER"),
    "long": ((int,), "LONG"),
    "float": ((int, float), "FLOAT"),
    "double": ((int, float), "DOUBLE"),
    "string": ((str,), "STRING"),
}


def to_request(shape: Any, arguments: JsonValue) -> dict[str, Any]:
    """boto3's keyword arguments for a state's arguments.

    `shape` is the operation's input shape, None when it has no input. Raises TaskError States.Runtime with
    every field that does not fit, as AWS words it.
    """
    if not isinstance(arguments, dict):
        raise _refused(arguments, ["The parameters must be an OBJECT"])
    faults: list[str] = []
    members = _structure(shape, arguments, faults) if shape is not None else {}
    if faults:
        raise _refused(arguments, faults)
    return members


def to_result(shape: Any, response: dict[str, Any], *, sdk: bool) -> dict[str, JsonValue]:
    """The state's raw result for a response of boto3."""
    if shape is None:
        return {}
    rendered = _render(shape, response, sdk_member if sdk else optimized_member, sdk)
    return dict(rendered)


def _refused(arguments: JsonValue, faults: list[str]) -> TaskError:
    return TaskError(
        "States.Runtime",
        f"The Parameters '{dumps(arguments)}' could not be used to start the Task: [{', '.join(faults)}]",
    )


def _structure(shape: Any, value: dict[str, JsonValue], faults: list[str]) -> dict[str, Any]:
    names = _accepted_names(tuple(shape.members))
    members: dict[str, Any] = {}
    for key, item in value.items():
        if key not in names:
            faults.append(f"The field '{key}' is not supported by Step Functions")
        elif item is not None:
            members[names[key]] = _argument(shape.members[names[key]], item, key, faults)
    for name in shape.required_members:
        if name not in members and not shape.members[name].metadata.get("idempotencyToken"):
            faults.append(f"The field '{sdk_member(name)}' is required but was missing")
    return members


@functools.lru_cache(maxsize=4096)
def _accepted_names(members: tuple[str, ...]) -> dict[str, str]:
    """Every way a structure's fields may be written, to the API's own names."""
    names = {optimized_member(name): name for name in members}
    names |= {sdk_member(name): name for name in members}
    return names | {name: name for name in members}


def _argument(shape: Any, value: JsonValue, name: str, faults: list[str]) -> Any:
    kind = shape.type_name
    if getattr(shape, "is_document_type", False):
        return value
    if kind == "structure" and isinstance(value, dict):
        return _structure(shape, value, faults)
    if kind == "map" and isinstance(value, dict):
        return {key: _argument(shape.value, item, name, faults) for key, item in value.items()}
    if kind == "list" and isinstance(value, list):
        return [_argument(shape.member, item, name, faults) for item in value]
    if kind == "timestamp" and isinstance(value, (str, int, float)):
        return value
    if kind == "blob":
        return (value if isinstance(value, str) else dumps(value)).encode()
    if kind == "string" and name in _JSON_TEXTS and not isinstance(value, str):
        return dumps(value)
    types, wanted = _SCALARS.get(
        kind, ((), {"structure": "OBJECT", "map": "OBJECT", "list": "ARRAY"}.get(kind, kind))
    )
    if isinstance(value, types) and (kind == "boolean" or not isinstance(value, bool)):
        return value
    faults.append(f"The value for the field '{name}' must be {_article(wanted)} {wanted}")
    return None


def _article(word: str) -> str:
    return "an" if word[0] in "AEIOU" else "a"


def _render(shape: Any, value: Any, member_name: Callable[[str], str], sdk: bool) -> JsonValue:
    kind = shape.type_name
    if getattr(shape, "is_document_type", False):
        return value
    if kind == "structure":
        return {
            member_name(name): _render(shape.members[name], value[name], member_name, sdk)
            for name in shape.members
            if value.get(name) is not None
        }
    if kind == "list":
        return [_render(shape.member, item, member_name, sdk) for item in value]
    if kind == "map":
        return {key: _render(shape.value, item, member_name, sdk) for key, item in value.items()}
    if kind == "timestamp" and isinstance(value, datetime):
        return _iso(value) if sdk else int(value.timestamp() * 1000)
    if kind == "blob":
        raw = value if isinstance(value, bytes) else value.read()
        return raw.decode("utf-8", errors="replace")
    return value


def _iso(moment: datetime) -> str:
    """2026-11-20T09:00:00Z, with milliseconds only where there are some."""
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z").replace(".000Z", "Z")
