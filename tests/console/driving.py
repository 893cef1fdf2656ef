"""A signed-in tab of the console and the API beside it. Without Playwright, importing it skips the tests."""

from __future__ import annotations

import json
from typing import Any

import pytest

from localcloud.demos.http_calls import call_json
from localcloud.project import LocalProject

playwright = pytest.importorskip("playwright.sync_api", reason="the console's tests need Playwright (pip install)")

PATIENCE_MS = 60_000
"""A page that waits for this long is broken, however busy the machine is."""
_SERIOUS = ("serious", "critical")


def expect(actual: Any) -> Any:
    """Return Playwright's expectation of a locator or page, with this folder's patience."""
    playwright.expect.set_options(timeout=PATIENCE_MS)
    return playwright.expect(actual)


class Console:
    """A signed-in tab, and what went wrong in it."""

    def __init__(self, project: LocalProject, page: Any) -> None:
        self.project, self.page = project, page
        self.faults: list[str] = []
        """Errors of its scripts, and what the page's policy refused."""
        self.asked: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda line: self.faults.append(line.text) if "Policy" in line.text else None)
        page.on("request", lambda request: self.asked.append(request.url))

    def sign_in(self) -> None:
        self.page.goto(f"{self.project.api_url}/console#token={self.project.token}")
        self.page.get_by_role("heading", level=1).wait_for()

    def go(self, address: str) -> None:
        """Open a page by its address behind the #."""
        self.page.goto(f"{self.project.api_url}/console#{address}")
        self.page.get_by_role("heading", level=1).first.wait_for()

    def start(self, workflow: str, name: str, **run_input: Any) -> str:
        """Start a run beside the console; its id."""
        arn = self.project.cloud.machine_arn(workflow)
        self.project.cloud.engine.start_execution(arn, json.dumps(run_input), name)
        return f"{workflow}:{name}"

    def api(self, method: str, path: str, body: Any = None, *, token: str = "") -> Any:
        """Ask the API as the person at the laptop, or as the holder of ``token``."""
        headers = {"Authorization": f"Bearer {token or self.project.token}"}
        return call_json(method, self.project.api_url + path, body, headers)

    def kept_out(self, axe: str) -> list[str]:
        """Return what keeps people out of the open page: what axe calls serious, and what is wider than it."""
        page = self.page
        if page.evaluate("typeof axe") == "undefined":
            page.evaluate(axe)
        told = page.evaluate("axe.run(document, {resultTypes: ['violations'], iframes: false})")
        found = [
            f"{page.url}: {one['id']}: {one['nodes'][0]['html'][:150]}"
            for one in told["violations"]
            if one["impact"] in _SERIOUS
        ]
        too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        return [*found, f"{page.url}: {too_wide} px too wide"] if too_wide > 0 else found
