"""The whole application, booted from the working tree, once for each module that asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from localcloud.project import LocalProject
from localcloud.stepfunctions import RealTimeline

HOME = Path(__file__).resolve().parent.parent.parent
MARCH_2026 = 1_772_445_600.0
"""2026-03-02 10:00 UTC, a Monday."""


@pytest.fixture(scope="module")
def project(boot_folder: Callable[[], Path]) -> Iterator[LocalProject]:
    clock = RealTimeline(start=MARCH_2026)
    with LocalProject(HOME, aws_port=0, api_port=0, timeline=clock, kept_in=boot_folder()) as opened:
        yield opened
