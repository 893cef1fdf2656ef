"""The console in Chromium: its weight, its first paint, and what it asks for while somebody looks at a run.

    python -m benchmarks.console [--starts 5] [--seconds 10]

Each start is a browser profile without a cache. Without Playwright or a Chromium, nothing is measured.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path
from typing import Any

from localcloud.project import LocalProject
from tests.console import chromium

_HOME = Path(__file__).resolve().parent.parent
_MOST_BYTES, _LATEST_PAINT_MS, _MOST_REQUESTS = 300_000, 1_000, 1.0
_WAIT = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 86_400, "End": True}}}
_LOADED = """() => {
  const files = performance.getEntriesByType("resource").filter((one) => one.name.includes("/console"));
  const page = performance.getEntriesByType("navigation")[0];
  return {
    files: files.length + 1,
    bytes: files.reduce((sum, one) => sum + one.transferSize, page.transferSize),
    paint: performance.getEntriesByName("first-contentful-paint")[0].startTime,
  };
}"""


def main() -> int:
    """Measure and print; 1 when a bar was missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.console", description=__doc__.split("\n")[0])
    parser.add_argument("--starts", type=int, default=5, help="of a browser profile (default 5)")
    parser.add_argument("--seconds", type=int, default=10, help="that a run is looked at (default 10)")
    chosen = parser.parse_args()
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        print("not measured: Playwright is not installed")
        return 0
    with sync_playwright() as driver:
        path = chromium.find(driver)
        if path is None:
            print("not measured: there is no Chromium here")
            return 0
        browser = driver.chromium.launch(executable_path=path, args=chromium.ARGUMENTS)
        with (
            tempfile.TemporaryDirectory() as folder,
            LocalProject(_HOME, kept_in=Path(folder), aws_port=0, api_port=0) as project,
        ):
            ok = _measure(browser, project, chosen.starts, chosen.seconds)
        browser.close()
    return 0 if ok else 1


def _measure(browser: Any, project: LocalProject, starts: int, seconds: int) -> bool:
    loads = [_load(browser, project) for _ in range(starts)]
    weight, paint = loads[0]["bytes"], statistics.median(one["paint"] for one in loads)
    requests = _requests_a_second(browser, project, seconds)
    print(f"weight       {weight / 1000:8.1f} kB compressed, headers included, {loads[0]['files']} files, of 300")
    print(f"first paint  {paint:8.0f} ms, median of {starts}, of 1,000")
    print(f"requests     {requests:8.2f} a second while a run is looked at, of 1")
    return weight < _MOST_BYTES and paint < _LATEST_PAINT_MS and requests <= _MOST_REQUESTS


def _load(browser: Any, project: LocalProject) -> dict[str, float]:
    profile = browser.new_context()
    page = profile.new_page()
    page.goto(f"{project.api_url}/console#token={project.token}")
    page.get_by_role("heading", level=1).wait_for()
    told: dict[str, float] = page.evaluate(_LOADED)
    profile.close()
    return told


def _requests_a_second(browser: Any, project: LocalProject, seconds: int) -> float:
    """Return it for a run that waits, from a second after the page was shown."""
    engine = project.cloud.engine
    engine.start_execution(engine.create_state_machine("waiting", _WAIT, role_arn="").arn, "{}", "watched")
    profile = browser.new_context()
    page = profile.new_page()
    page.goto(f"{project.api_url}/console#token={project.token}")
    page.goto(f"{project.api_url}/console#/runs/waiting:watched")
    page.locator(".graph .node.running").wait_for()
    page.wait_for_timeout(1_000)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(seconds * 1_000)
    profile.close()
    return len(asked) / seconds


if __name__ == "__main__":
    raise SystemExit(main())
