"""What a stage has of its own: infrastructure/stages/<stage>.yaml.

region      where it is deployed
parameters  values for the template's parameters; the others keep their defaults
tags        on everything the stack makes
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from infrastructure.errors import BuildError

_SECTIONS = {"region", "parameters", "tags"}
_PLACEHOLDERS = ("unset", "example.com")


@dataclass(frozen=True, slots=True)
class StageFile:
    """One stage, read and compared with nothing yet."""

    stage: str
    region: str
    parameters: Mapping[str, str]
    tags: Mapping[str, str]


def read_stage_file(project_dir: Path, stage: str) -> StageFile:
    """Read ``stages/<stage>.yaml``.

    Raises:
        BuildError: it is missing, no YAML, or has other sections than these.
    """
    path = project_dir / "infrastructure" / "stages" / f"{stage}.yaml"
    shown = path.relative_to(project_dir)
    if not path.is_file():
        known = ", ".join(sorted(one.stem for one in path.parent.glob("*.yaml"))) or "none"
        raise BuildError(f"{shown}: missing; stages that can be deployed: {known}")
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except yaml.MarkedYAMLError as error:
        raise BuildError(f"{shown}: {error.problem}") from None
    if not isinstance(content, dict) or not content.keys() <= _SECTIONS or not content.get("region"):
        raise BuildError(f"{shown}: wants a region, and may have parameters and tags")
    texts = {name: _texts(content.get(name) or {}, f"{shown}: {name}") for name in ("parameters", "tags")}
    return StageFile(stage, str(content["region"]), texts["parameters"], texts["tags"])


def _texts(section: Any, place: str) -> dict[str, str]:
    if not isinstance(section, dict):
        raise BuildError(f"{place} is no mapping")
    return {str(key): str(value) for key, value in section.items()}


def check_parameters(stage: StageFile, template: Mapping[str, Any]) -> list[str]:
    """Return the parameters that are placeholders still, each with its description.

    Raises:
        BuildError: the stage names parameters that the template does not have, or leaves one without a value.
    """
    declared = template.get("Parameters", {})
    if strangers := sorted(stage.parameters.keys() - declared.keys()):
        raise BuildError(f"infrastructure/stages/{stage.stage}.yaml: no parameter {', '.join(strangers)}")
    lacking = sorted(k for k, v in declared.items() if "Default" not in v and k not in stage.parameters)
    if lacking:
        raise BuildError(f"infrastructure/stages/{stage.stage}.yaml: needs a value for {', '.join(lacking)}")
    return [
        f"{name}: {declaration.get('Description', 'no description')}"
        for name, declaration in declared.items()
        if _is_placeholder(stage.parameters.get(name, str(declaration.get("Default", ""))))
    ]


def _is_placeholder(value: str) -> bool:
    return not value or any(word in value for word in _PLACEHOLDERS)
