from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.campaigns.domain import pacing
from chalicelib.campaigns.domain.pacing import (
    Bucket,
    concurrency_factor,
    dial_delay_seconds,
    take,
    wait_seconds,
    wait_until,
)
from tests.unit.campaigns.domain.examples import utc

NOW = utc("2025-06-02 14:00")


def wave(**changes: Any) -> int:
    values: dict[str, Any] = {
        "calls_per_second": 20.0,
        "budget_seconds": 270.0,
        "max_concurrent": 5_000,
        "queued": 0,
        "calling": 0,
    }
    return pacing.wave_size(**(values | changes))


def test_a_wave_fills_the_fifteen_minutes_a_message_can_be_delayed_or_the_horizon_given() -> None:
    assert wave() == 20 * 900
    assert wave(horizon_seconds=100) == 2_000
    assert wave(horizon_seconds=3_600, max_concurrent=5_000) == 20 * 3_600


def test_a_wave_only_tops_up_what_is_queued() -> None:
    assert wave(queued=17_000) == 1_000
    assert wave(queued=20_000) == 0


def test_few_lines_or_long_calls_make_small_waves() -> None:
    assert wave(max_concurrent=10) == 10 * 900 / 45
    assert wave(max_concurrent=10, calling=4) == 10 * 900 / 45 - 4
    assert wave(max_concurrent=10, horizon_seconds=10) == 10
    assert wave(max_concurrent=10, concurrency_factor=0.5) == 100
    assert wave(max_concurrent=10, concurrency_factor=0.05) == 0


def test_a_wave_is_no_larger_than_the_time_left_can_send() -> None:
    assert wave(calls_per_second=5_000, max_concurrent=10**6, budget_seconds=2.5) == 2_500
    assert wave(budget_seconds=-1) == 0


def test_the_slowest_campaign_still_sends_one() -> None:
    assert wave(calls_per_second=0.0001) == 1
    assert wave(calls_per_second=0.0001, queued=1) == 0


@given(st.integers(0, 500), st.floats(0.01, 500), st.integers(0, 10_000))
def test_delays_spread_the_calls_over_the_seconds(count: int, rate: float, queued: int) -> None:
    delays = [dial_delay_seconds(place, rate) for place in range(queued, queued + count)]
    assert all(delay >= 0 for delay in delays)
    assert delays == sorted(delays)
    for second in set(delays):
        assert delays.count(second) <= rate + 1


@given(st.floats(0, 1e6), st.integers(0, 10**7))
def test_waits_are_between_fifteen_seconds_and_fifteen_minutes(drain: float, queued: int) -> None:
    assert 15 <= wait_seconds(drain, queued) <= 900


def test_the_wait_follows_the_drain_rate() -> None:
    assert wait_seconds(0, 0) == 15
    assert wait_seconds(0, 500) == 60
    assert wait_seconds(20, 2_000) == 90
    assert wait_seconds(0.1, 2_000) == 900
    assert wait_seconds(1_000, 10) == 15
    assert wait_seconds(0.1, 2_000, longest_seconds=3_600) == 3_600


def test_when_all_are_held_the_wait_reaches_the_next_legal_minute_or_the_end() -> None:
    assert wait_until(NOW, NOW + timedelta(hours=62), None) == 62 * 3600
    assert wait_until(NOW, NOW + timedelta(seconds=1, microseconds=1), None) == 2
    assert wait_until(NOW, NOW + timedelta(hours=62), NOW + timedelta(hours=1)) == 3600
    assert wait_until(NOW, None, NOW + timedelta(hours=1)) == 3600
    assert wait_until(NOW, NOW - timedelta(hours=1), None) == 1
    assert wait_until(NOW, None, None) == 900


@given(
    st.lists(st.tuples(st.floats(0, 100), st.integers(0, 50)), max_size=40),
    st.floats(0.1, 50),
    st.floats(1, 100),
)
def test_a_bucket_never_grants_more_than_its_burst_and_its_rate(
    steps: list[tuple[float, int]], rate: float, burst: float
) -> None:
    bucket, now, total = Bucket(burst, 1_000.0), 1_000.0, 0
    for seconds, want in steps:
        now += seconds
        granted, bucket = take(bucket, rate=rate, burst=burst, now=now, want=want)
        total += granted
        assert 0 <= granted <= want
        assert 0 <= bucket.tokens <= burst
    assert total <= burst + (now - 1_000.0) * rate + 1e-6


def test_a_clock_that_goes_back_adds_no_tokens() -> None:
    granted, bucket = take(Bucket(1.0, 100.0), rate=10.0, burst=10.0, now=50.0, want=5)
    assert (granted, bucket) == (1, Bucket(0.0, 100.0))


def test_the_brake_closes_between_two_and_three_percent_abandoned() -> None:
    assert concurrency_factor(0, 0) == 1.0
    assert concurrency_factor(20, 1_000) == 1.0
    assert concurrency_factor(25, 1_000) == 0.5
    assert concurrency_factor(30, 1_000) == 0.0
    assert concurrency_factor(500, 1_000) == 0.0


def test_a_handful_of_answers_is_no_rate_yet() -> None:
    assert concurrency_factor(1, 1) == 1.0
    assert concurrency_factor(3, 3) == 0.0


def test_a_turn_costs_nine_events_and_the_budget_leaves_room() -> None:
    assert pacing.MONITOR_TURN_EVENTS == 9
    assert pacing.DISPATCH_TURN_EVENTS == 7
    assert pacing.LAMBDA_RETRY_EVENTS == 3
    assert not pacing.history_budget_spent(19_999)
    assert pacing.history_budget_spent(20_000)
    assert pacing.HISTORY_BUDGET_EVENTS < pacing.HISTORY_EVENT_LIMIT
