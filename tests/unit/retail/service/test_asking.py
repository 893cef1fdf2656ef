"""Reports found again, run again and answered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.core.clock import FixedClock
from chalicelib.core.errors import InvalidInputError
from chalicelib.retail.errors.reports import ReportNotFoundError
from chalicelib.retail.service.reporting import asking
from tests.fakes.retail.chain import LAST, Chain
from tests.fakes.retail.morning import SIX_IN_THE_MORNING, MorningSimulation
from tests.fakes.retail.reports import FakeAnalysisRuns

DAY, FINDING = "2025-01-15", "sales_low|store:S02"
CLOCK = FixedClock(SIX_IN_THE_MORNING)


@pytest.fixture
def morning() -> MorningSimulation:
    simulation, chain = MorningSimulation(), Chain(5)
    chain.fill(simulation.facts, LAST)
    chain.sell(simulation.facts, "S02", LAST, factor=0.3)
    simulation.run()
    return simulation


def ports(morning: MorningSimulation) -> asking.Ports:
    return asking.Ports(morning.shelf, morning.log, morning.memory, FakeAnalysisRuns(), "UTC")


def test_a_report_is_shown_with_links_and_whether_it_was_mailed(morning: MorningSimulation) -> None:
    shown = asking.show(DAY, ports(morning), CLOCK)
    assert shown["sent"] is True
    assert shown["links"]["pdf"].endswith("report.pdf")
    with pytest.raises(ReportNotFoundError, match="POST /reports/2025-01-10"):
        asking.show("2025-01-10", ports(morning), CLOCK)


def test_the_same_key_starts_one_run() -> None:
    room = ports(MorningSimulation())
    first = asking.run_again(DAY, True, "key", room, CLOCK)
    assert asking.run_again(DAY, True, "key", room, CLOCK) == first
    assert room.runs.started == {"2025-01-15-key": {"date": DAY, "force": True}}  # type: ignore[attr-defined]


def test_today_cannot_be_reported() -> None:
    with pytest.raises(InvalidInputError, match="the last day that has is 2025-01-15"):
        asking.run_again("2025-01-16", False, "key", ports(MorningSimulation()), CLOCK)


@pytest.mark.parametrize(
    ("given", "explained"),
    [("expected", "marked as expected"), ("event", "marked as a known event"), ("real", None)],
)
def test_an_answer_changes_the_next_run(morning: MorningSimulation, given: str, explained: str | None) -> None:
    asking.answer(DAY, FINDING, given, "U1", ports(morning), CLOCK)
    morning.run(date=DAY)
    report = morning.report()
    raised = [item["scope"] for item in report["items"]]
    assert raised == ([] if explained else ["store:S02"])
    assert [one["explained"] for one in report["explained"]] == ([explained] if explained else [])


def test_the_last_answer_counts_whoever_gives_it(morning: MorningSimulation) -> None:
    for given, who, raised in (("event", "U1", False), ("event", "U1", False), ("real", "U2", True)):
        asking.answer(DAY, FINDING, given, who, ports(morning), CLOCK)
        morning.run(date=DAY)
        assert bool(morning.report()["items"]) == raised
    asking.answer(DAY, FINDING, "expected", "U1", ports(morning), FixedClock(SIX_IN_THE_MORNING + timedelta(1)))
    morning.run(date=DAY)
    assert morning.report()["items"] == []


def test_only_a_finding_of_the_report_can_be_answered(morning: MorningSimulation) -> None:
    with pytest.raises(ReportNotFoundError):
        asking.answer(DAY, "sales_low|store:S99", "expected", "U1", ports(morning), CLOCK)
    with pytest.raises(ReportNotFoundError):
        asking.answer(DAY, FINDING, "whatever", "U1", ports(morning), CLOCK)


def test_a_calendar_row_is_checked_whole(morning: MorningSimulation) -> None:
    with pytest.raises(InvalidInputError) as caught:
        asking.keep_event("x", "Fair", "2025-02-30", "2025-13-01", "*", morning.memory)
    assert [problem.path for problem in caught.value.problems] == ["first", "last"]
    with pytest.raises(InvalidInputError, match="before 2025-02-02"):
        asking.keep_event("x", "Fair", "2025-02-02", "2025-02-01", "*", morning.memory)
    asking.keep_event("x", "Fair", "2025-02-01", "2025-02-02", "*", morning.memory)
    assert list(morning.memory.events) == ["x"]
