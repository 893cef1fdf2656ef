"""Who may import whom, and how files are named and sized."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from tests.house.sources import ROOMS, ROOT, SOURCE_FOLDERS, imports, python_files, shown

FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "base", "misc"}
AWS_SDK = {"boto3", "botocore"}
LONGEST_FILE = 300


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_core_and_itself_only(room: str) -> None:
    strangers = [
        f"{shown(path)} imports {name}"
        for path in python_files(f"chalicelib/{room}")
        for name in imports(path)
        if name.startswith("chalicelib.") and name.split(".")[1] not in ("core", room)
    ]
    assert strangers == []


def test_core_knows_no_room() -> None:
    strangers = [
        f"{shown(path)} imports {name}"
        for path in python_files("chalicelib/core")
        for name in imports(path)
        if name.startswith("chalicelib.") and not name.startswith("chalicelib.core")
    ]
    assert strangers == []


@pytest.mark.parametrize("room", ROOMS)
def test_rules_import_the_standard_library_only(room: str) -> None:
    own = (f"chalicelib.{room}.domain", "chalicelib.core.errors")
    files = [p for p in python_files(f"chalicelib/{room}") if p.name == "domain.py" or "domain" in p.parts]
    strangers = [
        f"{shown(path)} imports {name}"
        for path in files
        for name in imports(path)
        if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith(own) and name != "chalicelib"
    ]
    assert strangers == []


def test_aws_is_reached_in_adapters_only() -> None:
    def allowed(path: Path) -> bool:
        return path == ROOT / "chalicelib/core/aws.py" or path.name == "adapters.py" or "adapters" in path.parts

    strangers = [
        f"{shown(path)} imports {name}"
        for path in python_files("chalicelib")
        if not allowed(path)
        for name in imports(path)
        if name.split(".")[0] in AWS_SDK
    ]
    assert strangers == []


def test_what_ships_knows_nothing_of_the_laptop() -> None:
    strangers = [
        f"{shown(path)} imports {name}"
        for path in [ROOT / "app.py", *python_files("chalicelib")]
        for name in imports(path)
        if name.split(".")[0] in {"localcloud", "infrastructure", "tests", "benchmarks", "moto"}
    ]
    assert strangers == []


def test_the_interpreter_imports_aws_in_its_integrations_only() -> None:
    edges = {"integrations", "api", "mockconfig.py", "http.py", "hook.py"}
    strangers = [
        f"{shown(path)} imports {name}"
        for path in python_files("localcloud/stepfunctions")
        if not edges & {*path.relative_to(ROOT / "localcloud/stepfunctions").parts}
        for name in imports(path)
        if name.split(".")[0] in {*AWS_SDK, "moto", "chalice"}
    ]
    assert strangers == []


def test_no_file_is_a_drawer_for_everything() -> None:
    drawers = [shown(p) for p in python_files(*SOURCE_FOLDERS) if FORBIDDEN_NAMES & {p.stem, p.parent.name}]
    assert drawers == []


def test_files_stay_short() -> None:
    long = {
        shown(path): length
        for path in python_files("chalicelib", "localcloud", "infrastructure")
        if (length := len(path.read_text().splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_fakes_are_subclasses_and_nothing_is_patched() -> None:
    patchers = [
        shown(path) for path in python_files("tests") if any(n.startswith("unittest.mock") for n in imports(path))
    ]
    assert patchers == []


def test_event_doors_never_ask_chalice_for_the_request() -> None:
    """Lambda imports a handlers module alone: there, ``bp.log`` and ``bp.current_*`` raise."""
    askers = [
        f"{shown(path)}:{node.lineno}"
        for path in python_files("chalicelib")
        if path.name == "handlers.py" or path.parent.name == "handlers"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and (node.attr == "log" or node.attr.startswith("current_"))
        if isinstance(node.value, ast.Name) and node.value.id == "bp"
    ]
    assert askers == []
