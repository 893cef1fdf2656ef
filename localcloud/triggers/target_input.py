"""What a rule's target gets: the event, a part of it, a constant, or a template filled from it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_PLACEHOLDER = re.compile(r"<([A-Za-z0-9_.\-]+)>")
_STEP = re.compile(r"\.([^.\[\]]+)|\['([^']+)'\]|\[(\d+)\]")


def target_input(target: Mapping[str, Any], event: dict[str, Any]) -> Any:
    """Return the JSON value ``target`` gets of ``event``."""
    if "Input" in target:
        return _json_or_text(target["Input"])
    if path := target.get("InputPath"):
        return part_of(event, path)
    if transformer := target.get("InputTransformer"):
        values = {name: part_of(event, path) for name, path in transformer.get("InputPathsMap", {}).items()}
        values["aws.events.event.json"] = event
        values["aws.events.event"] = {key: value for key, value in event.items() if key != "detail"}
        values["aws.events.rule-arn"] = target.get("RuleArn", "")
        values["aws.events.event.ingestion-time"] = event.get("time", "")
        return _json_or_text(fill(transformer["InputTemplate"], values))
    return event


def part_of(event: Any, path: str) -> Any:
    """Return what a JSON path such as ``$.detail.items[0]`` points to; None when there is nothing."""
    value = event
    for name, quoted, index in _STEP.findall(path.removeprefix("$")):
        try:
            value = value[int(index)] if index else value[name or quoted]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def fill(template: str, values: Mapping[str, Any]) -> str:
    """Return ``template`` with each <name> replaced: inside quotes by text, outside by JSON.

    >>> fill('{"who": <who>, "text": "it is <who>"}', {"who": "Ann"})
    '{"who": "Ann", "text": "it is Ann"}'
    """
    parts: list[str] = []
    end = 0
    quoted = False
    for match in _PLACEHOLDER.finditer(template):
        before = template[end : match.start()]
        quoted ^= len(re.findall(r'(?<!\\)"', before)) % 2 == 1
        parts.append(before)
        parts.append(_as_text(values[match[1]], quoted) if match[1] in values else match[0])
        end = match.end()
    return "".join(parts) + template[end:]


def _as_text(value: Any, quoted: bool) -> str:
    if not quoted:
        return json.dumps(value, ensure_ascii=False)
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _json_or_text(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
