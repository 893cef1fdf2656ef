"""People look at runs: one that turns green, one that failed, long ones, many; and do something about them."""

from __future__ import annotations

import itertools
import re
import time
from pathlib import Path

from localcloud.stepfunctions.faults import Faults
from tests.console.driving import Console, expect
from tests.console.samples import HOSTILE, ITEMS, RUNS, SLOW_SECONDS


def test_a_run_is_started_and_turns_green_before_ones_eyes(console: Console) -> None:
    page = console.page
    console.go("/workflows/sample-slow-order")
    page.get_by_role("button", name="Start a run").click()
    page.get_by_label("Input (JSON)").fill('{"number": 7}')
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator(".run-line .chip")).to_have_text("Running")
    expect(page.locator(".graph .node.running").first).to_be_visible()
    console.api("POST", "/_localcloud/clock", {"skip_seconds": SLOW_SECONDS})
    expect(page.locator(".run-line .chip")).to_have_text("Succeeded")
    expect(page.locator(".graph .node.succeeded")).to_have_count(6)
    assert page.locator(".graph .node[data-state=Refuse]").get_attribute("aria-label") == "Refuse: not reached"
    assert page.locator(".bars .bar").count() == 6


def test_the_data_flow_shows_what_a_state_has_added(console: Console) -> None:
    page = console.page
    console.start("sample-order", "data-flow", number=7)
    console.go("/runs/sample-order:data-flow")
    page.locator(".graph .node[data-state=ReadOrder]").click()
    output = page.locator(".stage", has=page.get_by_role("heading", name="Output"))
    expect(output).to_contain_text("1 added")
    expect(output.locator(".line.added").first).to_contain_text('"order"')


def test_a_failed_run_tells_its_error_and_the_functions_log(console: Console) -> None:
    page = console.page
    console.start("sample-broken", "failed-once")
    console.go("/runs/sample-broken:failed-once")
    expect(page.locator(".run-error")).to_contain_text("It failed at “Check ticket”")
    expect(page.locator(".run-error")).to_contain_text("TicketInputError")
    expect(page.locator(".step .chip")).to_have_text("Failed")
    expect(page.locator(".log li.error").first).to_contain_text("failed")
    expect(page.locator(".log li.frame").first).to_contain_text("START RequestId")


def test_a_failed_run_is_redriven_for_a_reason(console: Console) -> None:
    page = console.page
    faults: Faults = console.project.faults
    faults.on(machine="sample-broken", state="CheckTicket").raises("OutOfOrder", times=1)
    console.start("sample-broken", "redriven")
    console.go("/runs/sample-broken:redriven")
    expect(page.locator(".run-line .chip")).to_have_text("Failed")
    page.get_by_role("button", name="Redrive").click()
    page.get_by_role("button", name="Redrive", exact=True).last.click()
    expect(page.get_by_role("alert")).to_have_text("Say why, in three letters or more.")
    page.get_by_label("Reason").fill("the machine is mended")
    page.get_by_role("button", name="Redrive", exact=True).last.click()
    expect(page.locator(".run-line")).to_contain_text("redriven once")
    expect(page.locator(".run-error")).to_contain_text("TicketInputError")


def test_a_running_run_is_stopped_for_a_reason(console: Console) -> None:
    page = console.page
    console.start("sample-waiting", "stopped")
    console.go("/runs/sample-waiting:stopped")
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_label("Reason").fill("wrong list")
    page.get_by_role("button", name="Stop the run").click()
    expect(page.locator(".run-line .chip")).to_have_text("Stopped")
    expect(page.locator(".run-error")).to_contain_text("wrong list")


