"""Runs the demonstrations of a booted project, with progress, and prints a table of how they ended."""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime

from localcloud.demos import Bench, Demo, Verdict
from localcloud.errors import LocalCloudError
from localcloud.fast_forward import FastForward
from localcloud.project import LocalProject
from localcloud.stepfunctions import RealTimeline
from localcloud.stepfunctions.execution import Execution
from localcloud.terminal import ProgressLine, bar, labelled, seconds_text, table

_LOOK_SECONDS = 0.25
_PATIENCE_SECONDS = 120.0
"""Real seconds after which a demonstration that does not end has failed."""


def run_demos(project: LocalProject, demos: list[Demo]) -> bool:
    """Run each, one after the other; True when all ended as they should."""
    bench = Bench.of(project)
    all_ok = True
    for demo in demos:
        started = time.monotonic()
        verdict, path = _run(project, demo, bench)
        all_ok = all_ok and verdict.ok
        mark = "ok" if verdict.ok else "FAILED"
        print(table([(demo.title, mark, verdict.result)]))
        print(labelled("path", path))
        print(labelled("took", f"{seconds_text(time.monotonic() - started)}; {_clock_says(project)}"))
        print(labelled("see", verdict.where.replace(f"{project.project_dir}/", "")), end="\n\n")
    return all_ok


def _run(project: LocalProject, demo: Demo, bench: Bench) -> tuple[Verdict, str]:
    line = ProgressLine()
    try:
        arn = demo.start(bench)
    except LocalCloudError as error:
        return Verdict(False, str(error), "-"), "-"
    deadline = time.monotonic() + _PATIENCE_SECONDS
    assert isinstance(project.timeline, RealTimeline)
    with FastForward(project.timeline):
        while True:
            fraction, words = demo.progress(bench)
            arn = demo.execution_arn(bench, arn)
            execution = project.cloud.engine.execution(arn)
            clock = datetime.fromtimestamp(project.timeline.now(), UTC)
            line.show(f"  {demo.title}  {bar(fraction)} {fraction:4.0%}  {words}  {clock:%a %d %b %H:%M} UTC")
            if execution.ended and fraction >= 1.0:
                break
            if execution.ended and execution.status != "SUCCEEDED":
                break
            if time.monotonic() > deadline:
                line.clear()
                return Verdict(False, f"still {execution.status} after {_PATIENCE_SECONDS:.0f} s", arn), path_of(
                    execution
                )
            time.sleep(_LOOK_SECONDS)
    line.clear()
    return demo.verdict(bench), path_of(execution)


def path_of(execution: Execution) -> str:
    """Return the states an execution went through, in the order of their first visit, with how often."""
    return counted([visit.state for visit in execution.dataflow if not visit.path])


def counted(names: list[str]) -> str:
    """Return names in the order in which they come first, each with how often it comes.

    >>> counted(["A", "B", "C", "B", "C", "D"])
    'A > B x2 > C x2 > D'
    """
    counts = Counter(names)
    return " > ".join(name if count == 1 else f"{name} x{count}" for name, count in counts.items())


def _clock_says(project: LocalProject) -> str:
    clock = datetime.fromtimestamp(project.timeline.now(), UTC)
    return f"the clock now says {clock:%a %d %b %Y %H:%M} UTC"
