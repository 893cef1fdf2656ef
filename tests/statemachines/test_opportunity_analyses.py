"""Scenario -> path of the three analyses, with the real services on the virtual clock."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from chalicelib.core.ai import ModelRefusedError, ModelThrottledError, ModelUnavailableError
from chalicelib.opportunities.errors import QueryEngineBusyError, QueryFailedError, QueryTimeoutError
from tests.fakes.machine import path
from tests.fakes.opportunities.simulation import DETAILS, FOLDER, MACHINES, AnalysisSimulation, rows

OPPORTUNITY, FUNDING, FOLLOW_ON = MACHINES
ASK = ["ClearPreviousResults", "GenerateQuery", "ExecuteQuery"]
STANDARD = [*ASK, "AnalysisChoice", "AnalyzeWithStandardModel", "FormatResults", "RelatedChoice"]
PREMIER = [*ASK, "AnalysisChoice", "AnalyzeWithNovaPremier", "FormatResults", "RelatedChoice"]
DONE = ["AnalysisCompleted"]
BAD = ["SELECT * FROM users", "DROP TABLE accounts", "SELECT evil(account) FROM accounts"]

Arrange = Callable[[AnalysisSimulation], None]


def writes(*queries: str | Exception) -> Arrange:
    return lambda simulation: simulation.model.queries.extend(queries)


def says(*summaries: str | Exception) -> Arrange:
    return lambda simulation: simulation.model.summaries.extend(summaries)


def engine_fails(error: Exception, times: int = 100) -> Arrange:
    return lambda simulation: simulation.engine_of_queries.failures.extend([error] * times)


def finds(count: int) -> Arrange:
    many = [dict(rows()[n % len(rows())], opportunity_id=f"X{n}") for n in range(count)]
    return lambda simulation: setattr(simulation.engine_of_queries, "rows", many)


def as_it_is(simulation: AnalysisSimulation) -> None: ...


@dataclass(frozen=True)
class Scenario:
    name: str
    path: list[str]
    error: str | None = None
    machine: str = OPPORTUNITY
    arrange: Arrange = as_it_is
    options: dict[str, Any] = field(default_factory=dict)


NO_DATE = {key: value for key, value in DETAILS.items() if key != "closeDate"}
SCENARIOS = [
    Scenario("standard model", [*STANDARD, *DONE]),
    Scenario("Nova Premier", [*PREMIER, *DONE], options={"useNovaPremier": True}),
    Scenario("without validation", [*STANDARD, *DONE], options={"includeValidation": False}),
    Scenario("bad SQL twice, then good", [*STANDARD, *DONE], arrange=writes(*BAD[:2])),
    Scenario("bad SQL three times", [*ASK[:2], "QueryGenerationFailed"], "QueryGenerationFailed",
    arrange=writes(*BAD)),
    Scenario("SQL without the columns three times", [*ASK[:2], "QueryGenerationFailed"], "QueryGenerationFailed",
             arrange=writes(*["SELECT account FROM accounts"] * 3)),
    Scenario("the model is throttled, then writes", [*STANDARD, *DONE],
             arrange=writes(*[ModelThrottledError("slow down")] * 4)),
    Scenario("the model stays throttled", [*ASK[:2], "QueryGenerationFailed"], "QueryGenerationFailed",
             arrange=writes(*[ModelThrottledError("slow down")] * 100)),
    Scenario("the model times out, then writes", [*STANDARD, *DONE],
             arrange=writes(*[ModelUnavailableError("no answer in time")] * 2)),
    Scenario("the model refuses", [*ASK[:2], "QueryGenerationFailed"], "QueryGenerationFailed",
             arrange=writes(*[ModelRefusedError("no such model")] * 9)),
    Scenario("the model is throttled over its words", [*STANDARD, *DONE],
    arrange=says(ModelThrottledError("slow"))),
    Scenario("the model refuses its words", [*STANDARD[:-2], "AnalysisFailed"], "AnalysisFailed",
             arrange=says(*[ModelRefusedError("no")] * 9)),
    Scenario("Nova Premier refuses its words", [*PREMIER[:-2], "AnalysisFailed"], "AnalysisFailed",
             arrange=says(*[ModelRefusedError("no")] * 9), options={"useNovaPremier": True}),
    Scenario("Athena fails", [*ASK, "DataRetrievalFailed"], "DataRetrievalFailed",
             arrange=engine_fails(QueryFailedError("SYNTAX_ERROR"))),
    Scenario("Athena is busy, then answers", [*STANDARD, *DONE],
             arrange=engine_fails(QueryEngineBusyError("throttled"), 4)),
    Scenario("Athena stays busy", [*ASK, "DataRetrievalFailed"], "DataRetrievalFailed",
             arrange=engine_fails(QueryEngineBusyError("throttled"))),
    Scenario("Athena is slow", [*ASK, "DataRetrievalFailed"], "DataRetrievalFailed",
             arrange=engine_fails(QueryTimeoutError("cancelled after 120 s"))),
    Scenario("nothing is found", [*STANDARD, *DONE], arrange=finds(0)),
    Scenario("100,000 rows are found", [*STANDARD, *DONE], arrange=finds(100_000)),
    Scenario("asked in Slack", [*STANDARD, "TellInSlack", *DONE], options={"slack_channel": "C1"}),
    Scenario("no close date", ["ClearPreviousResults", "InvalidRequest"], "InvalidRequest", options={"details":
    NO_DATE}),
    *(
        scenario
        for machine, state in ((FUNDING, "AnalyzeFunding"), (FOLLOW_ON, "AnalyzeFollowOn"))
        for scenario in (
            Scenario(f"{machine} alone", [*ASK, "ModelChoice", state, "FormatResults", *DONE], None, machine),
            Scenario(f"{machine} by Nova Premier",
                     [*ASK, "ModelChoice", f"{state}WithNovaPremier", "FormatResults", *DONE], None, machine,
                     options={"useNovaPremier": True}),
            Scenario(f"{machine} finds nothing", [*ASK, "ModelChoice", state, "FormatResults", *DONE], None,
            machine,
                     finds(0)),
            Scenario(f"{machine}: bad SQL three times", [*ASK[:2], "QueryGenerationFailed"],
            "QueryGenerationFailed",
                     machine, writes(*BAD)),
            Scenario(f"{machine}: Athena fails", [*ASK, "DataRetrievalFailed"], "DataRetrievalFailed", machine,
                     engine_fails(QueryFailedError("no"))),
            Scenario(f"{machine}: words refused", [*ASK, "ModelChoice", state, "AnalysisFailed"], "AnalysisFailed",
                     machine, says(*[ModelRefusedError("no")] * 9)),
        )
    ),
]  # fmt: skip


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.name)
def test_path(scenario: Scenario) -> None:
    simulation = AnalysisSimulation()
    scenario.arrange(simulation)
    execution = simulation.start(scenario.machine, **scenario.options)
    assert path(execution) == scenario.path
    assert (execution.status, execution.error) == ("FAILED" if scenario.error else "SUCCEEDED", scenario.error)
    assert bool(simulation.analyses.items) == (scenario.error is None)


class TestNested:
    def test_both_run_beside_each_other_under_the_parents_name(self) -> None:
        simulation = AnalysisSimulation()
        execution = simulation.start(includeFunding=True, includeFollowOn=True)
        assert execution.status == "SUCCEEDED", execution.cause
        related = execution.output["related"]
        assert (related["funding"]["status"], related["followOn"]["status"]) == ("SUCCEEDED", "SUCCEEDED")
        assert {arn.rsplit(":", 2)[1] for arn in (related[k]["executionArn"] for k in related)} == {
            FUNDING,
            FOLLOW_ON,
        }
        assert {kind for _, kind in simulation.analyses.items} == {"opportunity", "funding", "followOn"}
        assert {analysis_id for analysis_id, _ in simulation.analyses.items.values()} == {"run-1"}

    @pytest.mark.parametrize(("broken", "whole"), [(FUNDING, FOLLOW_ON), (FOLLOW_ON, FUNDING)])
    def test_one_failing_leaves_the_others(self, broken: str, whole: str) -> None:
        simulation = AnalysisSimulation()
        simulation.faults.on(machine=broken, state="ExecuteQuery").raises("QueryFailedError", "no")
        execution = simulation.start(includeFunding=True, includeFollowOn=True)
        names = {FUNDING: "funding", FOLLOW_ON: "followOn"}
        related = execution.output["related"]
        assert execution.status == "SUCCEEDED"
        assert related[names[broken]]["status"] == "FAILED"
        assert "DataRetrievalFailed" in related[names[broken]]["cause"]
        assert related[names[whole]]["status"] == "SUCCEEDED"

    @pytest.mark.parametrize("state", ["RunFundingAnalysis", "RunFollowOnAnalysis"])
    @pytest.mark.parametrize(
        "error", ["SdkClientException", "AWSStepFunctionsException", "SfnException", "ServiceException"]
    )
    def test_a_start_that_fails_in_passing_is_tried_again_and_starts_one_run(self, error: str, state: str) -> None:
        simulation = AnalysisSimulation()
        for attempt in range(3):
            place = simulation.faults.on(state=state, attempt=attempt)
            place.raises(f"StepFunctions.{error}", "Internal error")
        execution = simulation.start(includeFunding=True, includeFollowOn=True)
        assert execution.status == "SUCCEEDED", execution.cause
        assert {one["status"] for one in execution.output["related"].values()} == {"SUCCEEDED"}
        assert len(simulation.analyses.items) == 3

    def test_only_what_was_asked_for_runs(self) -> None:
        simulation = AnalysisSimulation()
        execution = simulation.start(includeFunding=True)
        assert execution.output["related"]["followOn"] == {"status": "NOT_ASKED"}
        assert {kind for _, kind in simulation.analyses.items} == {"opportunity", "funding"}


def tasks(machine: str) -> list[str]:
    definition = json.loads((FOLDER / f"{machine}.asl.json").read_text())
    return [name for name, state in definition["States"].items() if state["Type"] == "Task"]


PLACES = [(machine, state, attempt) for machine in MACHINES for state in tasks(machine) for attempt in (0, 1, 2)]


@pytest.mark.parametrize("kind", ["throttled", "crashed", "lost answer", "timed out"])
@pytest.mark.parametrize(("machine", "state", "attempt"), PLACES)
def test_a_fault_at_every_task_and_attempt_is_mended_or_named(
    machine: str, state: str, attempt: int, kind: str
) -> None:
    """Faults on the first tries are mended, and what is stored is stored once."""
    simulation = AnalysisSimulation()
    for tried in range(attempt + 1):
        place = simulation.faults.on(machine=machine, state=state, attempt=tried)
        if kind == "throttled":
            place.raises("Lambda.TooManyRequestsException", "Rate Exceeded")
        elif kind == "timed out":
            place.times_out()
        else:
            place.crashes(after_work=kind == "lost answer")
    execution = simulation.start(machine, useNovaPremier=state.endswith("NovaPremier"), slack_channel="C1")
    definition = json.loads((FOLDER / f"{machine}.asl.json").read_text())["States"]
    last = path(execution)[-1]
    assert definition[last]["Type"] in ("Succeed", "Fail")
    assert len(simulation.analyses.items) <= 1
    if attempt < 2 or kind == "throttled":
        assert execution.status == "SUCCEEDED", (execution.error, execution.cause)


@pytest.mark.parametrize(("machine", "state"), [(m, s) for m in MACHINES for s in tasks(m)])
@pytest.mark.parametrize("error", ["Boom", "States.Timeout", "Lambda.TooManyRequestsException"])
def test_a_fault_that_stays_ends_in_a_named_failure(machine: str, state: str, error: str) -> None:
    simulation = AnalysisSimulation()
    simulation.faults.on(machine=machine, state=state).raises(error)
    execution = simulation.start(machine, useNovaPremier=state.endswith("NovaPremier"), slack_channel="C1")
    if state == "TellInSlack":
        assert (execution.status, path(execution)[-2:]) == ("SUCCEEDED", ["TellInSlack", "AnalysisCompleted"])
        return
    ends = {
        "ClearPreviousResults": "ClearingFailed",
        "GenerateQuery": "QueryGenerationFailed",
        "ExecuteQuery": "DataRetrievalFailed",
    }
    wanted = ends.get(state, "AnalysisFailed")
    assert (execution.status, execution.error, path(execution)[-1]) == ("FAILED", wanted, wanted)


def test_of_a_hundred_thousand_rows_the_latest_are_read_and_it_is_said() -> None:
    simulation = AnalysisSimulation()
    finds(100_000)(simulation)
    output = simulation.start(FOLLOW_ON).output
    assert (output["data"]["rowCount"], output["data"]["cut"]) == (20_000, True)


def test_who_asked_in_slack_is_told_there_with_what_was_related() -> None:
    simulation = AnalysisSimulation()
    execution = simulation.start(includeFunding=True, slack_channel="C7")
    assert path(execution)[-3:] == ["AskedInSlackChoice", "TellInSlack", "AnalysisCompleted"]
    (told,) = simulation.told
    assert (told["room"], told["message"]) == ("opportunities", "analysis_finished")
    assert told["data"] == {"analysisId": "opportunity-analysis:run-1", "channel": "C7"}
    assert execution.output["related"]["funding"]["status"] == "SUCCEEDED"


def test_the_output_has_sql_rows_and_claims() -> None:
    simulation = AnalysisSimulation()
    output = simulation.start().output
    assert output["query"]["sql"].startswith("SELECT")
    assert output["data"]["rowCount"] == len(rows())
    cited = {row for claim in output["result"]["claims"] for row in claim["rows"]}
    assert cited
    assert cited <= {str(row["opportunity_id"]) for row in rows()}
    assert output["validation"]["problems"] == []
    assert output["validation"]["claims"] == len(output["result"]["claims"])


def test_refused_attempts_are_told_to_the_model_and_kept() -> None:
    simulation = AnalysisSimulation()
    simulation.model.queries = list(BAD[:2])
    output = simulation.start().output
    assert [one["sql"] for one in output["query"]["refusedAttempts"]] == BAD[:2]
    assert [one["reason"].split(":")[0] for one in output["query"]["refusedAttempts"]] == [
        "unknown_table",
        "no_query",
    ]
    told = [len(request.facts["attempts"]) for request in simulation.model.asked if "attempts" in request.facts]
    assert told == [0, 1, 2]


def test_the_cause_has_the_reason_of_each_attempt() -> None:
    simulation = AnalysisSimulation()
    simulation.model.queries = list(BAD)
    cause = simulation.start().cause or ""
    assert all(word in cause for word in ("1. unknown_table", "2. no_query", "3. unknown_function"))


def test_a_later_analysis_clears_its_own_results_alone() -> None:
    simulation = AnalysisSimulation()
    simulation.start(includeFunding=True)
    simulation.start(name="other", details=DETAILS | {"oppName": "Another"})
    before = dict(simulation.analyses.items)
    simulation.faults.on(state="GenerateQuery").raises("Boom")
    simulation.start(name="run-2")
    gone = before.keys() - simulation.analyses.items.keys()
    assert {kind for _, kind in gone} == {"opportunity"}
    assert len(gone) == 1
    assert len(simulation.rows.files) == 2
