"""Scenario -> path of ``emergency-workflow``, with the real services on the virtual clock."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from chalicelib.fleet.errors.incidents import (
    NotificationBusyError,
    NotificationRefusedError,
    NotificationUnsureError,
)
from chalicelib.fleet.service.incidents import viewing
from tests.fakes.fleet.incident_simulation import DEFINITION, NIGHT, IncidentSimulation, panic
from tests.fakes.machine import path

SERVICE_ERROR = "Lambda.TooManyRequestsException"
BRANCHES = ["NotifyAuthorities", "NotifyOwner", "ActivateVideoRecording"]
BEGIN = ["RecordIncident", "DetermineResponseType"]
HIGH = [*BEGIN, "HighPriorityResponse", *BRANCHES]
STANDARD = [*BEGIN, "StandardResponse", "NotifyOwnerOnly"]
DONE = ["UpdateIncidentStatus", "LogCompletion"]
QUIET = ["IsAttentionDue", "IsAcknowledgementDue"]
LOUD = ["IsAttentionDue", "AlertOperations", "IsAcknowledgementDue"]
DIRECT = ["IsAttentionDue", "AlertOperations", "AlertOperationsDirectly", "IsAcknowledgementDue"]
WAIT = ["AwaitAcknowledgement"]
NEXT = ["NextEscalation", "IsSomebodyLeft"]
FAILED_STEP = ["AwaitAcknowledgement", "AlertEscalationFailed", *NEXT]
CLOSED = ["WasEverybodyReached", "IncidentClosed"]
REVIEW = ["WasEverybodyReached", "IncidentNeedsReview"]
NOBODY = ["AlertUnacknowledged", "IncidentUnacknowledged"]
"""Parts of the ways through."""

Arrange = Callable[[IncidentSimulation], None]


def acknowledged(seconds: float = 30) -> Arrange:
    return lambda simulation: simulation.acknowledge_at(seconds)


def all_of(*arrangements: Arrange) -> Arrange:
    def arrange(simulation: IncidentSimulation) -> None:
        for one in arrangements:
            one(simulation)

    return arrange


def fails(state: str, error: str = "Boom", times: int | None = None) -> Arrange:
    return lambda simulation: simulation.faults.on(state=state).raises(error, times=times)


def channel_fails(channel: str, error: Exception) -> Arrange:
    return lambda simulation: simulation.channels.failing.update({channel: error})


def no_camera(simulation: IncidentSimulation) -> None:
    simulation.recorder.broken = True


def as_it_is(simulation: IncidentSimulation) -> None: ...


@dataclass(frozen=True)
class Scenario:
    name: str
    path: list[str]
    told: list[str]
    """Notifications in order; what goes out at the same time is sorted."""
    error: str | None = None
    arrange: Arrange = lambda simulation: simulation.acknowledge_at(30)
    event: dict[str, Any] = field(default_factory=panic)


BOTH = ["authorities", "owner"]
ALL_STEPS = ["escalation-0", "escalation-1", "escalation-2"]
SCENARIOS = [
    Scenario("panic button, soon acknowledged", [*HIGH, *DONE, *QUIET, *WAIT, *CLOSED], [*BOTH, "escalation-0"]),
    *(
        Scenario(kind, [*HIGH, *DONE, *QUIET, *WAIT, *CLOSED], [*BOTH, "escalation-0"], event=panic(type=kind))
        for kind in ("accident", "hijack")
    ),
    Scenario(
        "breakdown: the owner alone", [*STANDARD, *DONE, *QUIET, *CLOSED], ["owner"],
        arrange=as_it_is, event=panic(type="breakdown"),
    ),
    Scenario(
        "no type: the owner, and operations hear of the form", [*STANDARD, *DONE, *LOUD, *CLOSED],
        ["owner", "operations"], arrange=as_it_is, event=panic(type=None),
    ),
    Scenario(
        "nobody acknowledges", [*HIGH, *DONE, *QUIET, *([*WAIT, *NEXT] * 3), *NOBODY],
        [*BOTH, *ALL_STEPS, "unacknowledged"], "IncidentUnacknowledged", as_it_is,
    ),
    Scenario(
        "acknowledged in the second step", [*HIGH, *DONE, *QUIET, *WAIT, *NEXT, *WAIT, *CLOSED],
        [*BOTH, "escalation-0", "escalation-1"], arrange=acknowledged(61),
    ),
    Scenario(
        "the authorities refuse", [*HIGH[:4], "AuthoritiesNotNotified", *HIGH[4:], *DONE, *LOUD, *WAIT, *REVIEW],
        ["owner", "operations", "escalation-0"], "IncidentNeedsReview",
        all_of(channel_fails("authorities", NotificationRefusedError("no such topic")), acknowledged()),
    ),
    Scenario(
        "nobody knows whether the owner was told",
        [*HIGH[:5], "OwnerNotNotified", *HIGH[5:], *DONE, *LOUD, *WAIT, *REVIEW],
        ["authorities", "operations", "escalation-0"], "IncidentNeedsReview",
        all_of(channel_fails("owner", NotificationUnsureError("no answer")), acknowledged()),
    ),
    Scenario(
        "no camera", [*HIGH, "VideoNotActivated", *DONE, *LOUD, *WAIT, *REVIEW],
        [*BOTH, "operations", "escalation-0"], "IncidentNeedsReview", all_of(no_camera, acknowledged()),
    ),
    Scenario(
        "the owner of a breakdown is not reached",
        [*STANDARD, "OwnerOnlyNotNotified", *DONE, *LOUD, *REVIEW], ["operations"], "IncidentNeedsReview",
        channel_fails("owner", NotificationBusyError("over its rate")), panic(type="breakdown"),
    ),
    Scenario(
        "the table is out of order", [*HIGH, *DONE, *LOUD, *WAIT, *CLOSED], [*BOTH, "operations", "escalation-0"],
        arrange=all_of(fails("RecordIncident"), acknowledged()),
    ),
    Scenario(
        "the status cannot be written", [*HIGH, *DONE, *LOUD, *WAIT, *CLOSED],
        [*BOTH, "operations", "escalation-0"], arrange=all_of(fails("UpdateIncidentStatus"), acknowledged()),
    ),
    Scenario(
        "completion fails", [*HIGH, *DONE, *LOUD[1:], *REVIEW], [*BOTH, "operations"], "IncidentNeedsReview",
        fails("LogCompletion"),
    ),
    Scenario(
        "operations are told directly", [*HIGH, "VideoNotActivated", *DONE, *DIRECT, *WAIT, *REVIEW],
        [*BOTH, "escalation-0"], "IncidentNeedsReview",
        all_of(no_camera, fails("AlertOperations"), acknowledged(60)),
    ),
    Scenario(
        "operations cannot be told at all", [*HIGH, "VideoNotActivated", *DONE, *DIRECT, *WAIT, *REVIEW],
        [*BOTH, "escalation-0"], "IncidentNeedsReview",
        all_of(no_camera, fails("AlertOperations"), fails("AlertOperationsDirectly"), acknowledged(60)),
    ),
    Scenario(
        "Slack refuses: the plan goes on at once", [*HIGH, *DONE, *QUIET, *FAILED_STEP, *WAIT, *REVIEW],
        [*BOTH, "escalation-failed-0", "escalation-1"], "IncidentNeedsReview",
        all_of(channel_fails("slack", NotificationRefusedError("no such channel")), acknowledged(30)),
    ),
    Scenario(
        "neither Slack nor operations answer",
        [*HIGH, *DONE, *QUIET, *(FAILED_STEP * 3), *NOBODY], BOTH, "IncidentUnacknowledged",
        all_of(
            channel_fails("slack", NotificationRefusedError("no such channel")),
            channel_fails("operations", NotificationRefusedError("no such topic")),
        ),
    ),
    *(
        Scenario(
            f"{state} is tried again after {error}", [*HIGH, *DONE, *QUIET, *WAIT, *CLOSED],
            [*BOTH, "escalation-0"], arrange=all_of(fails(state, error, times=1), acknowledged(60)),
        )
        for state in (*BRANCHES, "LogCompletion", "AwaitAcknowledgement")
        for error in (SERVICE_ERROR, "Boom")
    ),
    *(
        Scenario(
            f"{state} is tried again", [*HIGH, *DONE, *QUIET, *WAIT, *CLOSED], [*BOTH, "escalation-0"],
            arrange=all_of(fails(state, "DynamoDB.InternalServerErrorException", times=1), acknowledged()),
        )
        for state in ("RecordIncident", "UpdateIncidentStatus")
    ),
    *(
        Scenario(
            f"NotifyOwnerOnly is tried again after {error}", [*STANDARD, *DONE, *QUIET, *CLOSED], ["owner"],
            arrange=fails("NotifyOwnerOnly", error, times=1), event=panic(type="breakdown"),
        )
        for error in (SERVICE_ERROR, "Boom")
    ),
    *(
        Scenario(
            f"AlertOperations is tried again after {error}",
            [*HIGH, "VideoNotActivated", *DONE, *LOUD, *WAIT, *REVIEW],
            [*BOTH, "operations", "escalation-0"], "IncidentNeedsReview",
            all_of(no_camera, fails("AlertOperations", error, times=1), acknowledged(60)),
        )
        for error in (SERVICE_ERROR, "Boom")
    ),
    *(
        Scenario(
            f"AlertEscalationFailed is tried again after {error}",
            [*HIGH, *DONE, *QUIET, *FAILED_STEP, *WAIT, *REVIEW],
            [*BOTH, "escalation-failed-0", "escalation-1"], "IncidentNeedsReview",
            all_of(
                channel_fails("slack", NotificationRefusedError("no such channel")),
                fails("AlertEscalationFailed", error, times=1), acknowledged(50),
            ),
        )
        for error in (SERVICE_ERROR, "Boom")
    ),
    *(
        Scenario(
            f"AlertUnacknowledged is tried again after {error}",
            [*HIGH, *DONE, *QUIET, *([*WAIT, *NEXT] * 3), *NOBODY],
            [*BOTH, *ALL_STEPS, "unacknowledged"], "IncidentUnacknowledged",
            fails("AlertUnacknowledged", error, times=1),
        )
        for error in (SERVICE_ERROR, "Boom")
    ),
    Scenario(
        "nobody acknowledges, and operations cannot be told",
        [*HIGH, *DONE, *QUIET, *([*WAIT, *NEXT] * 3), *NOBODY], [*BOTH, *ALL_STEPS], "IncidentUnacknowledged",
        fails("AlertUnacknowledged"),
    ),
]  # fmt: skip


def run(scenario: Scenario) -> tuple[IncidentSimulation, Any]:
    simulation = IncidentSimulation()
    scenario.arrange(simulation)
    execution = simulation.report(scenario.event)
    simulation.timeline.run_until_idle()
    return simulation, execution


def in_table_order(names: list[str]) -> list[str]:
    """Return the path with the branches' states in the table's order: they run side by side."""
    first = next(i for i, name in enumerate(names) if name.endswith("Response")) + 1
    last = names.index("UpdateIncidentStatus")
    order = ["NotifyAuthorities", "AuthoritiesNotNotified", "NotifyOwner", "OwnerNotNotified", "NotifyOwnerOnly",
             "OwnerOnlyNotNotified", "ActivateVideoRecording", "VideoNotActivated"]  # fmt: skip
    return names[:first] + sorted(names[first:last], key=order.index) + names[last:]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.name)
def test_path(scenario: Scenario) -> None:
    simulation, execution = run(scenario)
    assert in_table_order(path(execution)) == scenario.path
    assert execution.error == scenario.error
    told = simulation.told()
    both = [one for one in told if one in BOTH]
    assert [*sorted(both), *(one for one in told if one not in BOTH)] == scenario.told
    (incident,) = simulation.store.incidents.values()
    assert viewing.verification(incident) == {"ok": True, "faults": []}


def test_every_state_is_reached() -> None:
    reached = {state for scenario in SCENARIOS for state in scenario.path}
    reached |= {"RecordDuplicate", "DuplicateIncident"}  # below
    assert set(all_states(json.loads(DEFINITION.read_text()))) - reached == set()


def all_states(definition: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return {name: state} of every state, those of branches too."""
    found = dict(definition["States"])
    for state in definition["States"].values():
        for branch in state.get("Branches", []):
            found |= all_states(branch)
    return found


