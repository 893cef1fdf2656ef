"""Reads one room's YAML file: plain CloudFormation and SAM, with three sections of the house's own.

Environment  merged into the environment of the room's functions, of the API and of Slack's; shared.yaml's into all
Rights       what each function may do, see `infrastructure.rights`
Functions    merged into the properties of the function of that logical id (Chalice makes the functions)
Parameters, Conditions, Mappings, Resources, Outputs    as CloudFormation has them
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from infrastructure.errors import BuildError

SECTIONS = ("Parameters", "Conditions", "Mappings", "Resources", "Outputs")
HOUSE_SECTIONS = ("Environment", "Functions", "Rights")


@dataclass(frozen=True, slots=True)
class RoomFile:
    """One YAML file, read."""

    path: Path
    """As it is shown in messages: relative to the project."""
    sections: dict[str, dict[str, Any]]
    lines: dict[tuple[str, str], int]
    """(section, id) -> line, counted from 1."""

    def place(self, section: str, name: str) -> str:
        """Return "infrastructure/campaigns.yaml:12" for a message."""
        line = self.lines.get((section, name))
        return f"{self.path}:{line}" if line else str(self.path)


class _TemplateLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML with CloudFormation's short tags (`!Ref`, `!Sub`, ...); a key given twice is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} is given twice", key_node.start_mark
                )
            seen.add(key)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping


def _short_tag(loader: _TemplateLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
        if suffix == "GetAtt":
            value = str(value).split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    return {name: value}


_TemplateLoader.add_multi_constructor("!", _short_tag)
# A date such as 2012-10-17 is text in every template.
_TemplateLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_room_file(path: Path, project_dir: Path) -> RoomFile:
    """Read and check one file.

    Raises:
        BuildError: it is no YAML, has an unknown section or a section that is no mapping.
    """
    shown = path.relative_to(project_dir)
    text = path.read_text(encoding="utf-8")
    try:
        data = yaml.load(text, Loader=_TemplateLoader)
        root = yaml.compose(text, Loader=_TemplateLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise BuildError(f"{shown}:{line}: {error.problem}") from None
    if data is None:
        return RoomFile(shown, {}, {})
    if not isinstance(data, dict):
        raise BuildError(f"{shown}:1: a template is a mapping of sections, this is a {type(data).__name__}")
    lines = _lines(root)
    sections: dict[str, dict[str, Any]] = {}
    for name, body in data.items():
        line = lines.get((name, ""), 1)
        if name in ("AWSTemplateFormatVersion", "Transform", "Description"):
            continue
        if name not in SECTIONS + HOUSE_SECTIONS:
            known = ", ".join(HOUSE_SECTIONS + SECTIONS)
            raise BuildError(f"{shown}:{line}: unknown section {name!r}; known are {known}")
        if body is not None and not isinstance(body, dict):
            raise BuildError(f"{shown}:{line}: {name} is a {type(body).__name__}, not a mapping")
        sections[name] = body or {}
    return RoomFile(shown, sections, lines)


def _lines(root: yaml.Node | None) -> dict[tuple[str, str], int]:
    lines: dict[tuple[str, str], int] = {}
    if isinstance(root, yaml.MappingNode):
        for section, body in root.value:
            lines[section.value, ""] = section.start_mark.line + 1
            if isinstance(body, yaml.MappingNode):
                for name, _ in body.value:
                    lines[section.value, str(name.value)] = name.start_mark.line + 1
    return lines
