"""The clock of a running local cloud, moved from outside."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import Any

import pytest

from localcloud.clock_control import PATH, ClockControl
from localcloud.commands import clock
from localcloud.errors import UsageError
from localcloud.stepfunctions import RealTimeline
from localcloud.web_server import QuietHandler, serve

START = 1_772_953_200.0  # 2026-03-08T07:00:00Z


@pytest.fixture
def timeline() -> Iterator[RealTimeline]:
    timeline = RealTimeline(start=START)
    timeline.start()
    yield timeline
    timeline.stop()


def ask(timeline: RealTimeline, wish: Any) -> tuple[int, dict[str, Any]]:
    status, body = ClockControl(timeline).answer("POST", json.dumps(wish).encode())
    return status, json.loads(body)


def test_a_skip_fires_what_is_due_in_order(timeline: RealTimeline) -> None:
    fired: list[str] = []
    timeline.call_at(START + 7200, lambda: fired.append("second"))
    timeline.call_at(START + 3600, lambda: fired.append("first"))
    timeline.call_at(START + 2 * 86_400, lambda: fired.append("beyond"))
    status, clock_now = ask(timeline, {"skip_seconds": 86_400})
    assert (status, fired) == (200, ["first", "second"])
    assert clock_now["now"].startswith("2026-03-09T07:0")


def test_to_the_next_timer_and_faster(timeline: RealTimeline) -> None:
    timeline.call_at(START + 500_000, lambda: None)
    assert ask(timeline, {"skip_to_next": True})[1]["now"].startswith("2026-03-14T01:5")
    assert ask(timeline, {"speed": 10})[1]["speed"] == 10.0


@pytest.mark.parametrize(
    "wish", [{}, [], {"skip_seconds": -1}, {"skip_seconds": "1h"}, {"speed": 0}, {"skip_to_next": 0}]
)
def test_anything_else_is_explained(timeline: RealTimeline, wish: Any) -> None:
    status, answer = ask(timeline, wish)
    assert status == 400
    assert "expected skip_seconds" in answer["message"]


def test_text_that_is_no_json_is_explained(timeline: RealTimeline) -> None:
    assert ClockControl(timeline).answer("POST", b"{nope")[0] == 400


def test_durations() -> None:
    assert clock.seconds_of("1d12h") == 129_600
    assert clock.seconds_of("90m") == 5400
    for text in ("", "12", "h", "1x", "1h nope"):
        with pytest.raises(UsageError, match="24h"):
            clock.seconds_of(text)


def arguments(port: int, **chosen: Any) -> argparse.Namespace:
    return argparse.Namespace(**({"skip": None, "next": False, "speed": None, "aws_port": port} | chosen))


def test_the_command_moves_the_clock(timeline: RealTimeline, capsys: pytest.CaptureFixture[str]) -> None:
    control = ClockControl(timeline)

    class Handler(QuietHandler):
        def respond(self) -> None:
            assert self.path == PATH
            self.answer(*control.answer(self.command, self.read_body()))

    server = serve(Handler, 0, what="the clock", option="--port")
    try:
        port = int(server.url.rpartition(":")[2])
        assert clock.run(arguments(port, skip="24h")) == 0
        assert clock.run(arguments(port, speed=10.0)) == 0
        with pytest.raises(UsageError, match="expected"):
            clock.run(arguments(port, speed=-1.0))
    finally:
        server.stop()
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("2026-03-09T07:0")
    assert second.endswith("running 10 times as fast")


def test_no_local_cloud_is_one_line() -> None:
    with pytest.raises(UsageError, match="no local cloud answers on port 1"):
        clock.run(arguments(1))