def test_the_output_is_the_seeds() -> None:
    simulation, execution = run(Scenario("", [], [], arrange=all_of(
        lambda s: s.faults.on(state="NotifyOwner").takes(1.85), acknowledged())))  # fmt: skip
    output = execution.output
    name = f"INC-VEH-12345-{round(NIGHT.timestamp() * 1000)}"
    assert execution.name == name
    assert output["incidentRecord"] == {"incident_id": {"S": name}, "status": {"S": "notified"}}
    first, second, third = output["parallelResults"]
    assert first["authoritiesNotification"]["MessageId"] == "message-1"
    assert second["ownerNotification"]["MessageId"] == "message-2"
    assert third["videoRecording"]["RecordingId"] == "recording-1"
    assert output["executionTime"] == "0.00s"
    assert output["acknowledgement"]["by"] == "ana"
    del simulation


def test_execution_time_is_from_the_event_to_the_last_message() -> None:
    simulation = IncidentSimulation()
    simulation.faults.on(state="NotifyOwner").raises(SERVICE_ERROR, times=1)
    execution = simulation.report(panic(eventTimestamp=round(NIGHT.timestamp() * 1000) - 1_250))
    simulation.acknowledge_at(30)
    simulation.timeline.run_until_idle()
    owner = next(one for one in simulation.channels.sent if one.id == "owner")
    seconds = owner.at.timestamp() - NIGHT.timestamp() + 1.25
    assert seconds > 1.25
    assert abs(float(execution.output["executionTime"].removesuffix("s")) - seconds) < 0.01


