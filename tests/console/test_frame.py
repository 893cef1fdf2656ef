"""Signing in, what is empty or wrong, light and dark, keys alone, weight."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

from chalicelib.workflows.adapters.console_files import HOME as FILES
from localcloud.project import LocalProject
from tests.console.driving import Console, expect

PAGES = ["/", "/runs", "/workflows/sample-order", "/workflows/emergency-workflow"]
RUNS = {"sample-order": "ReadOrder", "sample-hostile": "Say"}
"""Workflow -> a state to look into."""


def test_a_wrong_token_is_said_to_be_wrong(project: LocalProject, browser: Any) -> None:
    page = browser.new_context().new_page()
    page.goto(f"{project.api_url}/console")
    page.get_by_label("Access token").fill("sbx_" + "x" * 43)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("does not open the door: this token is not known here")
    page.get_by_label("Access token").fill(project.token)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Workflows")
    page.context.close()


def test_a_token_that_is_refused_later_brings_the_sign_in_back(console: Console) -> None:
    console.page.evaluate("sessionStorage.setItem('signalbox.token', 'sbx_' + 'y'.repeat(43))")
    console.go("/runs")
    expect(console.page.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(console.page.get_by_role("alert")).to_contain_text("not known")
    assert console.project.token not in console.page.url


def test_what_is_empty_says_so(console: Console) -> None:
    page = console.page
    console.go("/")
    expect(page.get_by_role("article", name="Sample quiet")).to_contain_text("It has not run yet.")
    console.go("/runs?workflow=sample-quiet")
    expect(page.get_by_text("No run to show")).to_be_visible()
    console.go("/runs/sample-quiet:never")
    expect(page.get_by_role("heading", level=1)).to_have_text("No such run")
    console.go("/nowhere")
    expect(page.get_by_role("heading", level=1)).to_have_text("No such page")


def test_a_lost_connection_is_said_and_mended(console: Console) -> None:
    page = console.page
    page.route("**/executions?*", lambda route: route.abort())
    console.go("/runs")
    expect(page.locator("#connection")).to_contain_text("cannot be reached")
    page.unroute("**/executions?*")
    expect(page.locator("table.runs tbody tr").first).to_be_visible()
    expect(page.locator("#connection")).to_be_hidden()


def test_keys_alone_lead_to_a_state_and_back(console: Console) -> None:
    page = console.page
    console.start("sample-order", "by-keys")
    console.go("/runs/sample-order:by-keys")
    page.locator(".graph .node").first.wait_for()
    page.keyboard.press("Tab")
    _tab_to(page, "document.activeElement.dataset.state === 'ReadOrder'")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.dataset.state") == "Prepare"
    page.keyboard.press("Enter")
    expect(page.locator("#step-title")).to_have_text("Prepare")
    page.locator(".brand").focus()
    _tab_to(page, "document.activeElement.classList.contains('step-row')")
    page.keyboard.press("Enter")
    expect(page.locator("#step-title")).to_have_text("Read order")
    _tab_to(page, "document.activeElement.textContent === 'Start one like this'", backwards=True)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    assert page.evaluate("document.activeElement.textContent") == "Start one like this"


def test_the_keyboard_stays_where_it_was_when_a_run_ends(console: Console) -> None:
    page = console.page
    console.start("sample-order", "ends-meanwhile")
    console.go("/runs/sample-order:ends-meanwhile")
    page.get_by_role("button", name="Start one like this").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.locator(".run-line .chip")).to_have_text("Succeeded")
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    assert page.evaluate("document.activeElement.textContent") == "Start one like this"


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_nobody_is_kept_out(console: Console, axe: str, scheme: str, width: int) -> None:
    page = console.page
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 900})
    found = []
    for address in PAGES:
        console.go(address)
        page.locator("[aria-busy]").first.wait_for(state="detached")
        found += console.kept_out(axe)
    for workflow, state in RUNS.items():
        console.go(f"/runs/{console.start(workflow, f'looked-at-{width}')}")
        page.locator(f".graph .node[data-state={state}].succeeded").click()
        expect(page.locator(".step .stage").first).to_be_visible()
        found += console.kept_out(axe)
    assert found == []


def test_light_and_dark_are_switched_and_kept(console: Console) -> None:
    page = console.page
    before = page.evaluate("getComputedStyle(document.body).color")
    page.get_by_role("button", name="Dark colours").click()
    assert page.evaluate("getComputedStyle(document.body).color") != before
    page.reload()
    expect(page.get_by_role("button", name="Light colours")).to_be_visible()


def test_it_weighs_little() -> None:
    files = [path for path in FILES.rglob("*") if path.is_file()]
    assert sum(len(gzip.compress(path.read_bytes())) for path in files) < 300_000


def _tab_to(page: Any, condition: str, *, backwards: bool = False) -> None:
    for _ in range(80):
        if page.evaluate(condition):
            return
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
    raise AssertionError(f"80 times Tab do not lead to where {condition}")
