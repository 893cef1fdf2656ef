"""Scenario -> path of ``daily-analysis``, the real services on the virtual clock; and every fault there is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core.ai import ModelAnswerError, ModelThrottledError
from localcloud.stepfunctions import Execution, TaskCall, TaskError
from tests.fakes.retail.chain import LAST, Chain
from tests.fakes.retail.morning import DEFINITION, MorningSimulation
from tests.fakes.retail.reports import FailingTextModel

BEGIN = ["GetStoreSummaries", "CheckStoreSummaries", "CalcCompanyMetrics", "CalcProductMetrics", "BedrockAnalysis"]
ANALYSIS = {"DetectAnomalies", "AnalyzeTrends"}
ADVICE = ["GenerateRecommendations", "CombineInsights", "CheckForBedrockErrors"]
ALERT = ["SendBedrockErrorAlert"]
REPORT = ["GenerateReport", "IsReportUnsent"]
SEND = ["SendDailyReport", "ExportToQuickSight", "Success"]
FAILED = ["NotifyAnalysisFailed", "AnalysisFailed"]
MODEL_STATES = ["DetectAnomalies", "AnalyzeTrends", "GenerateRecommendations"]
STATES: dict[str, Any] = json.loads(DEFINITION.read_text())["States"]


def morning(stores: int = 3) -> MorningSimulation:
    simulation = MorningSimulation()
    Chain(stores, products=8).fill(simulation.facts, LAST)
    return simulation


def path(execution: Execution) -> list[str]:
    """Return the states entered; those of the parallel branches are sorted, as their order is chance."""
    names = [
        event.render()["stateEnteredEventDetails"]["name"]
        for event in execution.history.events
        if "StateEntered" in event.type
    ]
    inside = [name for name in names if name not in STATES]
    outside = [name for name in names if name in STATES]
    place = outside.index("BedrockAnalysis") + 1 if "BedrockAnalysis" in outside else len(outside)
    return outside[:place] + sorted(inside) + outside[place:]


def fails(states: set[str], error: str = "Boom") -> Callable[[MorningSimulation], None]:
    def arrange(simulation: MorningSimulation) -> None:
        simulation.failing = lambda call: TaskError(error, "on purpose") if call.state_name in states else None

    return arrange


def without_models(*functions: str) -> Callable[[MorningSimulation], None]:
    def arrange(simulation: MorningSimulation) -> None:
        for function in functions:
            simulation.models[function] = FailingTextModel(ModelThrottledError("busy"))
        Chain(3, products=8).sell(simulation.facts, "S02", LAST, factor=0.2)
        for store in ("S01", "S03"):
            for week in range(9):
                for day in range(7):
                    Chain(3, products=8).sell(
                        simulation.facts, store, LAST - timedelta(days=7 * week + day), factor=2 - 0.15 * week
                    )

    return arrange


def no_data(simulation: MorningSimulation) -> None:
    for store in ("S01", "S02", "S03"):
        simulation.facts.remove(store, LAST)


def sent_before(simulation: MorningSimulation) -> None:
    simulation.log.claim("2025-01-15", "arn:earlier", force=False)


@dataclass(frozen=True)
class Scenario:
    name: str
    path: list[str]
    status: str = "SUCCEEDED"
    error: str | None = None
    arrange: Callable[[MorningSimulation], None] = lambda simulation: None
    mails: int = 1
    alerts: tuple[str, ...] = ()
    statistics_only: tuple[str, ...] = ()
    unavailable: tuple[str, ...] = ()


def branches(*fallen: str) -> list[str]:
    names = {
        "anomalies": ["DetectAnomaliesByStatistics"],
        "trends": ["AnalyzeTrendsByStatistics"],
        "no anomalies": ["DetectAnomaliesByStatistics", "AnomaliesUnavailable"],
        "no trends": ["AnalyzeTrendsByStatistics", "TrendsUnavailable"],
    }
    return sorted([*ANALYSIS, *(name for one in fallen for name in names[one])])


WHOLE = [*BEGIN, *branches(), *ADVICE, *REPORT, *SEND]
BY_RULES = ["GenerateRecommendations", "RecommendByStatistics", *ADVICE[1:]]
ALL_FUNCTIONS = ("DetectAnomalies", "AnalyzeTrends", "GenerateRecommendations")
SCENARIOS = [
    Scenario("a usual morning", WHOLE),
    Scenario("no data", [*BEGIN[:2], "NoDataAvailable", "FailNoData"], "FAILED", "NoDataAvailable", no_data, 0,
             ("NoDataAvailable",)),
    Scenario("one store missing", WHOLE, arrange=lambda s: s.facts.remove("S02", LAST)),
    Scenario("mailed before", [*BEGIN, *branches(), *ADVICE, *REPORT, *SEND[1:]], arrange=sent_before, mails=0),
    Scenario("no model for anomalies", [*BEGIN, *branches("anomalies"), *ADVICE, *ALERT, *REPORT, *SEND],
             arrange=without_models("DetectAnomalies"), alerts=("BedrockErrors",), statistics_only=("anomalies",)),
    Scenario("no model for trends", [*BEGIN, *branches("trends"), *ADVICE, *ALERT, *REPORT, *SEND],
             arrange=without_models("AnalyzeTrends"), alerts=("BedrockErrors",), statistics_only=("trends",)),
    Scenario("no model for recommendations", [*BEGIN, *branches(), *BY_RULES, *ALERT, *REPORT, *SEND],
             arrange=without_models("GenerateRecommendations"), alerts=("BedrockErrors",),
             statistics_only=("recommendations",)),
    Scenario("no model at all", [*BEGIN, *branches("anomalies", "trends"), *BY_RULES, *ALERT, *REPORT, *SEND],
             arrange=without_models(*ALL_FUNCTIONS), alerts=("BedrockErrors",),
             statistics_only=("anomalies", "trends", "recommendations")),
    Scenario("anomalies cannot be computed", [*BEGIN, *branches("no anomalies"), *ADVICE, *ALERT, *REPORT, *SEND],
             arrange=fails({"DetectAnomalies", "DetectAnomaliesByStatistics"}), alerts=("BedrockErrors",),
             unavailable=("anomalies",)),
    Scenario("nothing can be computed",
             [*BEGIN, *branches("no anomalies", "no trends"), *BY_RULES[:2], "RecommendationsUnavailable",
              *ADVICE[1:], *ALERT, *REPORT, *SEND],
             arrange=fails({name for one in MODEL_STATES for name in (one, f"{one}ByStatistics")}
                           | {"RecommendByStatistics"}),
             alerts=("BedrockErrors",), unavailable=("anomalies", "trends", "recommendations")),
    Scenario("the model alert fails", [*BEGIN, *branches("trends"), *ADVICE, *ALERT, *REPORT, *SEND],
             arrange=fails({"AnalyzeTrends", "SendBedrockErrorAlert"}), statistics_only=("trends",)),
    *(
        Scenario(f"{state} crashes", [*way, *FAILED], "FAILED", "Boom", fails({state}), 0, ("AnalysisFailed",))
        for state, way in [
            ("GetStoreSummaries", BEGIN[:1]),
            ("CalcCompanyMetrics", BEGIN[:3]),
            ("CalcProductMetrics", BEGIN[:4]),
            ("CombineInsights", [*BEGIN, *branches(), *ADVICE[:2]]),
            ("GenerateReport", [*BEGIN, *branches(), *ADVICE, "GenerateReport"]),
            ("SendDailyReport", [*BEGIN, *branches(), *ADVICE, *REPORT, "SendDailyReport"]),
        ]
    ),
    Scenario("the export crashes", [*WHOLE[:-1], *FAILED], "FAILED", "Boom", fails({"ExportToQuickSight"}), 1,
             ("AnalysisFailed",)),
    Scenario("the alert of a failure fails, too", ["GetStoreSummaries", *FAILED], "FAILED", "Boom",
             fails({"GetStoreSummaries", "NotifyAnalysisFailed"}), 0),
]  # fmt: skip


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.name)
def test_path(scenario: Scenario) -> None:
    simulation = morning()
    scenario.arrange(simulation)
    execution = simulation.run()
    assert path(execution) == scenario.path
    assert (execution.status, execution.error) == (scenario.status, scenario.error)
    assert len(simulation.mails) == scenario.mails
    assert tuple(simulation.alerts) == scenario.alerts
    if execution.status == "SUCCEEDED":
        report = simulation.report()
        assert tuple(report["statisticsOnly"]) == scenario.statistics_only
        assert tuple(report["unavailable"]) == scenario.unavailable


def test_every_state_is_reached() -> None:
    reached = {state for scenario in SCENARIOS for state in scenario.path}
    inner = {name for branch in STATES["BedrockAnalysis"]["Branches"] for name in branch["States"]}
    assert (set(STATES) | inner) - reached == set()


def tasks() -> Iterator[str]:
    for name, state in STATES.items():
        if state["Type"] == "Task":
            yield name
        for branch in state.get("Branches", []):
            yield from (inner for inner, one in branch["States"].items() if one["Type"] == "Task")


ENDS = {"Success", "AnalysisFailed", "FailNoData"}
ERRORS = (
    "Boom",
    "States.Timeout",
    "Lambda.TooManyRequestsException",
    "ModelThrottledError",
    "SNS.ThrottledException",
)


@pytest.mark.parametrize("after_work", [False, True], ids=["before its work", "after its work"])
@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("state", sorted(set(tasks())))
def test_any_fault_at_any_attempt_ends_by_name_with_one_mail_at_most(
    state: str, error: str, after_work: bool
) -> None:
    if after_work and error.startswith("SNS."):
        return  # SNS refused: by the meaning of the error it did no work
    for attempt in (0, 1, 3):
        simulation = morning(stores=2)

        def failing(call: TaskCall, attempt: int = attempt) -> TaskError | None:
            return TaskError(error, "") if call.state_name == state and call.attempt == attempt else None

        if after_work:
            simulation.failing_after_work = failing
        else:
            simulation.failing = failing
        execution = simulation.run()
        assert execution.status in ("SUCCEEDED", "FAILED")
        assert path(execution)[-1] in ENDS
        assert len(simulation.mails) <= 1
        if execution.status == "SUCCEEDED":
            assert len(simulation.mails) == 1


@pytest.mark.parametrize("state", sorted(set(tasks())))
def test_a_fault_that_stays_ends_by_name(state: str) -> None:
    simulation = morning(stores=2)
    simulation.failing_after_work = lambda call: TaskError("Boom", "") if call.state_name == state else None
    assert path(simulation.run())[-1] in ENDS
    assert len(simulation.mails) <= 1


def test_a_date_is_mailed_once_unless_forced() -> None:
    simulation = morning()
    assert [simulation.run().status for _ in range(2)] == ["SUCCEEDED", "SUCCEEDED"]
    assert len(simulation.mails) == 1
    simulation.run(date="2025-01-15", force=True)
    assert len(simulation.mails) == 2


def test_late_data_make_a_restated_report_that_says_what_changed() -> None:
    simulation, chain = morning(), Chain(3, products=8)
    simulation.facts.remove("S02", LAST)
    simulation.run()
    assert [item["scope"] for item in simulation.report()["items"]] == ["store:S02"]
    chain.sell(simulation.facts, "S02", LAST)
    simulation.run(date="2025-01-15")
    report = simulation.report()
    assert report["version"] == 2
    assert [change["what"] for change in report["changes"]] == [
        "net sales",
        "stores reported",
        "no longer unusual",
    ]
    assert len(simulation.mails) == 1
    simulation.run(date="2025-01-15")
    assert simulation.report()["version"] == 2  # nothing has changed since


def test_a_day_that_changed_after_its_report_is_named_the_next_morning() -> None:
    simulation, chain = morning(), Chain(3, products=8)
    simulation.run(date="2025-01-14")
    chain.sell(simulation.facts, "S02", LAST - timedelta(days=1), factor=1.5)
    simulation.run()
    (restated,) = simulation.report()["restatedDays"]
    assert restated["date"] == "2025-01-14"
    assert restated["afterCents"] > restated["beforeCents"]


@pytest.mark.parametrize("given", ["2025-01-16", "2025-02-30", "yesterday", 7, "20250115", "2025-W03-3"])
def test_a_date_that_cannot_be_reported_fails_at_once_by_name(given: object) -> None:
    simulation = morning(stores=1)
    execution = simulation.run(date=given)
    assert (execution.status, execution.error) == ("FAILED", "InvalidInputError")
    assert simulation.alerts == ["AnalysisFailed"]


@pytest.mark.parametrize("state", ["GetStoreSummaries", "GenerateReport", "SendDailyReport"])
def test_a_failure_is_told_in_plain_words_with_a_link_and_nothing_of_its_cause(state: str) -> None:
    """What a function threw, its trace, and whatever of the sales stands in them stay in the execution."""
    simulation = morning()
    trace = json.dumps({"errorMessage": "store 7 sold 'x' {y}", "stackTrace": ['  File "x.py", line 1']})
    simulation.failing = lambda call: TaskError("Boom", trace) if call.state_name == state else None
    execution = simulation.run()
    assert (execution.error, execution.cause) == ("Boom", trace)
    said = simulation.published[-1]["Message"]
    assert said.startswith("The daily analysis failed (Boom)")
    assert "it mails again only when forced" in said, "POST alone would not mail what could not be mailed"
    assert said.endswith(f"${{ConsoleUrl}}#/runs/daily-analysis%3A{execution.name}")
    for part in ("store 7", "{y}", "File", "stackTrace", "errorMessage", '"', "arn:"):
        assert part not in said, part


def test_ten_thousand_stores_travel_by_reference() -> None:
    simulation = MorningSimulation()
    chain = Chain(10_000, products=2)
    for back in (0, 1):
        for store in chain.stores:
            chain.sell(simulation.facts, store, LAST - timedelta(days=back))
    execution = simulation.run()
    assert execution.status == "SUCCEEDED"
    assert simulation.report()["company"]["completeness"]["reportedStores"] == 10_000
    assert simulation.largest_payload < 200 * 1024
    assert len(json.dumps(execution.output)) < 200 * 1024


def test_a_refused_answer_is_tried_once_more() -> None:
    simulation = morning()
    without_models()(simulation)
    simulation.models["DetectAnomalies"] = FailingTextModel(ModelAnswerError("no JSON"))
    execution = simulation.run()
    tries = [e for e in execution.history.events if e.type == "TaskFailed"]
    assert len(tries) == 2