def test_the_plain_path_costs_eight_transitions() -> None:
    simulation, execution = run(SCENARIOS[0])
    names = path(execution)
    assert names.index("LogCompletion") + 1 == 8
    assert simulation.transitions[execution.arn] == len(names) == 13


def test_a_duplicate_reports_nothing_and_is_in_the_timeline() -> None:
    simulation = IncidentSimulation()
    execution = simulation.report(panic())
    simulation.acknowledge_at(30)
    simulation.timeline.run_until_idle()
    assert simulation.report(panic(), "report-2") is execution
    assert simulation.report(panic(), "report-2") is execution
    simulation.report(panic(), "report-1")
    simulation.timeline.run_until_idle()
    assert sorted(simulation.told()) == ["authorities", "escalation-0", "owner"]
    (incident,) = simulation.store.incidents.values()
    assert [entry.key for entry in incident.entries if entry.kind == "duplicate"] == ["duplicate:report-2"]


def test_the_same_event_started_by_hand_ends_as_a_duplicate() -> None:
    simulation = IncidentSimulation()
    simulation.report(panic())
    simulation.acknowledge_at(30)
    simulation.timeline.run_until_idle()
    again = simulation.start(panic(), "by-hand")
    simulation.timeline.run_until_idle()
    assert path(again) == ["RecordIncident", "RecordDuplicate", "DuplicateIncident"]
    assert sorted(simulation.told()) == ["authorities", "escalation-0", "owner"]
    simulation.faults.on(state="RecordDuplicate").raises("Boom")
    third = simulation.start(panic(), "by-hand-2")
    simulation.timeline.run_until_idle()
    assert path(third)[-1] == "DuplicateIncident"


