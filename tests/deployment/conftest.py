"""A copy of the project to deploy from, and a moto server to deploy to."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deployment.moto_server import moto_server

HOME = Path(__file__).resolve().parents[2]
SOURCES = ("app.py", "chalicelib", "infrastructure", "statemachines", ".chalice")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with moto_server() as address:
        yield address


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project without its dependencies: the zips are tested with `make package`, not here."""
    folder = tmp_path_factory.mktemp("signalbox")
    for name in SOURCES:
        source = HOME / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "deploy*"))
        else:
            shutil.copy(source, folder / name)
    (folder / "infrastructure" / "stages").mkdir(exist_ok=True)
    (folder / "requirements.txt").write_text("")
    (folder / "dist" / "dev").mkdir(parents=True)
    return folder
