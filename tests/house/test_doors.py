"""Every handler string leads to the very door, and importing a door is cheap."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys

import pytest

from tests.house.sources import ROOMS, ROOT, python_files

DOOR_MODULES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in python_files("chalicelib")
    if path.name == "handlers.py" or (path.parent.name == "handlers" and path.name != "__init__.py")
]

HEAVY = {
    *(
        "arabic_reshaper",
        "aws_xray_sdk",
        "bidi",
        "boto3",
        "botocore",
        "numpy",
        "phonenumbers",
        "pinecone",
        "pypdf",
    ),
    *("reportlab", "slack_sdk", "sqlglot", "stripe", "urllib3"),
}
"""Libraries that are loaded inside the function that needs them; `benchmarks/coldstart.py` measures the rest."""


def handler_strings() -> dict[str, str]:
    """Return {function name: handler string} of every door with its own Lambda."""
    from app import app

    named = {door.name: door.handler_string for door in app.pure_lambda_functions}
    return named | {door.name: door.handler_string for door in app.event_sources}


def test_every_handler_string_is_the_registered_door() -> None:
    from app import app

    for name, handler in handler_strings().items():
        module, _, attribute = handler.rpartition(".")
        found = getattr(importlib.import_module(module), attribute)
        assert found is app.handler_map[name], f"{handler} is not the door registered as {name}"


def test_function_names_are_the_python_names() -> None:
    wrong = {n: h for n, h in handler_strings().items() if h.rpartition(".")[2] != n.replace("-", "_")}
    assert wrong == {}


@pytest.mark.parametrize("module", DOOR_MODULES)
def test_importing_a_door_loads_its_room_alone(module: str) -> None:
    room = module.split(".")[1]
    program = f"import json, sys, {module}; print(json.dumps(sorted(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(json.loads(out.stdout))
    other_rooms = {f"chalicelib.{other}" for other in ROOMS if other != room}
    assert loaded & (other_rooms | HEAVY | {"app"}) == set()


def test_importing_the_api_loads_nothing_heavy() -> None:
    program = "import json, sys, app; print(json.dumps(sorted(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(json.loads(out.stdout)) & HEAVY == set()