def test_the_seeds_own_command_starts_it() -> None:
    simulation = IncidentSimulation()
    event = {key: value for key, value in panic(eventTimestamp=1698765432000).items() if key != "metadata"}
    execution = simulation.start(event, "by-hand")
    simulation.acknowledge_at(5)
    simulation.timeline.run_until_idle()
    assert path(execution)[-1] == "IncidentClosed"
    assert execution.output["incidentRecord"]["incident_id"] == {"S": "INC-VEH-12345-1698765432000"}
    assert execution.output["executionTime"] == "0.00s"


def test_an_input_the_machine_cannot_run_on_is_reported_again() -> None:
    simulation = IncidentSimulation()
    broken = simulation.start({"type": "panic_button"}, "by-hand")
    simulation.acknowledge_at(5)
    simulation.timeline.run_until_idle()
    assert broken.status == "FAILED"
    (answer,) = simulation.ended
    assert answer["action"] == "reported_again"
    assert path(simulation.execution(answer["incidentId"]))[-1] == "IncidentClosed"
    assert sorted(simulation.told()) == ["authorities", "escalation-0", "operations", "owner"]


@pytest.mark.parametrize("directly", [False, True])
def test_operations_are_told_in_plain_words_and_nothing_of_a_cause(directly: bool) -> None:
    """What a function threw and its trace stay in the execution and in the incident's timeline."""
    simulation = IncidentSimulation()
    trace = json.dumps({"errorMessage": "camera 'x' {y}", "stackTrace": ['  File "x.py", line 1']})
    simulation.faults.on(state="ActivateVideoRecording").raises("Boom", trace)
    if directly:
        simulation.faults.on(state="AlertOperations").raises("Boom", trace)
    execution = simulation.report(panic())
    simulation.acknowledge_at(60)
    simulation.timeline.run_until_idle()
    if directly:
        (said,) = (str(one["Message"]) for one in simulation.direct)
        assert said.startswith(f"Emergency {execution.name} needs attention")
        assert said.endswith(f"${{ConsoleUrl}}#/runs/emergency-workflow%3A{execution.name}")
    else:
        (said,) = (one.words.text for one in simulation.channels.sent if one.id == "operations")
        assert "video recording was not reached: Boom" in said
    for part in ("camera 'x'", "{y}", "File", "stackTrace", "errorMessage", "arn:"):
        assert part not in said, part


def test_a_stopped_execution_is_told_to_operations() -> None:
    simulation = IncidentSimulation()
    execution = simulation.report(panic())
    simulation.timeline.skip(5)
    simulation.engine.stop_execution(execution.arn, "Stopped", "by mistake")
    simulation.timeline.run_until_idle()
    assert simulation.told()[-1] == "run-ended"
    (incident,) = simulation.store.incidents.values()
    assert incident.record is not None
    assert incident.record.status == "needs_review"


def test_a_drill_alarms_no_authority() -> None:
    simulation = IncidentSimulation()
    simulation.report(panic(drill=True))
    simulation.acknowledge_at(30)
    simulation.timeline.run_until_idle()
    assert {one.channel for one in simulation.channels.sent} == {"owner", "operations", "slack"}
    assert all(one.words.subject.startswith("DRILL") for one in simulation.channels.sent)
    assert all(one.attributes["drill"] == "true" for one in simulation.channels.sent)
    assert viewing.page(drills=False, limit=10, after=None, store=simulation.store)["incidents"] == []
    assert len(viewing.page(drills=True, limit=10, after=None, store=simulation.store)["incidents"]) == 1
