"""Where a Chromium is."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

ARGUMENTS = ["--no-sandbox"]
"""Containers run as root, which Chromium's sandbox refuses; it opens nothing but this project's pages."""
_NAMES = ("chromium", "chromium-browser", "google-chrome")


def find(driver: Any) -> str | None:
    """Return the path of this machine's Chromium, else of the one that Playwright has fetched, else None."""
    own = driver.chromium.executable_path
    return next(filter(None, map(shutil.which, _NAMES)), own if Path(own).exists() else None)
