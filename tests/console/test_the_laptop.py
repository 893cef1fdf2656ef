"""What only a laptop has: its clock, its Slack, its mails, its faults. And nobody is kept out of any desk's page.

Named to come last: these tests move the clock that the other tests' runs share.
"""

from __future__ import annotations

import pytest

from tests.console.driving import Console, expect
from tests.console.test_the_desks import ask_for_a_contract, report_an_emergency


def test_a_day_is_skipped_and_what_nobody_decided_expires(console: Console) -> None:
    page = console.page
    ask_for_a_contract(console, 61)
    console.go("/approvals")
    expect(page.get_by_role("article").filter(has_text="61 vehicles")).to_be_visible()
    console.go("/laptop")
    before = console.project.timeline.now()
    page.get_by_role("button", name="Skip 24 hours").click()
    expect(page.locator("#announcements")).to_contain_text("Skip 24 hours")
    assert 86_400 <= console.project.timeline.now() - before < 2 * 86_400
    console.go("/approvals?state=expired")
    expect(page.get_by_role("article").filter(has_text="61 vehicles")).to_contain_text("Nobody decided")
    console.go("/laptop")
    page.get_by_label("10 times as fast").check()
    expect(page.get_by_label("10 times as fast")).to_be_checked()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_label("As it is").check()
    assert console.api("GET", "/_localcloud/clock")["speed"] == 1


def test_a_button_of_slack_changes_its_message(console: Console) -> None:
    page = console.page
    ask_for_a_contract(console, 62)
    console.go("/laptop/slack")
    message = page.locator("li.message").filter(has_text="62 vehicles")
    message.get_by_role("button", name="Reject").click()
    page.get_by_role("dialog").get_by_role("textbox").fill("too many for one depot")
    page.get_by_role("dialog").get_by_role("button", name="Reject").click()
    expect(message.first).to_contain_text("Reason: too many for one depot")
    expect(message.get_by_role("button")).to_have_count(0)


def test_who_types_a_command_is_answered_by_their_rights(console: Console) -> None:
    page = console.page
    console.go("/laptop/slack")
    page.get_by_label("Type a command").fill("workflow list")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("begins with a slash")
    page.get_by_label("Type a command").fill("/workflow list")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("li.message").filter(has_text="campaign-execution").first).to_contain_text("alone")
    page.get_by_label("You are").select_option("guest")
    page.get_by_label("Type a command").fill("/contract list")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Type a command")).to_have_value("")


def test_a_planned_fault_happens_once_and_leads_to_its_run(console: Console) -> None:
    page = console.page
    console.go("/laptop/faults")
    page.get_by_label("Workflow").select_option("emergency-workflow")
    page.get_by_label("Step").select_option("RecordIncident")
    page.get_by_label("Its next attempt").select_option("throttled")
    page.get_by_role("button", name="Plan it").click()
    expect(page.locator("main")).to_contain_text("Record incident of emergency workflow")
    report_an_emergency(console, "VEH-50002")
    expect(page.get_by_role("heading", name="Has happened")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Nothing is planned")
    page.get_by_role("link", name="Open its run").click()
    expect(page.locator(".crumbs")).to_contain_text("Emergency workflow")
    expect(page.locator(".graph .node[data-state=RecordIncident].succeeded")).to_be_visible()


def test_mails_are_kept_and_opened(console: Console) -> None:
    page = console.page
    report_an_emergency(console, "VEH-50003")
    console.go("/laptop/mails")
    mail = page.locator("details").filter(has_text="VEH-50003").first
    mail.locator("summary").click()
    expect(mail.locator("pre")).to_contain_text("VEH-50003")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (390, "light")])
def test_nobody_is_kept_out_of_the_desks(console: Console, axe: str, scheme: str, width: int) -> None:
    page = console.page
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 900})
    approvals = console.api("GET", "/approvals?state=decided")["approvals"] or [{"id": "0" * 32}]
    incident = report_an_emergency(console, "VEH-50004")
    pages = [
        *("/approvals", f"/approvals/{approvals[0]['id']}", "/incidents", f"/incidents/{incident}", "/contracts"),
        *(
            "/campaigns",
            "/reports",
            "/reports/2026-01-20",
            "/laptop",
            "/laptop/slack",
            "/laptop/mails",
            "/laptop/faults",
        ),
    ]
    found = []
    for address in pages:
        console.go(address)
        expect(page.get_by_text("Loading…")).to_have_count(0)
        found += console.kept_out(axe)
    assert found == []
