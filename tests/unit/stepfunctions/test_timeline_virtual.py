from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.stepfunctions import VirtualTimeline


def test_the_clock_jumps_to_each_timer() -> None:
    line = VirtualTimeline(start=0.0)
    seen: list[float] = []
    line.call_after(86_400, lambda: seen.append(line.now()))
    line.call_after(60, lambda: seen.append(line.now()))
    line.run_until_idle()
    assert seen == [60.0, 86_400.0]


def test_a_cancelled_timer_never_fires() -> None:
    line = VirtualTimeline(start=0.0)
    seen: list[str] = []
    timer = line.call_after(1, lambda: seen.append("cancelled"))
    line.call_after(2, lambda: seen.append("kept"))
    timer.cancel()
    line.run_until_idle()
    assert seen == ["kept"]
    assert timer.cancelled


def test_a_timer_in_the_past_fires_without_turning_the_clock_back() -> None:
    line = VirtualTimeline(start=100.0)
    seen: list[float] = []
    line.call_at(5.0, lambda: seen.append(line.now()))
    line.run_until_idle()
    assert seen == [100.0]


def test_skip_fires_what_a_fired_timer_sets_on_the_way() -> None:
    line = VirtualTimeline(start=0.0)
    seen: list[float] = []
    line.call_after(10, lambda: line.call_after(5, lambda: seen.append(line.now())))
    line.skip(20)
    assert (seen, line.now()) == ([15.0], 20.0)


def test_skip_to_next_timer_tells_the_new_time_or_none() -> None:
    line = VirtualTimeline(start=0.0)
    line.call_after(7, lambda: None)
    assert line.skip_to_next_timer() == 7.0
    assert line.skip_to_next_timer() is None


def test_submitted_work_hands_over_its_result_or_its_error() -> None:
    line = VirtualTimeline()
    seen: list[object] = []
    line.submit(lambda: 42, seen.append)
    line.submit(lambda: 1 // 0, seen.append)
    line.run_until_idle()
    assert seen[0] == 42
    assert isinstance(seen[1], ZeroDivisionError)


def test_run_until_says_so_when_nothing_is_left_to_happen() -> None:
    with pytest.raises(TimeoutError, match="Nothing is left"):
        VirtualTimeline().run_until(lambda: False, 10)


def test_run_until_stops_at_its_limit() -> None:
    line = VirtualTimeline(start=0.0)
    line.call_after(100, lambda: None)
    with pytest.raises(TimeoutError, match="after 10 s"):
        line.run_until(lambda: False, 10)
    assert line.now() == 10.0


@given(st.lists(st.floats(min_value=0, max_value=1e6), max_size=30))
def test_timers_fire_by_time_and_equal_ones_in_the_order_of_the_calls(delays: list[float]) -> None:
    line = VirtualTimeline(start=0.0)
    fired: list[int] = []
    for number, delay in enumerate(delays):
        line.call_at(delay, lambda number=number: fired.append(number))  # type: ignore[misc]
    line.run_until_idle()
    assert fired == sorted(range(len(delays)), key=lambda number: (delays[number], number))
