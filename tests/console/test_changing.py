"""Pages stay true while things change: late answers, lists that move on, tokens that end, lost servers."""

from __future__ import annotations

from typing import Any

from tests.console.driving import Console, expect

RUN = {"workflow": "sample-many", "startedAt": "2026-03-02T10:00:00Z", "stoppedAt": None, "redrives": 0}
CONTRACT = {
    "customer_id": "CUST-1",
    "created_at": "2026-03-02T10:00:00Z",
    "vehicles_activated": 1,
    "number_of_vehicles": 2,
    "amount": "1.00 COP",
    "status": "active",
}


class Held:
    """Requests that are kept until the test lets them go."""

    def __init__(self, console: Console, pattern: str, method: str = "GET") -> None:
        self._page, self._pattern, self._method = console.page, pattern, method
        self._routes: list[Any] = []
        self._holds = True
        self._page.route(pattern, self._hold)

    def _hold(self, route: Any) -> None:
        if self._holds and route.request.method == self._method:
            self._routes.append(route)
        else:
            route.continue_()

    def wait(self) -> None:
        for _ in range(600):
            if self._routes:
                return
            self._page.wait_for_timeout(100)
        raise AssertionError(f"nobody asked for {self._pattern}")

    def let_go(self, **answer: Any) -> None:
        """Answer what was held, now or as ``answer`` says; from now on the server answers at once."""
        self._holds = False
        for route in self._routes:
            if answer:
                route.fulfill(**answer)
            else:
                route.continue_()


def run(number: int, status: str = "SUCCEEDED") -> dict[str, Any]:
    stopped = None if status == "RUNNING" else RUN["startedAt"]
    return {**RUN, "id": f"sample-many:r{number}", "name": f"r{number}", "status": status, "stoppedAt": stopped}


def test_a_page_of_another_filter_is_not_mixed_in(console: Console) -> None:
    page = console.page
    console.go("/runs?workflow=sample-many")
    held = Held(console, "**/executions?*after=*")
    page.get_by_role("button", name="Show more").click()
    held.wait()
    page.get_by_label("Status").select_option("FAILED")
    expect(page.get_by_text("None fits what is chosen above.")).to_be_visible()
    held.let_go()
    page.wait_for_timeout(500)
    expect(page.get_by_text("None fits what is chosen above.")).to_be_visible()
    assert "workflow=sample-many" in page.url


def test_what_becomes_of_a_run_on_a_later_page_is_told(console: Console) -> None:
    page = console.page
    second = [run(1, "RUNNING")]
    page.route("**/executions?*", lambda route: route.fulfill(json={"executions": [run(2)], "next": "there"}))
    page.route(
        "**/executions?*after=there", lambda route: route.fulfill(json={"executions": second, "next": None})
    )
    console.go("/runs?workflow=sample-many")
    page.get_by_role("button", name="Show more").click()
    row = page.locator("tr[data-run='sample-many:r1']")
    expect(row).to_contain_text("Running")
    second[0] = run(1)
    expect(row).to_contain_text("Succeeded")


def test_what_moves_to_a_later_page_is_not_lost(console: Console) -> None:
    page = console.page
    pages = {"": [1, 2], "1": [3]}

    def answer(route: Any) -> None:
        place = route.request.url.partition("after=")[2]
        listed = [{**CONTRACT, "contract_id": f"CONT-{number}"} for number in pages[place]]
        route.fulfill(json={"contracts": listed, "next": "1" if not place else None})

    page.route("**/contracts*", answer)
    console.go("/contracts")
    page.get_by_role("button", name="Show more").click()
    expect(page.get_by_role("row")).to_have_count(4)
    pages |= {"": [0, 1], "1": [2, 3]}
    expect(page.get_by_role("row")).to_have_count(5)


def test_an_answer_from_before_a_press_does_not_undo_it(console: Console) -> None:
    page = console.page
    console.go("/laptop")
    expect(page.get_by_label("As it is")).to_be_checked()
    before = console.api("GET", "/_localcloud/clock")
    held = Held(console, "**/_localcloud/clock")
    held.wait()
    page.get_by_label("10 times as fast").check()
    expect(page.get_by_label("10 times as fast")).to_be_checked()
    held.let_go(json=before)
    page.wait_for_timeout(300)
    expect(page.get_by_label("10 times as fast")).to_be_checked()
    page.get_by_label("As it is").check()
    expect(page.get_by_label("As it is")).to_be_checked()


def test_what_was_opened_stays_open(console: Console) -> None:
    page = console.page
    mail = {
        "number": 1,
        "at": 1,
        "topic": "signalbox-local-x",
        "subject": "First",
        "body": "Words",
        "attributes": {},
    }
    mails = [mail]
    page.route("**/_localcloud/mails", lambda route: route.fulfill(json={"mails": mails}))
    console.go("/laptop/mails")
    page.get_by_text("First").click()
    expect(page.get_by_text("Words")).to_be_visible()
    mails.insert(0, {**mail, "number": 2, "subject": "Second"})
    expect(page.get_by_text("Second")).to_be_visible()
    expect(page.get_by_text("Words").last).to_be_visible()


def test_a_dialog_goes_with_its_page_and_with_its_token(console: Console) -> None:
    page = console.page
    run_id = console.start("sample-waiting", "dialogs")
    console.go("/runs")
    console.go(f"/runs/{run_id}")
    page.get_by_role("button", name="Stop", exact=True).click()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Runs")
    expect(page.locator("dialog")).to_have_count(0)
    page.go_forward()
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_label("Reason").fill("enough of it")
    page.evaluate("sessionStorage.setItem('signalbox.token', 'sbx_' + 'y'.repeat(43))")
    page.get_by_role("button", name="Stop the run").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(page.locator("dialog")).to_have_count(0)


def test_a_console_that_does_not_load_says_so(console: Console) -> None:
    page = console.page
    page.route("**/console/live.js", lambda route: route.abort())
    page.goto("about:blank")
    page.goto(f"{console.project.api_url}/console")
    expect(page.get_by_role("heading", level=1)).to_have_text("The console did not load")
    page.unroute("**/console/live.js")
    page.get_by_role("button", name="Load it again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Workflows")


def test_a_server_that_was_away_is_asked_again(console: Console) -> None:
    page = console.page
    run_id = console.start("sample-order", "server-away")
    page.route("**/workflows/sample-order", lambda route: route.abort())
    page.route("**/_localcloud", lambda route: route.abort())
    page.goto("about:blank")
    page.goto(f"{console.project.api_url}/console#/runs/{run_id}")
    expect(page.locator("#connection")).to_contain_text("cannot be reached")
    page.unroute("**/workflows/sample-order")
    page.unroute("**/_localcloud")
    expect(page.locator(".graph .node[data-state=ReadOrder].succeeded")).to_be_visible()
    expect(page.locator("#connection")).to_be_hidden()
    assert page.get_by_role("link", name="Laptop").count() == 0
    page.get_by_role("link", name="Runs", exact=True).click()
    expect(page.get_by_role("link", name="Laptop")).to_be_visible()
