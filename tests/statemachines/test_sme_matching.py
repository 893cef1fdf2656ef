"""Scenario -> path of ``sme-matching``, with the real services on the virtual clock."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.core.ai.embedded import HashingEmbeddingModel
from chalicelib.core.slack import SlackRejectedError
from chalicelib.tickets.service import embedding, intake
from localcloud.stepfunctions import Execution, TaskCall, TaskError
from tests.fakes.machine import path
from tests.fakes.tickets.simulation import (
    DEFINITION,
    HOUR,
    KEY,
    TICKET,
    MatchSimulation,
    choose,
    engine_result,
    reject,
)
from tests.fakes.tickets.stores import FakeMatchRuns

STATES: dict[str, Any] = json.loads(DEFINITION.read_text())["States"]
BEGIN = ["ValidateInput", "CheckEmbeddingExists"]
MAKE = ["GenerateEmbedding", "WaitForEmbedding"]
MATCH = ["RunRAGPipeline", "ParseRAGOutput", "ValidateSMERecommendations"]
POST = ["SendSlackNotification", "WorkflowSuccess"]
LOW = ["LowConfidenceAlert", "ManualEscalation"]
NONE = ["NoSMEsFound", "ManualEscalation"]
CHOSEN = ["CheckEscalationDecision", "AssignChosenSme"]
INVALID = ["ValidateInput", "TellValidationFailed", "ValidationFailed"]
"""The parts of each way through."""

Arrange = Callable[[MatchSimulation], None]


def fails(state: str, error: str = "Boom", times: int = 1_000) -> Arrange:
    """Let the first ``times`` tries of ``state`` fail."""

    def arrange(simulation: MatchSimulation) -> None:
        left = {"tries": times}

        def failing(call: TaskCall) -> TaskError | None:
            if call.state_name != state or left["tries"] == 0:
                return None
            left["tries"] -= 1
            return TaskError(error, "" if error == "States.Timeout" else f"{state} was told to")

        simulation.failing = failing

    return arrange


def answers(result: Any) -> Arrange:
    return lambda simulation: setattr(simulation, "engine_answers", result)


def asks(result: Any, operator: Callable[[dict[str, Any]], Any]) -> Arrange:
    def arrange(simulation: MatchSimulation) -> None:
        simulation.engine_answers = result
        simulation.operator = operator

    return arrange


def both(*steps: Arrange) -> Arrange:
    def arrange(simulation: MatchSimulation) -> None:
        for step in steps:
            step(simulation)

    return arrange


def slack_refuses(simulation: MatchSimulation) -> None:
    simulation.slack.error = SlackRejectedError("Slack chat.postMessage: channel_not_found")


def index_shows_late(looks: int) -> Arrange:
    return lambda simulation: setattr(simulation.index, "hidden_looks", looks)


def solved(simulation: MatchSimulation) -> None:
    simulation.files.versions[KEY].append(json.dumps(TICKET | {"status": "solved"}).encode())


def nobody_answers_and(then: Callable[[MatchSimulation], None], result: Any = None) -> Arrange:
    """Let nobody be eligible, no operator answer, and ``then`` happen an hour before the first expert is free."""

    def arrange(simulation: MatchSimulation) -> None:
        simulation.engine_answers = result or EMPTY
        simulation.operator = lambda _request: None
        until = datetime.fromisoformat(simulation.engine_answers["heldUntil"]).timestamp()
        simulation.timeline.call_at(until - HOUR, lambda: then(simulation))

    return arrange


def is_solved(simulation: MatchSimulation) -> None:
    """The ticket system says that the ticket is solved, by Ben."""
    body = TICKET | {"status": "solved", "solver": "cre002"}
    simulation.files.versions[KEY].append(json.dumps(body).encode())
    ports = intake.Ports(simulation.files, simulation.store, FakeMatchRuns())
    evidence = embedding.Ports(simulation.files, HashingEmbeddingModel(), simulation.index)
    intake.stored(KEY, "", ports, evidence, simulation.clock)


def is_free_again(simulation: MatchSimulation) -> None:
    simulation.engine_answers = engine_result(0.92, 0.88)


def crashes(simulation: MatchSimulation) -> None:
    simulation.engine_answers = None


def another_execution(simulation: MatchSimulation) -> None:
    record = simulation.store.records["12345"]
    simulation.store.save(replace(record, execution_arn=f"{record.execution_arn}-again"))


def solved_before_the_choice(simulation: MatchSimulation) -> None:
    simulation.engine_answers = LOW_RESULT
    simulation.timeline.call_at(simulation.timeline.now() + HOUR / 2, lambda: is_solved(simulation))


def as_it_is(simulation: MatchSimulation) -> None: ...


@dataclass(frozen=True)
class Scenario:
    name: str
    path: list[str]
    status: str = "SUCCEEDED"
    error: str | None = None
    arrange: Arrange = as_it_is
    run_input: Any = None
    alert: str | None = None


def failed(name: str, states: list[str], arrange: Arrange, run_input: Any = None) -> Scenario:
    """A scenario that ends in the Fail state named last, told by an alert of that name."""
    return Scenario(name, states, "FAILED", states[-1], arrange, run_input, states[-1])


HELD = [*NONE, "CheckHeld", "WaitUntilFree", "TakeUpHeldTicket"]
GIVEN = {"ticket_id": "12345", "bucket": "tickets", "key": KEY}
NEW = GIVEN | {"embedding_exists": False}
LOW_RESULT, EMPTY = engine_result(0.5, 0.4), engine_result(heldUntil="2026-06-02T07:00:00Z")
AWAY = engine_result(heldUntil="2026-06-08T07:00:00Z")
PLAIN = [*BEGIN, *MATCH, *POST]
EMBEDDING_FAILED = ["TellEmbeddingFailed", "EmbeddingGenerationFailed"]
PIPELINE_FAILED = ["RunRAGPipeline", "ParseRAGOutput", "TellPipelineFailed", "RAGPipelineFailed"]
SLACK_FAILED = ["SendSlackNotification", "TellSlackFailed", "SlackNotificationFailed"]
ESCALATION_FAILED = ["TellEscalationFailed", "EscalationFailed"]

SCENARIOS = [
    Scenario("matched and posted", PLAIN),
    Scenario("the embedding has to be made", [*BEGIN, *MAKE, *MATCH, *POST], run_input=NEW),
    Scenario("nobody says whether it exists, and it does not", [*BEGIN, *MAKE, *MATCH, *POST], run_input=GIVEN),
    Scenario("the index shows it at the fifth look", [*BEGIN, *MAKE, *MATCH, *POST], arrange=index_shows_late(4),
             run_input=NEW),
    Scenario("low confidence, an operator chooses", [*BEGIN, *MATCH, *LOW, *CHOSEN, *POST],
             arrange=answers(LOW_RESULT)),
    Scenario("low confidence, an operator declines", [*BEGIN, *MATCH, *LOW, "CheckEscalationDecision",
             "EscalationDeclined"], arrange=asks(LOW_RESULT, lambda _request: reject())),
    Scenario("low confidence, an operator wants nobody", [*BEGIN, *MATCH, *LOW, "CheckEscalationDecision",
             "EscalationDeclined"], arrange=asks(LOW_RESULT, lambda _request: choose("nobody"))),
    Scenario("nobody available, an operator chooses", [*BEGIN, *MATCH, *NONE, *CHOSEN, *POST],
             arrange=answers(EMPTY)),
    Scenario("the alert fails and the question is asked", [*BEGIN, *MATCH, *LOW, *CHOSEN, *POST],
             arrange=both(answers(LOW_RESULT), fails("LowConfidenceAlert"))),
    Scenario("the other alert fails and the question is asked", [*BEGIN, *MATCH, *NONE, *CHOSEN, *POST],
             arrange=both(answers(EMPTY), fails("NoSMEsFound"))),
    Scenario("nobody available, matched again when somebody is", [*BEGIN, *MATCH, *HELD, *MATCH, *POST],
             arrange=nobody_answers_and(is_free_again)),
    Scenario("nobody available for a week", [*BEGIN, *MATCH, *HELD, *MATCH, *POST],
             arrange=nobody_answers_and(is_free_again, AWAY)),
    Scenario("held twice", [*BEGIN, *MATCH, *HELD, *MATCH, *HELD, *MATCH, *POST],
             arrange=both(nobody_answers_and(answers(AWAY)), nobody_answers_and(is_free_again, AWAY),
                          answers(EMPTY))),
    Scenario("solved while it is held", [*BEGIN, *MATCH, *HELD, "TicketMovedOn"],
             arrange=nobody_answers_and(is_solved)),
    Scenario("matched by another execution while it is held", [*BEGIN, *MATCH, *HELD, "TicketMovedOn"],
             arrange=nobody_answers_and(another_execution)),
    Scenario("solved before the operator chooses", [*BEGIN, *MATCH, *LOW, *CHOSEN, "TicketMovedOn"],
             arrange=solved_before_the_choice),
    failed("the container crashes after a hold", [*BEGIN, *MATCH, *HELD, *PIPELINE_FAILED],
           nobody_answers_and(crashes)),
    failed("a held ticket cannot be taken up", [*BEGIN, *MATCH, *HELD, *ESCALATION_FAILED],
           both(nobody_answers_and(is_free_again), fails("TakeUpHeldTicket"))),
    Scenario("the container crashes twice", PLAIN, arrange=fails("RunRAGPipeline", "States.TaskFailed", 2)),
    Scenario("the lost token is issued again", [*BEGIN, *MATCH, *LOW, *CHOSEN, *POST],
             arrange=both(answers(LOW_RESULT), fails("ManualEscalation", "ApprovalTokenLostError", 2))),
    failed("no ticket at all", INVALID, as_it_is, {"ticket_id": "", "bucket": "else", "key": "x"}),
    failed("the input is no object", INVALID, as_it_is, ["12345"]),
    failed("the object is missing", INVALID, as_it_is, GIVEN | {"key": "raw-tickets/none.json"}),
    failed("solved meanwhile", INVALID, solved),
    failed("validation crashes", INVALID, fails("ValidateInput")),
    failed("the embedding cannot be made", [*BEGIN, "GenerateEmbedding", *EMBEDDING_FAILED],
           fails("GenerateEmbedding"), NEW),
    failed("the index never shows it", [*BEGIN, *MAKE, *EMBEDDING_FAILED], index_shows_late(1_000), NEW),
    failed("the container crashes for good", [*BEGIN, *PIPELINE_FAILED],
           both(answers(None), fails("RunRAGPipeline", "States.TaskFailed"))),
    failed("the container takes too long", [*BEGIN, *PIPELINE_FAILED],
           both(answers(None), fails("RunRAGPipeline", "States.Timeout"))),
    failed("the engine writes nothing", [*BEGIN, *PIPELINE_FAILED], answers(None)),
    failed("the engine writes something else", [*BEGIN, *PIPELINE_FAILED], answers({"version": 1})),
    failed("Slack refuses", [*BEGIN, *MATCH, *SLACK_FAILED], slack_refuses),
    failed("nobody decides", [*BEGIN, *MATCH, *LOW, "CheckHeld", "TellEscalationTimedOut", "EscalationTimedOut"],
           asks(LOW_RESULT, lambda _request: None)),
    failed("the question cannot be asked", [*BEGIN, *MATCH, *LOW, *ESCALATION_FAILED],
           both(answers(LOW_RESULT), fails("ManualEscalation"))),
    failed("the choice is nobody known", [*BEGIN, *MATCH, *LOW, *CHOSEN, *ESCALATION_FAILED],
           asks(LOW_RESULT, lambda _request: choose("cre404"))),
    *(
        Scenario(f"{state} is tried again until it works", [*BEGIN, *MAKE, *MATCH, *POST],
                 arrange=fails(state, "Boom", 2), run_input=NEW)
        for state in ("ValidateInput", "GenerateEmbedding", "WaitForEmbedding", "RunRAGPipeline", "ParseRAGOutput",
                      "SendSlackNotification")
    ),
    *(
        Scenario(f"{state} is throttled six times", [*BEGIN, *MATCH, *LOW, *CHOSEN, *POST],
                 arrange=both(answers(LOW_RESULT), fails(state, "Lambda.TooManyRequestsException", 6)))
        for state in ("ValidateInput", "ParseRAGOutput", "LowConfidenceAlert", "ManualEscalation",
                      "AssignChosenSme", "SendSlackNotification")
    ),
]  # fmt: skip


def run(scenario: Scenario) -> tuple[MatchSimulation, Execution]:
    simulation = MatchSimulation()
    scenario.arrange(simulation)
    return simulation, simulation.run(scenario.run_input)


def named(name: str) -> Scenario:
    return next(one for one in SCENARIOS if one.name == name)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.name)
def test_path(scenario: Scenario) -> None:
    simulation, execution = run(scenario)
    assert path(execution) == scenario.path
    assert (execution.status, execution.error) == (scenario.status, scenario.error)
    assert [event for event, _ in simulation.alerts] == ([scenario.alert] if scenario.alert else [])
    assert len(simulation.slack.said("recommendation/")) == (scenario.path[-1] == "WorkflowSuccess")


def test_every_state_is_reached() -> None:
    reached = {state for scenario in SCENARIOS for state in scenario.path}
    assert set(STATES) == reached


def test_the_plain_path_is_as_short_as_promised() -> None:
    assert len(PLAIN) == 7
    assert len([*BEGIN, *MAKE, *MATCH, *POST]) == 9


def test_the_output_is_as_documented() -> None:
    _, execution = run(SCENARIOS[0])
    output = execution.output
    assert output["ticket_id"] == "12345"
    recommended = output["sme_recommendations"]
    assert recommended["top_smes"][0] == {
        "cre_id": "cre001",
        "name": "Ada Ruiz",
        "confidence": 0.92,
        "reasoning": "Ada Ruiz solved tickets like it",
        "slack_id": "U00ADA",
    }
    assert (len(recommended["top_smes"]), recommended["confidence"]) == (3, 0.8833)
    assert output["slack_result"] == {"message_ts": "1.0", "channel": "C0SUPPORT"}


def test_every_problem_is_in_the_cause_and_no_value_of_the_ticket() -> None:
    _, execution = run(named("no ticket at all"))
    assert all(place in (execution.cause or "") for place in ("ticket_id", "bucket", "key"))


@pytest.mark.parametrize("tell", sorted(name for name in STATES if name.startswith("Tell")))
def test_an_alert_is_plain_words_and_a_link_and_nothing_of_the_cause(tell: str) -> None:
    """What a function threw, its trace, and whatever of the ticket stands in them stay in the execution."""
    states = {
        "TellValidationFailed": "ValidateInput",
        "TellEmbeddingFailed": "WaitForEmbedding",
        "TellPipelineFailed": "ParseRAGOutput",
        "TellEscalationTimedOut": "ManualEscalation",
        "TellEscalationFailed": "AssignChosenSme",
        "TellSlackFailed": "SendSlackNotification",
    }
    thrown = json.dumps(
        {
            "errorMessage": "hunter2 in {braces} and 'quotes'",
            "errorType": "Boom",
            "stackTrace": ['  File "/var/task/chalicelib/tickets/x.py", line 1, in f'],
        }
    )
    simulation = MatchSimulation()
    simulation.engine_answers = LOW_RESULT
    error = "States.Timeout" if tell == "TellEscalationTimedOut" else "Boom"
    simulation.failing = lambda call: TaskError(error, thrown) if call.state_name == states[tell] else None
    run_input = {"ticket_id": "12345", "bucket": "tickets", "key": KEY, "embedding_exists": False}
    simulation.start(run_input)
    simulation.timeline.run_until_idle()
    ((_, said),) = simulation.alerts
    assert said.endswith("#/runs/sme-matching%3Arun-1")
    assert ("Ticket 12345 " in said) is (tell != "TellValidationFailed")
    for part in ("hunter2", "braces", "File", "stackTrace", "errorMessage", '"', "arn:"):
        assert part not in said, part


def test_waiting_for_the_index_costs_no_states_and_ends_after_five_looks() -> None:
    simulation, execution = run(named("the index never shows it"))
    assert 1_000 - simulation.index.hidden_looks == 5
    assert execution.stopped_at is not None
    assert execution.stopped_at - execution.started_at < 60


def test_an_operator_sees_the_top_three_with_their_evidence() -> None:
    simulation, execution = run(named("low confidence, an operator chooses"))
    (question,) = simulation.questions
    assert [one["value"] for one in question["options"]] == ["cre001", "cre002", "nobody"]
    assert "9001 Lag (0.80)" in question["options"][0]["evidence"]
    assert question["facts"]["About"] == "Replica lags behind"
    assert execution.output["assignment"]["cre_id"] == "cre002"
    assert simulation.smes.get("cre002").open_assignments == 1
    assert [row.kind for row in simulation.store.labels("12345")] == ["chosen"]


def test_with_nobody_available_the_operator_is_told_until_when() -> None:
    simulation = MatchSimulation()
    simulation.engine_answers = engine_result(
        heldUntil="2026-06-02T07:00:00Z",
        removed=[{"creId": "cre001", "rule": "leave"}, {"creId": "unknown", "rule": "hours"}],
    )
    simulation.operator = lambda _request: choose("cre001")
    simulation.run()
    (question,) = simulation.questions
    assert question["facts"]["Next free"] == "Tue 02 Jun 2026 07:00 UTC, when it is matched again"
    assert question["timeoutSeconds"] == 19 * HOUR
    assert question["options"][0] == {"value": "cre001", "label": "Ada Ruiz", "evidence": "left out: on leave"}
    (alert,) = simulation.slack.said("nobody-available/")
    assert "Tue 02 Jun 2026 07:00 UTC" in alert.text


def test_a_held_ticket_is_matched_when_the_expert_is_free_and_not_before() -> None:
    simulation, execution = run(named("nobody available, matched again when somebody is"))
    assert execution.stopped_at == datetime(2026, 6, 2, 7, tzinfo=UTC).timestamp()
    assert simulation.container_starts == 2
    record = simulation.store.records["12345"]
    assert (record.standing, record.recommendation_id) == ("posted", "run-1-20260602070000")
    assert simulation.smes.get("cre001").open_assignments == 1
    _, week_later = run(named("nobody available for a week"))
    assert week_later.stopped_at == datetime(2026, 6, 8, 7, tzinfo=UTC).timestamp()


def test_each_time_nobody_is_eligible_operators_are_told() -> None:
    simulation, _ = run(named("held twice"))
    assert len(simulation.slack.said("nobody-available/")) == 2
    assert simulation.container_starts == 3


def test_a_choice_for_a_solved_ticket_burdens_nobody() -> None:
    for name in ("solved before the operator chooses", "solved while it is held"):
        simulation, _ = run(named(name))
        assert [one.open_assignments for one in simulation.smes.all()] == [0, 0, 0]
        assert simulation.store.records["12345"].standing == "solved"
        assert [(row.kind, row.cre_id) for row in simulation.store.labels("12345")] == [("solved", "cre002")]


def test_a_result_that_was_written_counts_however_its_container_ended() -> None:
    simulation = MatchSimulation()

    def written_then_killed(call: TaskCall) -> TaskError | None:
        if call.state_name != "RunRAGPipeline":
            return None
        simulation._run_container(call.arguments)
        return TaskError("States.TaskFailed", json.dumps({"Containers": [{"ExitCode": 137}]}))

    simulation.failing = written_then_killed
    execution = simulation.run()
    assert path(execution) == PLAIN
    assert len(simulation.slack.said("recommendation/")) == 1


def test_the_cause_says_how_the_container_ended() -> None:
    simulation = MatchSimulation()
    simulation.engine_answers = None
    ended = json.dumps({"Containers": [{"ExitCode": 137}], "StoppedReason": "OutOfMemoryError"})
    simulation.failing = lambda call: (
        TaskError("States.TaskFailed", ended) if call.state_name == "RunRAGPipeline" else None
    )
    execution = simulation.run()
    assert "exit code 137 (OutOfMemoryError)" in (execution.cause or "")
    assert "exit code 137" in simulation.store.records["12345"].problem


def test_a_failed_post_is_repeated_without_matching_again() -> None:
    simulation, _ = run(named("Slack refuses"))
    assert simulation.store.records["12345"].standing == "failed"
    simulation.slack.error = None
    from chalicelib.tickets.service import telling

    first = telling.post_again("12345", simulation._tell_ports, simulation.clock)
    again = telling.post_again("12345", simulation._tell_ports, simulation.clock)
    assert first == again
    assert simulation.container_starts == 1
    assert len(simulation.slack.said("recommendation/")) == 1
    assert simulation.store.records["12345"].standing == "posted"


def test_the_threshold_is_a_setting() -> None:
    simulation = MatchSimulation(threshold=0.95)
    assert path(simulation.run())[-1] == "WorkflowSuccess"
    assert len(simulation.questions) == 1


@pytest.mark.parametrize(("confidence", "asked"), [(0.6, 0), (0.5999, 1)])
def test_the_threshold_itself_is_enough(confidence: float, asked: int) -> None:
    simulation = MatchSimulation()
    simulation.engine_answers = engine_result(confidence)
    simulation.run()
    assert len(simulation.questions) == asked


def test_the_record_follows_the_execution() -> None:
    simulation, execution = run(SCENARIOS[0])
    record = simulation.store.records["12345"]
    assert (record.standing, record.execution_arn) == ("posted", execution.arn)
    assert (record.channel, record.message_ts) == ("C0SUPPORT", "1.0")
    declined, _ = run(named("low confidence, an operator declines"))
    assert declined.store.records["12345"].standing == "declined"
