from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localcloud.stepfunctions import RealTimeline

LIMIT_SECONDS = 30.0


@pytest.fixture
def line() -> Iterator[RealTimeline]:
    timeline = RealTimeline(start=0.0)
    timeline.start()
    yield timeline
    timeline.stop()


def test_everything_runs_on_the_one_scheduler_thread(line: RealTimeline) -> None:
    names: list[str] = []
    line.call_soon(lambda: names.append(threading.current_thread().name))
    line.submit(lambda: None, lambda _: names.append(threading.current_thread().name))
    line.run_until(lambda: len(names) == 2, LIMIT_SECONDS)
    assert names == ["timeline", "timeline"]


def test_work_runs_beside_the_loop(line: RealTimeline) -> None:
    results: list[object] = []
    line.submit(lambda: threading.current_thread().name, results.append)
    line.run_until(lambda: bool(results), LIMIT_SECONDS)
    assert str(results[0]).startswith("task")


def test_skipping_hours_fires_timers_and_what_they_set(line: RealTimeline) -> None:
    seen: list[str] = []
    line.call_after(3600, lambda: line.call_after(1800, lambda: seen.append("set on the way")))
    line.call_after(4000, lambda: seen.append("set before"))
    line.skip(7200)
    assert seen == ["set before", "set on the way"]
    assert line.now() >= 7200


def test_skipping_waits_for_the_work_a_timer_started(line: RealTimeline) -> None:
    seen: list[str] = []
    line.call_after(10, lambda: line.submit(lambda: "answer", lambda answer: seen.append(str(answer))))
    line.call_after(20, lambda: seen.append("timer"))
    line.skip(30)
    assert seen == ["answer", "timer"]


def test_skip_to_next_timer_without_one(line: RealTimeline) -> None:
    assert line.skip_to_next_timer() is None


def test_speed_changes_without_a_jump(line: RealTimeline) -> None:
    line.speed = 1000.0
    fired = threading.Event()
    line.call_after(60, fired.set)
    assert fired.wait(LIMIT_SECONDS)
    line.speed = 1.0
    before = line.now()
    assert line.now() - before < 60
    with pytest.raises(ValueError, match="above 0"):
        line.speed = 0


def test_a_broken_job_does_not_stop_the_clock(line: RealTimeline, caplog: pytest.LogCaptureFixture) -> None:
    done: list[bool] = []
    line.call_soon(lambda: 1 // 0)
    line.call_soon(lambda: done.append(True))
    line.run_until(lambda: bool(done), LIMIT_SECONDS)
    assert "a job on the timeline failed" in caplog.text


def test_it_is_started_once_and_before_use() -> None:
    timeline = RealTimeline()
    with pytest.raises(RuntimeError, match="not running"):
        timeline.submit(lambda: None, lambda _: None)
    timeline.start()
    with pytest.raises(RuntimeError, match="already running"):
        timeline.start()
    timeline.stop()


@settings(max_examples=15)
@given(st.lists(st.integers(min_value=1, max_value=1000), max_size=12))
def test_a_skip_fires_timers_in_the_order_the_virtual_clock_has(delays: list[int]) -> None:
    timeline = RealTimeline(start=0.0)
    fired: list[int] = []
    for number, delay in enumerate(delays):
        timeline.call_at(3600.0 + delay, lambda number=number: fired.append(number))  # type: ignore[misc]
    timeline.start()
    timeline.skip(7200)
    timeline.stop()
    assert fired == sorted(range(len(delays)), key=lambda number: (delays[number], number))
