"""The doors of reports: the nine tasks behind the machine, the routes, what Slack asks and answers."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.core import aws, clock
from chalicelib.core.slack import ActionCall, CommandCall, Person, Reply
from chalicelib.retail import slack
from tests.fakes.api import SignedIn
from tests.fakes.retail.morning import MorningSimulation
from tests.fakes.retail.sale_rows import json_lines, row

DAY, FINDING = "2025-01-15", "sales_low|store:S02"
LAST = date.fromisoformat(DAY)
STORES, PRODUCTS, DAYS = tuple(f"S0{number}" for number in range(1, 7)), 2, 43
SIX = datetime(2025, 1, 16, 6, tzinfo=UTC)
ANNA = Person("U1", "Anna", frozenset({"operator"}))


class MorningAtTheDoors(MorningSimulation):
    """The definition calls the functions by their doors, on what they really use."""

    def __init__(self, invoke: Callable[[str, dict[str, Any]], Any]) -> None:
        super().__init__()
        self._invoke = invoke

    def _functions(self, name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
        function = re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()
        return lambda event: self._invoke(function, event)


def history() -> str:
    """Return six weeks of six stores and two broken rows; the second store sells little on the last day."""
    rows: list[dict[str, Any]] = []
    for back in range(DAYS):
        day = LAST - timedelta(days=back)
        for store in STORES:
            for product in range(PRODUCTS):
                pieces = 40 + 7 * product + (day.toordinal() * 31 + product) % 5
                pieces = pieces * 2 // 5 if (store, back) == ("S02", 0) else pieces
                rows.append(
                    row(
                        len(rows), store=store, date=day.isoformat(), product=f"p{product}", quantity=pieces,
                        transaction=None, category="food",
                    )
                )  # fmt: skip
    return json_lines(*rows, "no JSON", row(0, quantity=0))


@pytest.fixture(scope="module")
def morning(invoke: Callable[[str, dict[str, Any]], Any]) -> MorningAtTheDoors:
    aws.client("s3").put_object(Bucket="retail", Key="uploads/past.jsonl", Body=history().encode())
    detail = {"bucket": {"name": "retail"}, "object": {"key": "uploads/past.jsonl"}}
    taken_in = invoke("process-upload", {"detail": detail, "executionArn": "arn"})
    assert taken_in["rows"]["kept"] == DAYS * len(STORES) * PRODUCTS
    simulation = MorningAtTheDoors(invoke)
    execution = simulation.run(date=DAY)
    assert execution.status == "SUCCEEDED", execution.cause
    return simulation


@pytest.fixture
def six_in_the_morning() -> Iterator[None]:
    before = clock.use(clock.FixedClock(SIX))
    yield
    clock.use(before)


def body(given: Any) -> dict[str, Any]:
    return {"headers": {"Content-Type": "application/json"}, "body": json.dumps(given).encode()}


def test_the_tasks_of_a_morning_write_pages_tables_and_a_mail(morning: MorningAtTheDoors) -> None:
    (mail,) = morning.mails
    assert "S02" in mail["Message"]
    assert "2 rows of the files behind this day are in quarantine: uploads/past.jsonl (2)." in mail["Message"]
    listed = aws.client("s3").list_objects_v2(Bucket="retail")["Contents"]
    keys = [item["Key"] for item in listed]
    assert {f"reports/{DAY}/report.{form}" for form in ("html", "pdf", "json")} <= set(keys)
    assert any(key.startswith("exports/") and "manifest" in key for key in keys)


def test_a_report_is_shown_and_listed(morning: MorningAtTheDoors, api: SignedIn) -> None:
    shown = api.get(f"/reports/{DAY}").json_body
    assert [f"{item['kind']}|{item['scope']}" for item in shown["items"]] == [FINDING]
    assert (shown["sent"], shown["version"]) == (True, 1)
    assert set(shown["links"]) == {"html", "pdf"}
    assert shown["company"]["completeness"]["refusedFiles"] == [{"file": "uploads/past.jsonl", "rows": 2}]
    (listed,) = api.get("/reports").json_body["reports"]
    assert (listed["date"], listed["version"], listed["sent"]) == (DAY, 1, True)
    assert api.get("/reports?until=2025-01-14").json_body == {"reports": []}


def test_what_cannot_be_shown_is_told_apart(morning: MorningAtTheDoors, api: SignedIn) -> None:
    assert api.get("/reports/2025-01-10").status_code == 404
    assert api.get("/reports/2025-02-30").status_code == 422
    assert api.get("/reports/9999-01-01").status_code == 422
    assert api.get("/reports?limit=0").status_code == 422


def test_a_date_is_analysed_again_once_a_key(api: SignedIn) -> None:
    given = body({"force": True})
    given["headers"]["Idempotency-Key"] = "again"
    first, second = (api.post(f"/reports/{DAY}", **given) for _ in range(2))
    assert first.status_code == second.status_code == 202
    assert first.json_body == second.json_body
    assert first.headers["Location"] == f"/reports/{DAY}"
    runs = aws.client("stepfunctions").list_executions(stateMachineArn=os.environ["DAILY_ANALYSIS_ARN"])
    assert len(runs["executions"]) == 1
    asked = aws.client("stepfunctions").describe_execution(executionArn=first.json_body["executionArn"])["input"]
    assert json.loads(asked) == {"date": DAY, "force": True}


def test_only_who_may_run_may_run(api: SignedIn) -> None:
    reader = api.holder_of("read")
    assert reader.post(f"/reports/{DAY}", **body({})).status_code == 403
    assert reader.request("PUT", "/sales-calendar/fair", **body({})).status_code == 403


def test_a_calendar_row_is_kept_or_all_its_faults_are_named(api: SignedIn) -> None:
    right = {"name": "Fair", "first": "2025-02-01", "last": "2025-02-02", "scope": "store:S01"}
    kept = api.request("PUT", "/sales-calendar/fair", **body(right))
    assert (kept.status_code, kept.json_body) == (200, {"id": "fair", **right})
    wrong = {"name": "", "first": "soon", "last": "2025-02-02", "scope": "planet:earth"}
    refused = api.request("PUT", "/sales-calendar/fair", **body(wrong))
    assert refused.status_code == 422
    assert {one["path"] for one in refused.json_body["errors"]} == {"name", "first", "scope"}
    assert api.request("PUT", "/sales-calendar/a%20b", **body(right)).status_code == 422


def ask(*words: str) -> Reply:
    return slack.sales(CommandCall(ANNA, "C1", words, "trigger"))


def test_slack_shows_the_report_with_buttons_at_each_finding(
    morning: MorningAtTheDoors, six_in_the_morning: None
) -> None:
    message, same = ask("Today").message, ask(DAY).message
    assert message is not None
    assert same is not None
    assert (message.text, message.blocks[:-1]) == (same.text, same.blocks[:-1]), "links are signed by the second"
    values = [button["value"] for block in message.blocks for button in block.get("elements", ())]
    assert values == [f"{DAY} {FINDING}"] * 3
    assert "report.pdf" in json.dumps(message.blocks[-1])


def test_slack_shows_a_stores_last_days(morning: MorningAtTheDoors, six_in_the_morning: None) -> None:
    message = ask("S02").message
    assert message is not None
    lines = message.blocks[0]["text"]["text"].strip("`").splitlines()[1:]
    assert len(lines) == 14
    assert lines[-1].startswith("Wed 2025-01-15")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Say today, DATE or STORE"),
        (("S01", "S02"), "No sales of a store S01 S02 in the last 14 days"),
        (("S99",), "No sales of a store S99 in the last 14 days"),
        (("2025-01-10",), "there is no report of 2025-01-10"),
        (("2025-02-30",), "2025-02-30"),
        (("2025-01-16",), "has not ended yet"),
    ],
)
def test_slack_says_why_there_is_nothing_to_show(
    morning: MorningAtTheDoors, six_in_the_morning: None, words: tuple[str, ...], said: str
) -> None:
    message = ask(*words).message
    assert message is not None
    assert said in message.text


def press(answer: str, value: str) -> str:
    reply = slack.act(ActionCall(ANNA, f"{slack.ACTION}:{answer}", value, {}, None, "trigger"))
    assert reply.message is not None
    return reply.message.text


def test_an_answer_in_slack_changes_the_next_run(morning: MorningAtTheDoors, api: SignedIn) -> None:
    assert press("expected", f"{DAY} {FINDING}") == "Noted as expected: it is not raised again for four weeks."
    assert morning.run(date=DAY).status == "SUCCEEDED"
    shown = api.get(f"/reports/{DAY}").json_body
    assert shown["items"] == []
    assert [one["explained"] for one in shown["explained"]] == ["marked as expected"]
    assert len(morning.mails) == 1, "a date is mailed once"
    assert "has no sales_low|store:S77" in press("real", f"{DAY} sales_low|store:S77")
