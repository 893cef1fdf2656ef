"""The whole way of a file of sales on the real application: presigned URL, arrival, run, facts, quarantine."""

from __future__ import annotations

from localcloud.demos import Bench
from localcloud.demos.mornings import MorningDemo
from localcloud.demos.uploads import UploadDemo
from localcloud.project import LocalProject


def test_a_days_file_becomes_facts_and_its_malformed_rows_are_set_aside(project: LocalProject) -> None:
    bench = Bench.of(project)
    demo = UploadDemo()
    execution = project.cloud.engine.execution(demo.start(bench))
    project.timeline.run_until(lambda: execution.ended, 120)
    assert execution.status == "SUCCEEDED", execution.cause
    verdict = demo.verdict(bench)
    assert verdict.ok, verdict.result


def test_three_mornings_are_reported_with_each_planted_event_named(project: LocalProject) -> None:
    bench = Bench.of(project)
    demo = MorningDemo()
    execution = project.cloud.engine.execution(demo.start(bench))
    assert execution.status == "SUCCEEDED", execution.cause
    verdict = demo.verdict(bench)
    assert verdict.ok, verdict.result
