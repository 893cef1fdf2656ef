"""Scenario -> path of ``campaign-execution``, with the real services on the virtual clock."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest

from chalicelib.campaigns.domain import figures, lines
from chalicelib.campaigns.domain.campaign import CallingWindow, Campaign, CampaignStatus
from chalicelib.campaigns.domain.contact import Disposition
from chalicelib.campaigns.ports.calls import Call
from localcloud.stepfunctions import Execution, TaskCall, TaskError
from tests.fakes.campaigns.samples import ALL_WEEK, DAYTIME, MONDAY_NOON, campaign, contact
from tests.fakes.campaigns.simulation import DEFINITION, CampaignSimulation, Failing
from tests.fakes.machine import path

SERVICE_ERROR = "Lambda.TooManyRequestsException"
LINK = "${ConsoleUrl}#/runs/campaign-execution%3A"
BEGIN = ["ValidateCampaign", "CheckValidation"]
WAVE = ["QueryEligibleContacts", "CheckContactsAvailable"]
LOOK = ["MonitorProgress", "CheckCampaignStatus", "IsCampaignComplete"]
END = ["GenerateReport", "NotifyUser", "CampaignCompleted"]
FAILED = ["NotifyCampaignFailed", "CampaignFailed"]
INVALID = ["CampaignValidationFailed", "NotifyValidationFailed", "ValidationFailed"]
EMPTY = ["NotifyNoContacts", "NoContactsToProcess"]
"""The final part of each way through."""


def fails(state: str, error: str = "Boom", times: int = 1_000) -> Callable[[CampaignSimulation], None]:
    """Let the first ``times`` tries of ``state`` fail."""

    def arrange(simulation: CampaignSimulation) -> None:
        left = {"tries": times}

        def failing(call: TaskCall) -> TaskError | None:
            if call.state_name != state or left["tries"] == 0:
                return None
            left["tries"] -= 1
            return TaskError(error, "" if error == "States.Timeout" else f"{state} was told to")

        simulation.failing = failing

    return arrange


def status_after(seconds: float, status: CampaignStatus) -> Callable[[CampaignSimulation], None]:
    return lambda simulation: simulation.at(
        MONDAY_NOON + timedelta(seconds=seconds), lambda: simulation.set_status(status)
    )


def suppress_all(simulation: CampaignSimulation) -> None:
    simulation.people.everywhere |= {contact(n).phone for n in range(5)}


def cancelled_with_long_calls(simulation: CampaignSimulation) -> None:
    simulation.disposition_of = lambda call: (Disposition.ANSWERED, 63.0)
    status_after(30, CampaignStatus.CANCELLED)(simulation)


def as_it_is(simulation: CampaignSimulation) -> None: ...


@dataclass(frozen=True)
class Scenario:
    name: str
    path: list[str]
    status: str = "SUCCEEDED"
    error: str | None = None
    arrange: Callable[[CampaignSimulation], None] = as_it_is
    campaign: Campaign = field(default_factory=campaign)
    contacts: int = 5
    told: str | None = "CampaignCompleted"


RUN = [*BEGIN, *WAVE, *LOOK]
SCENARIOS = [
    Scenario("all answered", [*RUN, *END]),
    Scenario(
        "invalid",
        [*BEGIN, *INVALID],
        "FAILED",
        "CampaignValidationFailed",
        campaign=campaign(windows=(CallingWindow(ALL_WEEK, time(20), time(9)),)),
        contacts=0,
        told="ValidationFailed",
    ),
    Scenario("nobody may be called", [*BEGIN, *WAVE, *EMPTY], arrange=suppress_all, told="NoContactsToProcess"),
    Scenario(
        "validation crashes", ["ValidateCampaign", *FAILED], "FAILED", "Boom",
        arrange=fails("ValidateCampaign"), told="CampaignFailed",
    ),
    Scenario(
        "dispatch crashes", [*BEGIN, "QueryEligibleContacts", *FAILED], "FAILED", "Boom",
        arrange=fails("QueryEligibleContacts"), told="CampaignFailed",
    ),
    Scenario(
        "dispatch times out", [*BEGIN, "QueryEligibleContacts", *FAILED], "FAILED", "States.Timeout",
        arrange=fails("QueryEligibleContacts", "States.Timeout"), told="CampaignFailed",
    ),
    Scenario(
        "report times out", [*RUN, "GenerateReport", "ReportGenerationFailed", "NotifyUser", "CampaignCompleted"],
        arrange=fails("GenerateReport", "States.Timeout"),
    ),
    Scenario(
        "status check crashes", [*BEGIN, *WAVE, "MonitorProgress", "CheckCampaignStatus", *FAILED],
        "FAILED", "Boom",
        arrange=fails("CheckCampaignStatus"), told="CampaignFailed",
    ),
    Scenario(
        "marked failed", [*RUN, "CampaignMarkedFailed", *FAILED], "FAILED", "CampaignFailed",
        arrange=status_after(30, CampaignStatus.FAILED), told="CampaignFailed",
    ),
    Scenario(
        "report fails", [*RUN, "GenerateReport", "ReportGenerationFailed", "NotifyUser", "CampaignCompleted"],
        arrange=fails("GenerateReport"),
    ),
    Scenario("notification of the end fails", [*RUN, *END], arrange=fails("NotifyUser"), told=None),
    Scenario("paused", [*RUN, "CampaignPaused"], arrange=status_after(30, CampaignStatus.PAUSED), told=None),
    Scenario(
        "cancelled", [*RUN, "CampaignCancelled"], arrange=status_after(30, CampaignStatus.CANCELLED), told=None
    ),
    Scenario(
        "cancelled while calls run", [*RUN, *LOOK, "CampaignCancelled"],
        arrange=cancelled_with_long_calls,
        told=None,
    ),
    *(
        Scenario(f"{state} is tried again until it works", [*RUN, *END], arrange=fails(state, "Boom", times))
        for state, times in [
            ("ValidateCampaign", 3), ("QueryEligibleContacts", 3), ("CheckCampaignStatus", 3),
            ("GenerateReport", 2), ("NotifyUser", 3),
        ]
    ),
    *(
        Scenario(f"{state} is throttled six times", [*RUN, *END], arrange=fails(state, SERVICE_ERROR, 6))
        for state in ("ValidateCampaign", "QueryEligibleContacts", "CheckCampaignStatus", "GenerateReport")
    ),
    Scenario(
        "notification of a failure fails too", [*BEGIN, "QueryEligibleContacts", *FAILED], "FAILED", "Boom",
        arrange=lambda s: setattr(
            s, "failing",
            lambda call: TaskError("Boom") if call.state_name in ("QueryEligibleContacts", FAILED[0]) else None,
        ),
        told=None,
    ),
]  # fmt: skip


def run(scenario: Scenario) -> tuple[CampaignSimulation, Execution]:
    simulation = CampaignSimulation(MONDAY_NOON)
    simulation.add(scenario.campaign, [contact(n) for n in range(scenario.contacts)])
    scenario.arrange(simulation)
    execution = simulation.start()
    simulation.timeline.run_until_idle()
    return simulation, execution


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.name)
def test_path(scenario: Scenario) -> None:
    simulation, execution = run(scenario)
    assert path(execution) == scenario.path
    assert (execution.status, execution.error) == (scenario.status, scenario.error)
    assert [event for event, _ in simulation.notifications] == ([scenario.told] if scenario.told else [])


def test_every_state_is_reached() -> None:
    reached = {state for scenario in SCENARIOS for state in scenario.path}
    states = set(json.loads(DEFINITION.read_text())["States"])
    assert states - reached == {"ContinueAsNew", "CampaignContinued"}  # reached below


def test_the_output_is_the_seeds() -> None:
    simulation, execution = run(SCENARIOS[0])
    output = execution.output
    assert (output["campaignId"], output["campaignName"]) == ("spring", "Spring")
    assert output["statusResult"]["status"] == "completed"
    assert output["statusResult"]["totalContacts"] == output["statusResult"]["completedContacts"] == 5
    assert output["statusResult"]["completionPercentage"] == 100
    assert output["reportResult"]["Payload"] == {"reportUrl": "https://reports.example/spring.pdf"}
    assert simulation.notifications[0][1] == (
        "Campaign spring is complete: 5 of 5 contacts have ended. Its report, by a link that ends in an hour:"
        f" https://reports.example/spring.pdf What happened: {LINK}{execution.name}"
    )


def test_every_problem_is_in_the_cause() -> None:
    simulation, execution = run(SCENARIOS[1])
    assert execution.cause is not None
    assert "no_contacts" in execution.cause
    assert "windows[0]" in execution.cause
    assert simulation.campaigns.get("spring").status is CampaignStatus.DRAFT


def test_a_failed_report_is_told_and_not_fatal() -> None:
    simulation, execution = run(next(s for s in SCENARIOS if s.name == "report fails"))
    assert "There is no report; ask for it again." in simulation.notifications[0][1]
    assert execution.output["error"]["Error"] == "ReportGenerationFailed"
    assert "GenerateReport was told to" in execution.output["error"]["Cause"]
    assert simulation.campaigns.get("spring").status is CampaignStatus.COMPLETED


THROWN = json.dumps({
    "errorMessage": "+573001234567 in {braces} and 'quotes'",
    "errorType": "Boom",
    "stackTrace": ['  File "/var/task/chalicelib/campaigns/x.py", line 1, in f'],
})  # fmt: skip


@pytest.mark.parametrize(
    "told", ["CampaignCompleted", "NoContactsToProcess", "ValidationFailed", "CampaignFailed"]
)
def test_a_message_is_plain_words_and_a_link_and_nothing_of_contacts_or_causes(told: str) -> None:
    """Contacts, what a function threw and its trace stay in the execution."""
    simulation = CampaignSimulation(MONDAY_NOON)
    simulation.add(campaign(windows=()) if told == "ValidationFailed" else campaign(), [contact(1)])
    if told == "NoContactsToProcess":
        suppress_all(simulation)
    failing = {"CampaignCompleted": "GenerateReport", "CampaignFailed": "CheckCampaignStatus"}.get(told)
    simulation.failing = lambda call: TaskError("Boom", THROWN) if call.state_name == failing else None
    execution = simulation.start()
    simulation.timeline.run_until_idle()
    ((event, said),) = simulation.notifications
    assert event == told
    assert said.endswith(f"{LINK}{execution.name}")
    assert ("Campaign spring " in said) is (told != "CampaignFailed")
    for part in ("+57", "3001", "braces", "File", "stackTrace", "errorMessage", '"', "arn:", "path"):
        assert part not in said, part


@pytest.mark.parametrize("broken", [False, True])
def test_a_run_without_a_campaign_is_told_and_ends_by_name(broken: bool) -> None:
    """As when somebody starts it by hand, whether or not its first function answers."""
    simulation = CampaignSimulation(MONDAY_NOON)
    failing = "ValidateCampaign" if broken else ""
    simulation.failing = lambda call: TaskError("Boom", THROWN) if call.state_name == failing else None
    execution = simulation.engine.start_execution(simulation.machine.arn, "{}", "by-hand")
    simulation.timeline.run_until_idle()
    assert path(execution)[-1] == ("CampaignFailed" if broken else "ValidationFailed")
    ((_, said),) = simulation.notifications
    assert said.endswith(f"{LINK}by-hand")


def test_a_failed_run_marks_its_campaign() -> None:
    simulation, _ = run(next(s for s in SCENARIOS if s.name == "dispatch crashes"))
    assert simulation.campaigns.get("spring").status is CampaignStatus.FAILED


def test_the_first_wait_is_a_minute_and_history_is_reckoned_right() -> None:
    _, execution = run(next(s for s in SCENARIOS if s.name == "CheckCampaignStatus is tried again until it works"))
    events = execution.history.events
    waited = [event.timestamp for event in events if event.type.startswith("WaitState")]
    assert waited[1] - waited[0] == 60
    after_choice = next(
        event.id
        for event in events
        if event.type == "ChoiceStateExited" and event.details["name"] == "IsCampaignComplete"
    )
    assert execution.output["statusResult"]["historyEvents"] == after_choice


def test_a_second_start_of_the_same_campaign_is_not_a_second_run() -> None:
    simulation = CampaignSimulation(MONDAY_NOON)
    simulation.add(campaign(), [contact(n) for n in range(5)])
    first, second = simulation.start(), simulation.start()
    simulation.timeline.run_until_idle()
    assert first.status == "SUCCEEDED"
    assert path(second) == [*BEGIN, *INVALID]
    assert "already_running" in (second.cause or "") or "campaign_status" in (second.cause or "")
    assert len(simulation.carrier.placed) == 5


def test_resumed_a_new_run_takes_over_and_the_old_one_ends_as_paused() -> None:
    simulation = CampaignSimulation(MONDAY_NOON)
    simulation.add(campaign(calls_per_second=0.1), [contact(n) for n in range(30)])
    old = simulation.start(name="spring-1")
    arn = old.arn.replace("spring-1", "spring-2")

    def resume() -> None:
        stored = simulation.campaigns.get("spring")
        resumed = replace(stored, status=CampaignStatus.SCHEDULED, generation=2, active_execution=arn)
        simulation.campaigns.move(stored, resumed)
        simulation.start(name="spring-2")

    simulation.at(MONDAY_NOON + timedelta(seconds=20), lambda: simulation.set_status(CampaignStatus.PAUSED))
    simulation.at(MONDAY_NOON + timedelta(seconds=40), resume)
    simulation.timeline.run_until_idle()
    new = simulation.engine.execution(arn)
    assert path(old)[-1] == "CampaignPaused"
    assert new.output["statusResult"]["status"] == "completed"
    assert_everybody_reached_once(simulation, 30)


def test_a_closed_window_over_the_weekend_is_one_sleep() -> None:
    friday_evening = datetime(2026, 6, 6, 1, 0, tzinfo=UTC)  # Friday 21:00 in New York
    simulation = CampaignSimulation(friday_evening)
    simulation.add(campaign(), [contact(n) for n in range(3)])
    execution = simulation.start()
    simulation.timeline.run_until_idle()
    assert path(execution) == [*BEGIN, *WAVE, *LOOK, *LOOK, *WAVE, *LOOK, *END]
    assert first_call_at(simulation) >= datetime(2026, 6, 8, 13, 0, tzinfo=UTC)  # Monday 9:00
    assert_everybody_reached_once(simulation, 3)


@pytest.mark.parametrize(
    ("start", "opens"),
    [
        (datetime(2026, 3, 8, 2, 0, tzinfo=UTC), datetime(2026, 3, 8, 13, 0, tzinfo=UTC)),  # clocks go forward
        (datetime(2026, 11, 1, 2, 0, tzinfo=UTC), datetime(2026, 11, 1, 14, 0, tzinfo=UTC)),  # clocks go back
    ],
)
def test_the_sleep_over_a_clock_change_ends_at_the_walls_nine(start: datetime, opens: datetime) -> None:
    simulation = CampaignSimulation(start)
    every_day = CallingWindow(ALL_WEEK, time(9), time(20))
    simulation.add(campaign(windows=(every_day,)), [contact(n) for n in range(3)])
    simulation.start()
    simulation.timeline.run_until_idle()
    assert opens <= first_call_at(simulation) < opens + timedelta(minutes=2)


def test_restricted_dates_and_unknown_zones_are_held_and_said() -> None:
    simulation = CampaignSimulation(MONDAY_NOON)
    simulation.add(campaign(restricted_dates=(date(2026, 6, 1),)), [contact(1), contact(2, zones=())])
    execution = simulation.start()
    simulation.timeline.run_until_idle()
    assert execution.output["dispatchResult"]["held"] == {"unknown_zone": 1}
    counts = lines.settled_counts(simulation.campaigns.get("spring"), simulation.campaigns.counters("spring"))
    assert figures.figures(counts).statuses["expired"] == 1
    assert figures.mismatches(counts) == []


def test_retries_go_on_until_the_rules_are_used_up() -> None:
    simulation = CampaignSimulation(MONDAY_NOON, disposition_of=lambda call: (Disposition.NO_ANSWER, 30.0))
    simulation.add(campaign(windows=(DAYTIME,)), [contact(n) for n in range(4)])
    execution = simulation.start()
    simulation.timeline.run_until_idle()
    assert execution.output["statusResult"]["metrics"]["statuses"]["exhausted"] == 4
    assert len(simulation.carrier.placed) == 12
    assert path(execution)[-1] == "CampaignCompleted"


def test_the_end_date_expires_who_waits() -> None:
    simulation = CampaignSimulation(MONDAY_NOON)
    end_at = MONDAY_NOON + timedelta(minutes=30)
    simulation.add(campaign(end_at=end_at, calls_per_second=0.01), [contact(n) for n in range(100)])
    execution = simulation.start()
    simulation.timeline.run_until_idle()
    statuses = execution.output["statusResult"]["metrics"]["statuses"]
    assert execution.output["statusResult"]["completionPercentage"] == 100
    assert statuses["reached"] + statuses["expired"] == 100
    assert statuses["expired"] > 70
    assert execution.stopped_at is not None
    assert execution.stopped_at < (end_at + timedelta(minutes=30)).timestamp()


class TestHistoryBudget:
    def busy(self, failing: Failing = lambda call: None) -> tuple[CampaignSimulation, list[Execution]]:
        """A campaign whose looks cost so many retries that its history fills."""
        simulation = CampaignSimulation(MONDAY_NOON, disposition_of=answered_after_a_day_of_calls)
        simulation.failing = failing
        every_hour = CallingWindow(ALL_WEEK, time(0), time(23, 59))
        simulation.add(
            campaign(windows=(every_hour,), calls_per_second=0.01, max_concurrent_calls=1),
            [contact(1), contact(2)],
        )
        original = simulation.StatusChecker

        def expensive(event: dict[str, object]) -> dict[str, object]:
            assert isinstance(event["statusResult"], dict)
            event["statusResult"]["historyEvents"] += 19_000
            return original(event)

        simulation.StatusChecker = expensive  # type: ignore[method-assign]
        simulation.start(name="spring-1")
        simulation.timeline.run_until_idle()
        return simulation, simulation.runs()

    def test_the_successor_goes_on_with_the_same_campaign(self) -> None:
        simulation, runs = self.busy()
        assert len(runs) > 1
        assert all(path(run)[-2:] == ["ContinueAsNew", "CampaignContinued"] for run in runs[:-1])
        assert path(runs[-1])[-1] == "CampaignCompleted"
        assert [run.name for run in runs[1:]] == [f"spring-1-{part}" for part in range(2, len(runs) + 1)]
        assert {run.output["generation"] for run in runs} == {1}
        for before, after in pairwise(runs):
            assert after.input["predecessor"] == before.arn
        assert_everybody_reached_once(simulation, 2)

    @pytest.mark.parametrize(
        "error", ["StepFunctions.SdkClientException", "StepFunctions.AWSStepFunctionsException"]
    )
    def test_a_start_that_fails_in_passing_is_tried_again_and_costs_no_campaign(self, error: str) -> None:
        tries: Counter[str] = Counter()

        def failing(call: TaskCall) -> TaskError | None:
            if not call.resource.endswith("startExecution"):
                return None
            tries[call.arguments["Name"]] += 1
            return TaskError(error, "Internal error") if tries[call.arguments["Name"]] < 3 else None

        simulation, runs = self.busy(failing)
        assert set(tries.values()) == {3}
        assert [run.status for run in runs] == ["SUCCEEDED"] * len(runs)
        assert path(runs[-1])[-1] == "CampaignCompleted"
        assert_everybody_reached_once(simulation, 2)

    def test_a_successor_that_is_there_already_is_good(self) -> None:
        simulation = CampaignSimulation(MONDAY_NOON)
        simulation.add(campaign(), [contact(1)])
        taken = {"campaignId": "nobody"}
        simulation.engine.start_execution(simulation.machine.arn, json.dumps(taken), "spring-1-2")
        simulation.timeline.run_until_idle()
        simulation.StatusChecker = lambda event: {  # type: ignore[method-assign]
            **event["statusResult"], "status": "active", "totalContacts": 1, "completedContacts": 0,
            "completionPercentage": 0.0, "metrics": {}, "needsMoreContacts": False, "historyBudgetSpent": True,
        }  # fmt: skip
        execution = simulation.start()
        simulation.timeline.run_until_idle()
        assert path(execution)[-2:] == ["ContinueAsNew", "CampaignContinued"]
        assert execution.status == "SUCCEEDED"


def answered_after_a_day_of_calls(call: Call) -> tuple[Disposition, float]:
    return Disposition.ANSWERED, 400.0


def assert_everybody_reached_once(simulation: CampaignSimulation, contacts: int) -> None:
    counts = simulation.campaigns.counters("spring")
    assert counts["status:reached"] == contacts
    assert len(simulation.carrier.placed) == contacts
    assert figures.mismatches(counts) == []


def first_call_at(simulation: CampaignSimulation) -> datetime:
    return min(at for attempts in simulation.people.attempts.values() for _, at in attempts)
