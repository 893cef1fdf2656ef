"""The whole application, booted from the working tree, once for each module that asks for it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from localcloud.project import LocalProject
from localcloud.stepfunctions import RealTimeline

HOME = Path(__file__).resolve().parent.parent.parent
SOURCES = ("app.py", "chalicelib", "infrastructure", "statemachines", ".chalice")
MARCH_2026 = 1_772_445_600.0
"""2026-03-02 10:00 UTC, a Monday."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalProject]:
    folder = copy_of_the_project(tmp_path_factory.mktemp("signalbox"))
    with LocalProject(folder, aws_port=0, api_port=0, timeline=RealTimeline(start=MARCH_2026)) as opened:
        yield opened


def copy_of_the_project(folder: Path) -> Path:
    """Return ``folder`` with what a boot reads. The modules that run are the working tree's."""
    for name in SOURCES:
        source = HOME / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "deployments"))
        else:
            shutil.copy(source, folder / name)
    return folder
