"""One boot of the whole application, with sample workflows of its own, and one browser before it.

Skipped with a message where Playwright or Chromium is absent. Both are closed behind the folder's last test: an
open cloud, or Playwright's running event loop, would spoil other tests of this process.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from localcloud.project import LocalProject
from tests.console import chromium
from tests.console.samples import run_samples

if TYPE_CHECKING:
    from tests.console.driving import Console

HOME = Path(__file__).resolve().parent.parent.parent
AXE_VERSION = "4.14.1"


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    from tests.console.driving import playwright

    with playwright.sync_playwright() as driver:
        path = chromium.find(driver)
        if path is None:
            pytest.skip("the console's tests need Chromium on the path, or `playwright install chromium`")
        try:
            opened = driver.chromium.launch(executable_path=path, args=chromium.ARGUMENTS)
        except playwright.Error as error:
            pytest.skip(f"{path} does not start here: {error}")
        yield opened
        opened.close()


@pytest.fixture(scope="package")
def project(browser: Any, boot_folder: Callable[[], Path]) -> Iterator[LocalProject]:
    """Boot behind the browser: where there is none, nothing is booted."""
    with LocalProject(HOME, aws_port=0, api_port=0, kept_in=boot_folder()) as opened:
        run_samples(opened)
        yield opened


@pytest.fixture(scope="package")
def profile(browser: Any) -> Iterator[Any]:
    """What tabs share: the browser's cache and local storage."""
    opened = browser.new_context(accept_downloads=True)
    yield opened
    opened.close()


@pytest.fixture
def console(project: LocalProject, profile: Any) -> Iterator[Console]:
    from tests.console.driving import Console

    tab = profile.new_page()
    tab.set_viewport_size({"width": 1280, "height": 900})
    opened = Console(project, tab)
    opened.sign_in()
    yield opened
    tab.evaluate("localStorage.clear()")
    tab.close()
    assert opened.faults == []


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """axe-core as the browser loads it, kept for the next time; it is no part of what ships."""
    kept = HOME / ".localcloud" / f"axe-{AXE_VERSION}.js"
    if not kept.exists():
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip("looking for what keeps people out needs axe-core, and npm to fetch it")
        folder = tmp_path_factory.mktemp("axe")
        try:
            subprocess.run(
                [npm, "pack", f"axe-core@{AXE_VERSION}"],
                cwd=folder, check=True, capture_output=True, timeout=60, env=dict(os.environ),
            )  # fmt: skip
        except (subprocess.SubprocessError, OSError) as error:
            pytest.skip(f"axe-core cannot be fetched: {error}")
        with tarfile.open(next(folder.glob("*.tgz"))) as archive:
            source = archive.extractfile("package/axe.min.js")
            assert source is not None
            kept.parent.mkdir(exist_ok=True)
            kept.write_bytes(source.read())
    return kept.read_text(encoding="utf-8")
