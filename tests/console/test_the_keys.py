"""The keyboard alone reaches everything on every page, sees where it is, and works it.

Behind the desks' tests, whose contracts, incidents, campaigns and reports are on the pages.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.console.driving import Console, expect
from tests.console.test_the_desks import ask_for_a_contract, report_an_emergency

MOST_TABS = 150
LISTS = ["/approvals", "/incidents", "/contracts", "/campaigns", "/reports"]
LAPTOP = ["/laptop", "/laptop/slack", "/laptop/mails", "/laptop/faults"]
LOOK = """
window.atTheTop = () => {
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute('tabindex');
};
window.nameOf = (e) => [e.tagName, e.dataset.key ?? e.dataset.state ?? e.dataset.visit ?? e.getAttribute('href')
  ?? (e.id || e.getAttribute('aria-label') || e.textContent.trim().slice(0, 60))].join(' ');
window.isMarked = (e) => {
  const style = getComputedStyle(e), body = e.querySelector(':scope > .body');
  return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
    || body !== null && parseFloat(getComputedStyle(body).strokeWidth) >= 3;
};
window.pressable = () => [...document.querySelectorAll(
    'a[href], button, input, select, textarea, summary, [tabindex="0"], [role="button"]')]
  .filter((e) => e.checkVisibility({visibilityProperty: true}) && !e.disabled && e.type !== 'radio' || e.checked)
  .map(nameOf);
window.here = () => {
  const e = document.activeElement;
  return e === document.body ? null : {name: nameOf(e), marked: isMarked(e), frame: e.tagName === 'IFRAME'};
};
"""
"""``pressable``: what a mouse can press, by name, in the page's order; of radio buttons the one that Tab leads to.
``here``: where the keyboard is, and whether that can be seen."""


def _walk(page: Any) -> list[dict[str, Any]]:
    """Press Tab from the page's top until it leaves the page; where it has been, each place once."""
    page.evaluate(f"{LOOK}; atTheTop()")
    been: list[dict[str, Any]] = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        place = page.evaluate("here()")
        if place is None or (been and place["name"] == been[0]["name"]):
            return been
        if not been or place["name"] != been[-1]["name"]:  # the parts of a date are stops of one field
            been.append(place)
    raise AssertionError(f"{MOST_TABS} times Tab do not lead through {page.url}")


def _amiss(page: Any) -> list[str]:
    been = _walk(page)
    names = list(dict.fromkeys(place["name"] for place in been))
    wanted = list(dict.fromkeys(page.evaluate("pressable()")))
    found = [f"{page.url}: not reached: {name}" for name in wanted if name not in names]
    found += [f"{page.url}: not to be seen: {p['name']}" for p in been if not p["marked"] and not p["frame"]]
    if not found and [name for name in wanted if name in names] != [name for name in names if name in wanted]:
        found.append(f"{page.url}: in another order than it is read: {names}")
    return found


@pytest.fixture
def addresses(console: Console) -> list[str]:
    """Every page's address, each with something on it."""
    ask_for_a_contract(console, 63)
    incident = report_an_emergency(console, "VEH-60001")
    order = console.start("sample-order", "by-keys-alone")
    console.go("/approvals")
    expect(console.page.get_by_role("article").filter(has_text="63 vehicles")).to_be_visible()
    approval = console.api("GET", "/approvals?state=pending")["approvals"][0]["id"]
    contracts = console.api("GET", "/contracts")["contracts"]
    campaigns = console.api("GET", "/campaigns")["campaigns"]
    reports = console.api("GET", "/reports")["reports"]
    ones = [f"/approvals/{approval}", f"/incidents/{incident}", f"/runs/{order}"]
    ones += [f"/contracts/{one['contract_id']}" for one in contracts[:1]]
    ones += [f"/campaigns/{one['id']}" for one in campaigns[:1]]
    ones += [f"/reports/{one['date']}" for one in reports[:1]]
    return ["/", "/workflows/sample-order", "/runs?workflow=sample-order", *ones, *LISTS, *LAPTOP]


def test_tab_leads_to_everything_that_a_mouse_can_press(console: Console, addresses: list[str]) -> None:
    page = console.page
    found = []
    for address in addresses:
        console.go(address)
        expect(page.get_by_text("Loading…")).to_have_count(0)
        found += _amiss(page)
    assert found == []


def test_the_menu_of_a_narrow_page_opens_and_closes_by_keys(console: Console) -> None:
    page = console.page
    page.set_viewport_size({"width": 390, "height": 900})
    console.go("/runs")
    page.get_by_role("button", name="Menu").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Workflows"
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Workflows")).to_be_hidden()
    assert page.evaluate("document.activeElement.textContent") == "Menu"


def test_the_skip_link_leads_to_the_content(console: Console) -> None:
    page = console.page
    console.go("/runs")
    page.evaluate(f"{LOOK}; atTheTop()")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_dialog_keeps_the_keyboard_and_gives_it_back(console: Console) -> None:
    page = console.page
    ask_for_a_contract(console, 64)
    console.go("/approvals")
    reject = page.get_by_role("article").filter(has_text="64 vehicles").get_by_role("button", name="Reject")
    reject.focus()
    key = page.evaluate("document.activeElement.dataset.key")
    page.keyboard.press("Space")
    inside = set()
    for _ in range(8):
        page.keyboard.press("Tab")
        inside.add(page.evaluate("(document.activeElement.closest('dialog, body')).tagName"))
    assert inside <= {"DIALOG", "BODY"}  # BODY: the browser's own controls, then the dialog again
    assert page.evaluate(
        "document.activeElement === document.body || document.activeElement.closest('dialog') !== null"
    )
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)  # gone, not only hidden: then the page listens again
    assert page.evaluate("document.activeElement.dataset.key") == key
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_role("textbox").fill("too many")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(reject).to_have_count(0)
    assert page.evaluate("document.activeElement.tagName") == "H1"


def test_where_the_keyboard_is_survives_what_is_drawn_anew(console: Console) -> None:
    page = console.page
    run = console.start("sample-waiting", "keys-stay")
    console.go(f"/runs/{run}")
    page.get_by_role("button", name="Wait", exact=True).first.focus()
    name = page.evaluate("document.activeElement.dataset.key")
    page.wait_for_timeout(2_500)  # a run that goes on is drawn anew every second
    assert page.evaluate("document.activeElement.dataset.key") == name
