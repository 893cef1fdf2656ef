"""Definitions, template and code speak of the same things by the same names."""

from __future__ import annotations

import ast
import functools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infrastructure.build import build_template
from infrastructure.merge import broken_intrinsics
from tests.house.sources import ROOT, python_files

DEFINITIONS = sorted((ROOT / "statemachines").glob("*.asl.json"))
LAMBDA_PLACEHOLDER = re.compile(r"\$\{(?P<function>[A-Za-z]+)Arn\}")
# Names that Step Functions and its integrations give to errors: Prefix.Something.
SERVICE_ERROR = re.compile(r"^[A-Za-z]+\.[A-Za-z.]+$")


@functools.cache
def template() -> dict[str, Any]:
    return build_template(ROOT, "dev")


def states(definition: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (name, state) of every state, nested ones too."""
    for name, state in definition["States"].items():
        yield name, state
        for inner in [*state.get("Branches", []), state.get("ItemProcessor"), state.get("Iterator")]:
            if inner:
                yield from states(inner)


def error_modules() -> list[Path]:
    """Return the errors modules that ship: a room's ``errors.py``, or the files of its folder ``errors``."""
    return [path for path in python_files("chalicelib") if "errors" in (path.stem, path.parent.name)]


def error_classes() -> set[str]:
    """Return the names of the classes in every errors module that ships."""
    return {
        node.name
        for path in error_modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef)
    }


@pytest.fixture(params=DEFINITIONS, ids=lambda p: p.name.removesuffix(".asl.json"))
def definition(request: pytest.FixtureRequest) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(request.param.read_text())
    return loaded


def test_every_own_error_is_a_class(definition: dict[str, Any]) -> None:
    strangers = [
        f"{name}: {error}"
        for name, state in states(definition)
        for rule in [*state.get("Retry", []), *state.get("Catch", [])]
        for error in rule["ErrorEquals"]
        if not SERVICE_ERROR.match(error) and error not in error_classes()
    ]
    assert strangers == []


def test_every_lambda_of_a_state_is_a_function_of_the_template(definition: dict[str, Any]) -> None:
    functions = {k for k, v in template()["Resources"].items() if v["Type"] == "AWS::Serverless::Function"}
    named = {
        match["function"]
        for name, state in states(definition)
        if state["Type"] == "Task"
        for match in LAMBDA_PLACEHOLDER.finditer(str(state.get("Parameters", {}).get("FunctionName", "")))
    }
    assert named - functions == set()


def test_the_template_lost_nothing_and_mixes_no_intrinsic() -> None:
    assert list(broken_intrinsics(template())) == []
    assert {"Stage"} <= set(template()["Parameters"])


def test_every_function_has_a_role_of_its_own() -> None:
    roles: dict[str, list[str]] = {}
    for name, resource in template()["Resources"].items():
        if resource["Type"] == "AWS::Serverless::Function":
            role = resource["Properties"].get("Role")
            roles.setdefault(json.dumps(role), []).append(name)
    shared = {role: names for role, names in roles.items() if len(names) > 1}
    assert shared == {}


def test_error_names_are_unique_across_rooms() -> None:
    seen: dict[str, str] = {}
    twice = []
    for path in error_modules():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                if node.name in seen:
                    twice.append(f"{node.name}: {seen[node.name]} and {path}")
                seen[node.name] = str(path)
    assert twice == []


def test_errors_end_in_error() -> None:
    assert [name for name in error_classes() if not name.endswith("Error") and name != "Problem"] == []
