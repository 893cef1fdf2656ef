"""What exists is documented, and what is documented exists."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator

from tests.house.sources import ROOMS, ROOT, python_files

SETTING_READERS = {"setting", "optional_setting", "whole_number", "text_model", "embedding_model"}
ROUTE = re.compile(r"`(GET|POST|PUT|PATCH|DELETE) (/[^`\s?]*)")
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def docs() -> str:
    return "\n".join(path.read_text() for path in DOCS if path.exists())


def settings_read() -> set[str]:
    """Return every environment key that the code asks ``core.config`` for."""
    return {
        str(node.args[0].value)
        for path in python_files("chalicelib")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)
        if _called(node) in SETTING_READERS
    }


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def routes() -> Iterator[str]:
    from app import app

    for path, methods in app.routes.items():
        for method in methods:
            yield f"{method} {path}"


def test_every_setting_is_in_the_table_of_settings() -> None:
    table = (ROOT / "docs" / "configuration.md").read_text()
    documented = set(re.findall(r"^\| `([A-Z_]+)`", table, re.MULTILINE))
    assert documented == settings_read()


def test_every_route_is_documented_and_every_documented_route_exists() -> None:
    documented = {f"{method} {path}" for method, path in ROUTE.findall((ROOT / "docs" / "api.md").read_text())}
    assert documented == set(routes())


def test_every_make_target_is_documented_and_every_documented_one_exists() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = set(re.findall(r"`make ([a-z-]+)", docs()))
    assert named - targets == set()
    assert targets - named == set()


def test_every_room_is_in_the_readmes_table() -> None:
    readme = (ROOT / "README.md").read_text()
    assert [room for room in [*ROOMS, "core"] if f"chalicelib/{room}/" not in readme] == []


def test_files_that_the_docs_name_exist() -> None:
    named = set(
        re.findall(
            r"`((?:chalicelib|localcloud|infrastructure|benchmarks|statemachines|docs|tests)/[^`\s*<]*)`", docs()
        )
    )
    assert sorted(path for path in named if not (ROOT / path.split(":")[0]).exists()) == []


def test_the_settings_of_all_rooms_fit_into_one_function() -> None:
    """The API's function has every room's settings, and Lambda takes 4 KB of environment."""
    config = json.loads((ROOT / ".chalice" / "config.json").read_text())
    settings = config["stages"]["local"]["environment_variables"]
    assert sum(len(key) + len(value) for key, value in settings.items()) < 4096
