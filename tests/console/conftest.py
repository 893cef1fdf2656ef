"""The whole application with sample workflows of its own, and a browser before it.

Skipped with a message where Playwright or Chromium is absent.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from localcloud.project import LocalProject

playwright = pytest.importorskip("playwright.sync_api", reason="the console's tests need Playwright")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
HOME = Path(__file__).resolve().parent.parent.parent
AXE_VERSION = "4.14.1"
PATIENCE_MS = 30_000
INVOKE = "arn:aws:states:::lambda:invoke"
ITEMS = 1_300
"""Each makes four events: more than 5,000."""
RUNS = 1_000


def samples(validate_input: str) -> dict[str, dict[str, Any]]:
    """Return small workflows by name; ``validate_input`` is a function that refuses an empty ticket."""
    passes: dict[str, Any] = {"Type": "Pass", "End": True}
    left = {"StartAt": "CountStock", "States": {"CountStock": {"Type": "Wait", "Seconds": 2, "End": True}}}
    right = {"StartAt": "AskPrice", "States": {"AskPrice": passes}}
    check = {
        "Type": "Task",
        "Resource": INVOKE,
        "Parameters": {
            "FunctionName": validate_input,
            "Payload": {"input": {}, "executionArn.$": "$$.Execution.Id"},
        },
    }
    each = {"StartAt": "Take", "States": {"Take": passes}}
    return {
        "sample-order": {
            "Comment": "Takes an order.",
            "StartAt": "ReadOrder",
            "States": {
                "ReadOrder": {
                    "Type": "Pass",
                    "Result": {"paid": True},
                    "ResultPath": "$.order",
                    "Next": "Prepare",
                },
                "Prepare": {"Type": "Parallel", "Branches": [left, right], "ResultPath": None, "Next": "IsPaid"},
                "IsPaid": {
                    "Type": "Choice",
                    "Choices": [{"Variable": "$.order.paid", "BooleanEquals": True, "Next": "Ship"}],
                    "Default": "Refuse",
                },
                "Ship": passes,
                "Refuse": {"Type": "Fail", "Error": "NotPaid"},
            },
        },
        "sample-broken": {"StartAt": "CheckTicket", "States": {"CheckTicket": {**check, "End": True}}},
        "sample-many": {"StartAt": "Nothing", "States": {"Nothing": passes}},
        "sample-long": {
            "StartAt": "EachItem",
            "States": {"EachItem": {"Type": "Map", "ItemsPath": "$.items", "ItemProcessor": each, "End": True}},
        },
        "sample-quiet": {"StartAt": "Nothing", "States": {"Nothing": passes}},
        "sample-waiting": {
            "StartAt": "Wait",
            "States": {"Wait": {"Type": "Wait", "Seconds": 86_400, "End": True}},
        },
    }


@pytest.fixture(scope="session")
def project(boot_folder: Callable[[], Path]) -> Iterator[LocalProject]:
    if CHROMIUM is None:
        pytest.skip("the console's tests need Chromium")
    with LocalProject(HOME, aws_port=0, api_port=0, kept_in=boot_folder()) as opened:
        engine = opened.cloud.engine
        function = next(one.arn for one in opened.cloud.functions if one.logical_id == "ValidateInput")
        arns = {
            name: engine.create_state_machine(name, definition, role_arn="").arn
            for name, definition in samples(function).items()
        }
        for number in range(RUNS):
            engine.start_execution(arns["sample-many"], "{}", f"run-{number:04}")
        engine.start_execution(arns["sample-long"], json.dumps({"items": list(range(ITEMS))}), "long")
        yield opened


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


class Console:
    """A signed-in tab, and what went wrong in it."""

    def __init__(self, project: LocalProject, page: Any) -> None:
        self.project, self.page = project, page
        self.faults: list[str] = []
        self.asked: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
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


@pytest.fixture
def console(project: LocalProject, browser: Any) -> Iterator[Console]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    opened = Console(project, context.new_page())
    opened.sign_in()
    yield opened
    context.close()
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