def test_a_run_begins_at_a_state_with_other_input(console: Console) -> None:
    page = console.page
    console.start("sample-order", "from-here")
    console.go("/runs/sample-order:from-here")
    page.locator(".graph .node[data-state=ReadOrder]").click()
    expect(page.locator(".graph .node[data-state=IsPaid].succeeded")).to_be_visible()
    page.locator(".graph .node[data-state=IsPaid]").click()
    expect(page.locator("#step-title")).to_have_text("Is paid")
    page.get_by_role("button", name="Run from here").click()
    page.get_by_label("Input (JSON)").fill('{"order": {"paid": false}}')
    page.get_by_role("button", name="Run from here", exact=True).last.click()
    expect(page.locator(".run-error")).to_contain_text("NotPaid")
    expect(page.locator(".steps li")).to_have_count(2)


def test_a_run_is_kept_as_a_test(console: Console, tmp_path: Path) -> None:
    page = console.page
    console.start("sample-many", "kept")
    console.go("/runs/sample-many:kept")
    saved = []
    page.on("download", lambda download: saved.append(download))
    page.get_by_role("button", name="Save as test").click()
    deadline = time.monotonic() + 30
    while len(saved) < 2 and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    names = sorted(download.suggested_filename for download in saved)
    assert names == ["MockConfigFile_sample_many_kept.json", "test_sample_many_kept.py"]


def test_what_a_run_says_stays_text(console: Console) -> None:
    page = console.page
    run = console.start("sample-hostile", "hostile", said=HOSTILE, constructor={"name": HOSTILE})
    for address in ("/workflows/sample-hostile", f"/runs/{run}"):
        console.go(address)
        expect(page.locator("main")).to_contain_text(HOSTILE[:60])
    expect(page.locator(".run-error .said")).to_contain_text(HOSTILE)
    page.locator(".graph .node[data-state=Say]").click()
    expect(page.locator(".stage", has=page.get_by_role("heading", name="Output"))).to_contain_text("2 added")
    assert page.locator("main img, main script").count() == 0
    assert page.evaluate("window.hacked") is None


def test_a_thousand_runs_are_listed(console: Console) -> None:
    page = console.page
    console.go("/runs?workflow=sample-many")
    more = page.get_by_role("button", name="Show more")
    for shown in range(200, RUNS + 1, 100):
        more.click()
        expect(page.locator("table.runs tbody tr")).to_have_count(shown)
    expect(page.locator("tr[data-run='sample-many:run-0000']")).to_have_count(1 if more.is_hidden() else 0)
    page.get_by_label("Status").select_option("FAILED")
    expect(page.get_by_text("None fits what is chosen above.")).to_be_visible()


def test_a_run_of_5000_events_is_shown(console: Console) -> None:
    page = console.page
    events = len(console.project.cloud.engine.execution(_arn(console, "sample-long:long")).history)
    assert events > 5_000
    console.go("/runs/sample-long:long")
    expect(page.locator(".run-line")).to_contain_text(f"{ITEMS + 1:,} steps")
    expect(page.locator(".graph .node[data-state=Take] .badge")).to_have_text(f"×{ITEMS}")
    page.get_by_role("button", name=re.compile("Show earlier steps")).click()
    page.locator(".step-row").first.click()
    expect(page.locator("#step-title")).not_to_have_text("A state in detail")
    assert page.locator(".bars .bar").count() < 600


def test_what_is_looked_at_is_asked_for_at_most_once_a_second(console: Console) -> None:
    console.start("sample-waiting", "watched")
    console.go("/runs/sample-waiting:watched")
    for _ in range(3):
        with console.page.expect_request("**/states?*"):
            pass
    # By the browser's own clock, between which no timer is early, however late all of them are.
    asked = "performance.getEntriesByType('resource').filter((one) => one.name.includes('/states?'))"
    times = console.page.evaluate(f"{asked}.map((one) => one.startTime)")
    assert min(later - sooner for sooner, later in itertools.pairwise(times)) >= 990


def _arn(console: Console, run_id: str) -> str:
    return console.project.cloud.machine_arn("x").replace(":stateMachine:x", f":execution:{run_id}")
