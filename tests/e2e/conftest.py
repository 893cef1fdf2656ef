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
    folder = tmp_path_factory.mktemp("signalbox")
    for name in SOURCES:
        source = HOME / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "deployments"))
        else:
            shutil.copy(source, folder / name)
    # The modules are the working tree's: only the template and what a run leaves behind are the copy's.
    with LocalProject(folder, aws_port=0, api_port=0, timeline=RealTimeline(start=MARCH_2026)) as opened:
        yield opened
