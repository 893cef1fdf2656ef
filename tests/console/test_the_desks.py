"""What operations people do: decide, take charge, follow a campaign, read a report.

Named to come last: these tests move the clock that the other tests' runs share.
"""

from __future__ import annotations

import contextlib
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.core.access import Grant, Principal, new_token
from chalicelib.core.access.store import item_of
from localcloud.access import TABLE
from localcloud.demos.http_calls import ApiCallError, call
from tests.console.driving import Console, expect

EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
CONTRACT = {
    "customer_id": "CUST-1",
    "created_at": "2026-03-02T10:00:00Z",
    "vehicles_activated": 1,
    "number_of_vehicles": 2,
    "amount": "1.00 COP",
    "status": "active",
}
EMPTIED = re.compile(r"/(approvals|incidents|reports)(\?[^#]*)?$")
"""Lists that other tests may have filled."""
NOTHING = {
    "/approvals?state=expired": "No question was left unanswered",
    "/incidents?drills=true": "There was no drill yet",
    "/reports": "There is no report yet",
    "/laptop/faults": "Nothing is planned",
    "/contracts/CONT-2020-001": "There is no such contract",
}


def sales(console: Console) -> str:
    """Return the token of somebody else: nobody approves what they have sent in themselves."""
    token, now = new_token(), datetime.fromtimestamp(console.project.timeline.now(), UTC)
    grant = Grant(Principal("sales@example.com", frozenset({"run"})), now + timedelta(days=1))
    console.project.cloud.client("dynamodb").put_item(TableName=TABLE, Item=item_of(token, grant, now))
    return token


def skip(console: Console, seconds: int) -> None:
    console.api("POST", "/_localcloud/clock", {"skip_seconds": seconds})


def ask_for_a_contract(console: Console, vehicles: int) -> str:
    """Ask for one that a person has to approve; return its request's id."""
    wanted = {
        "customer_id": "CUST-98765",
        "number_of_vehicles": vehicles,
        "contract_type": "standard",
        "estimated_value": vehicles * 200_000,
        "requested_by": "sales@example.com",
    }
    return str(console.api("POST", "/contracts", wanted, token=sales(console))["request_id"])


def report_an_emergency(console: Console, vehicle: str) -> str:
    report = {
        "vehicleId": vehicle,
        "type": "panic_button",
        "severity": "critical",
        "eventTimestamp": round(console.project.timeline.now() * 1000),
        "location": {"lat": 4.6097, "lon": -74.0817},
        "metadata": {"note": "<img src=x onerror=alert(1)>"},
    }
    return str(console.api("POST", "/incidents", report)["incidentId"])


def wait_for_upload(console: Console, upload_id: str) -> None:
    for _ in range(600):
        with contextlib.suppress(ApiCallError):  # 404 until it has arrived
            if console.api("GET", f"/uploads/{upload_id}")["result"]:
                return
        console.page.wait_for_timeout(100)
    raise AssertionError(f"upload {upload_id} is not processed")


def _emptied(route: Any) -> None:
    """Answer as the API does, without what is in the lists."""
    answer = route.fetch()
    told = {key: [] if isinstance(value, list) else value for key, value in answer.json().items()}
    route.fulfill(response=answer, json=told | {"next": None})


def test_a_page_without_anything_says_what_that_means(console: Console) -> None:
    console.page.route(EMPTIED, _emptied)
    for address, words in NOTHING.items():
        console.go(address)
        expect(console.page.locator("main")).to_contain_text(words)


def test_a_contract_is_approved_with_a_reason_and_becomes_active(console: Console) -> None:
    page = console.page
    request = ask_for_a_contract(console, 75)
    console.go("/approvals")
    question = page.get_by_role("article").filter(has_text="75 vehicles")
    expect(question).to_contain_text("Time ends in 23 h")
    question.get_by_role("button", name="Reject").click()
    page.get_by_role("dialog").get_by_role("button", name="Reject").click()
    expect(page.get_by_role("alert")).to_contain_text("Please write something")
    page.keyboard.press("Escape")
    question.get_by_role("button", name="Approve").click()
    page.get_by_label("Reason").fill("known customer")
    page.get_by_role("dialog").get_by_role("button", name="Approve").click()
    expect(question).to_have_count(0)
    page.get_by_role("link", name="Decided", exact=True).click()
    page.get_by_role("link", name="75 vehicles").click()
    expect(page.locator(".trail")).to_contain_text("known customer")
    console.go(f"/contracts/{request}")
    expect(page.locator(".page-head .chip")).to_have_text("Active")
    console.go("/contracts")
    expect(page.get_by_role("row").filter(has_text="75 of 75")).to_contain_text("CUST-98765")


