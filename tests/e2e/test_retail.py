"""The retail desk on the real application: a file becomes facts, mornings are reported, the schedule fires."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from localcloud.demos import Bench
from localcloud.demos.http_calls import call
from localcloud.demos.mornings import MorningDemo
from localcloud.demos.store_sales import store_sales
from localcloud.demos.uploads import UploadDemo
from localcloud.fast_forward import FastForward
from localcloud.project import LocalProject
from localcloud.stepfunctions import Execution, RealTimeline

DAY_SECONDS = 86_400
LAST_DAY = date(2024, 7, 31)


class AtASecondRun(Bench):
    """Runs are kept from boot to boot: those of the same files ended before this boot has facts."""

    def api(self, method: str, path: str, body: Any = None) -> Any:
        if path.startswith("/executions/upload-processor:"):
            return {"status": "SUCCEEDED"}
        return super().api(method, path, body)


def test_a_days_file_becomes_facts_and_its_malformed_rows_are_set_aside(project: LocalProject) -> None:
    bench = Bench.of(project)
    demo = UploadDemo()
    execution = project.cloud.engine.execution(demo.start(bench))
    project.timeline.run_until(lambda: execution.ended, 120)
    assert execution.status == "SUCCEEDED", execution.cause
    verdict = demo.verdict(bench)
    assert verdict.ok, verdict.result


def test_the_reports_name_each_planted_event_and_nothing_else(project: LocalProject) -> None:
    bench = AtASecondRun.of(project)
    demo = MorningDemo(store_sales(LAST_DAY, days=45, stores=20))
    execution = project.cloud.engine.execution(demo.start(bench))
    assert execution.status == "SUCCEEDED", execution.cause
    verdict = demo.verdict(bench)
    assert verdict.ok, verdict.result
    report = bench.api("GET", f"/reports/{LAST_DAY}")
    page = call("GET", report["links"]["html"]).decode()
    assert report["verdict"].split(";")[0] in page
    before = bench.api("GET", "/reports/2024-07-30")
    refused = before["company"]["completeness"]["refusedRows"]
    assert refused == 9, "the malformed rows of that day's file"


def test_a_morning_without_any_file_fails_by_name_and_says_so(project: LocalProject) -> None:
    bench = Bench.of(project)
    started = bench.api("POST", "/reports/2023-01-01", {})["executionArn"]
    execution = project.cloud.engine.execution(started)
    project.timeline.run_until(lambda: execution.ended, 60)
    assert (execution.status, execution.error) == ("FAILED", "NoDataAvailable")


def test_the_schedule_asks_for_the_report_of_the_day_before(project: LocalProject) -> None:
    assert isinstance(project.timeline, RealTimeline)
    with FastForward(project.timeline):
        project.timeline.run_until(lambda: bool(_scheduled(project)), 2 * DAY_SECONDS)
        (execution,) = _scheduled(project)
        project.timeline.run_until(lambda: execution.ended, 600)
    started = datetime.fromtimestamp(execution.started_at, UTC)
    assert (started.hour, started.minute) == (6, 0)
    assert execution.error == "NoDataAvailable"
    assert execution.input == {}


def _scheduled(project: LocalProject) -> list[Execution]:
    """Return the executions of daily-analysis that nobody asked for by date."""
    every = project.cloud.engine.list_executions()
    return [one for one in every if one.state_machine_name == "daily-analysis" and one.input == {}]