def test_a_list_goes_on_where_it_is_asked_to(console: Console) -> None:
    page = console.page
    pages = {
        f"CONT-{number}": {
            "contracts": [{**CONTRACT, "contract_id": f"CONT-{number}"}],
            "next": "there" if number == 1 else None,
        }
        for number in (1, 2)
    }
    page.route("**/contracts", lambda route: route.fulfill(json=pages["CONT-1"]))
    page.route("**/contracts?after=there", lambda route: route.fulfill(json=pages["CONT-2"]))
    console.go("/contracts")
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("button", name="Show more").click()
    expect(page.get_by_role("row")).to_have_count(3)
    expect(page.get_by_role("button", name="Show more")).to_have_count(0)


def test_an_emergency_is_taken_charge_of_and_its_record_is_checked(console: Console) -> None:
    page = console.page
    report_an_emergency(console, "VEH-40001")
    console.go("/incidents")
    row = page.get_by_role("row").filter(has_text="VEH-40001")
    expect(row).to_contain_text("Nobody has taken charge")
    row.get_by_role("button", name="Take charge").click()
    page.get_by_label("Your name or address").fill("ana@example.com")
    page.get_by_role("dialog").get_by_role("button", name="Take charge").click()
    expect(row).to_contain_text("In good hands")
    row.get_by_role("link", name="VEH-40001").click()
    expect(page.locator("main")).to_contain_text("ana@example.com took charge")
    expect(page.locator("main")).to_contain_text("Checked: nothing was changed")
    expect(page.locator("main")).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator("main img").count() == 0


def test_a_campaign_is_followed_to_its_end(console: Console) -> None:
    page = console.page
    draft = {
        "name": "Autumn check-up",
        "callerId": "+14155550100",
        "zone": "UTC",
        "windows": [{"days": EVERY_DAY, "start": "00:00", "end": "23:59"}],
        "callsPerSecond": 1,
        "maxConcurrentCalls": 1,
    }
    campaign = f"/campaigns/{console.api('POST', '/campaigns', draft)['id']}"
    people = [{"phone": f"+1212555{number:04}"} for number in range(101, 107)]
    console.api("POST", f"{campaign}/contacts", {"contacts": people})
    console.go("/campaigns")
    page.get_by_role("link", name="Autumn check-up").click()
    state = page.locator(".page-head .chip")
    expect(state).to_have_text("Draft")
    expect(page.locator("main")).to_contain_text("0 of 6 people")
    page.get_by_role("button", name="Start now").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.get_by_role("button", name="Pause").click()
    expect(state).to_have_text("Paused")
    page.get_by_role("button", name="Go on").click()
    expect(state).to_have_text("Calling")
    for _ in range(8):
        skip(console, 86_400)
        if console.api("GET", campaign)["status"] == "completed":
            break
    expect(state).to_have_text("Completed")
    expect(page.locator("main")).to_contain_text("6 of 6 people")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Open the PDF").click()
    assert "report.pdf" in opened.value.url


def test_a_report_is_made_and_read(console: Console) -> None:
    page = console.page
    rows = [
        {
            "store": "store-001",
            "date": f"2026-01-{day:02}",
            "product": "sku-1",
            "quantity": 3,
            "unit_price": 10 + day,
        }
        for day in range(1, 21)
    ]
    body = "\n".join(json.dumps(row) for row in rows).encode()
    target = console.api("POST", "/uploads", {"sizeBytes": len(body)})
    call("PUT", target["url"], body, {"Content-Type": "application/x-ndjson"})
    wait_for_upload(console, target["uploadId"])
    console.go("/reports")
    page.get_by_label("Another date").fill("2026-01-20")
    page.get_by_role("button", name="Open").click()
    expect(page.locator("main")).to_contain_text("This day has no report")
    page.get_by_role("button", name="Make it now").click()
    expect(page.get_by_role("link", name="Open the PDF")).to_be_visible()
    expect(page.locator(".verdict")).to_contain_text("2026-01-20")
    mailed = page.frame_locator("iframe")
    expect(mailed.locator("body")).to_contain_text("2026-01-20")
    expect(page.locator("main")).to_contain_text("Too few days are known to say.")
    expect(page.locator("main")).not_to_contain_text("at stake")
    late = json.dumps(rows[-1] | {"store": "store-002"}).encode()
    target = console.api("POST", "/uploads", {"sizeBytes": len(late)})
    call("PUT", target["url"], late, {"Content-Type": "application/x-ndjson"})
    wait_for_upload(console, target["uploadId"])
    page.get_by_role("button", name="Make it again").click()
    expect(page.locator("main")).to_contain_text("Stores reported: 1, now 2")
    expect(page.locator("main")).to_contain_text("Net sales: USD 90.00, now USD 180.00")
    console.go("/reports")
    expect(page.get_by_role("link", name="Tue, 20 Jan 2026")).to_be_visible()
