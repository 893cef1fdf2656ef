"""Every fault, at every task and every attempt of ``business-workflow``: money and contract agree in the end.

The table is made of the definition: for each Task state, each kind of fault, and each number of tries in a row
that it spoils (up to as often as the state tries at all). Each runs in a scenario for each end behind the state,
with and without Stripe's events; before there is money, in two scenarios.

A second table kills the process at every write and every call it makes, in the scenarios that make most of them. A
third lets a function that the machine has given up go on while the contract is undone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import pytest

from chalicelib.core.errors import SignalboxError
from chalicelib.fleet.domain.contracts.contract import ContractStatus
from localcloud.stepfunctions import Execution
from localcloud.stepfunctions.faults import FaultPlace
from tests.fakes.fleet.contract_simulation import DEFINITION, ContractSimulation, request
from tests.fakes.fleet.contract_world import SLOW_CARD
from tests.fakes.kill import KillSwitch
from tests.fakes.machine import path
from tests.statemachines.test_business_workflow import SCENARIOS, Scenario, run

STATES: dict[str, Any] = json.loads(DEFINITION.read_text())["States"]
TASKS = [name for name, state in STATES.items() if state["Type"] == "Task"]
ENDS = {state["Error"] for state in STATES.values() if state["Type"] == "Fail"}
BEFORE_MONEY = TASKS[: TASKS.index("ProcessPayment")]
"""States in the order of the definition."""

Commit = Callable[[FaultPlace, int], None]


@dataclass(frozen=True)
class Kind:
    """One way to go wrong."""

    name: str
    error: str | None
    """What the state's Retry sees; None: no error."""
    commit: Commit


KINDS = [
    Kind("exception", "Boom", lambda at, times: at.raises("Boom", "broken", times=times)),
    Kind("exception after the effect", "Boom",
         lambda at, times: at.raises("Boom", "broken", times=times, after_work=True)),
    Kind("timeout", "States.Timeout", lambda at, times: at.times_out(times=times)),
    Kind("timeout after the effect", "States.Timeout",
         lambda at, times: at.times_out(times=times, after_work=True)),
    Kind("throttle", "Lambda.TooManyRequestsException", lambda at, times: at.throttles(times)),
    Kind("crash", "Runtime.ExitError", lambda at, times: at.crashes(times=times)),
    Kind("crash after the effect", "Runtime.ExitError",
         lambda at, times: at.crashes(times=times, after_work=True)),
    Kind("double answer", None, lambda at, times: at.answers_twice(times=times)),
]  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One fault run."""

    state: str
    kind: Kind
    tries: int
    scenario: Scenario
    webhooks: bool

    @property
    def name(self) -> str:
        """For people."""
        told = ", Stripe tells" if self.webhooks else ""
        return f"{self.state}: {self.kind.name} x{self.tries} ({self.scenario.name}{told})"


def tries_of(state: dict[str, Any], error: str | None) -> int:
    """Return how often a state is tried when it always fails so."""
    if error is None:
        return 1
    for rule in state.get("Retry", []):
        if error in rule["ErrorEquals"] or "States.ALL" in rule["ErrorEquals"]:
            return int(rule.get("MaxAttempts", 3)) + 1
    return 1


def scenarios_with(state: str) -> list[Scenario]:
    """Return a scenario for each end that is reached through ``state`` by itself."""
    found: dict[tuple[str | None, ContractStatus | None], Scenario] = {}
    for one in SCENARIOS:
        if state in one.path and one.request.get("payment_method_id") != SLOW_CARD:
            found.setdefault((one.error, one.contract), one)
    return list(found.values())[: 2 if state in BEFORE_MONEY else None]


def cases() -> Iterator[Case]:
    for state in TASKS:
        for scenario in scenarios_with(state):
            for kind in KINDS:
                for tries in range(1, tries_of(STATES[state], kind.error) + 1):
                    for webhooks in (False,) if state in BEFORE_MONEY else (False, True):
                        yield Case(state, kind, tries, scenario, webhooks)


CASES = list(cases())


def spoiled(case: Case) -> tuple[ContractSimulation, Execution]:
    simulation = ContractSimulation(webhooks=case.webhooks)
    case.kind.commit(simulation.faults.on(state=case.state), case.tries)
    return run(case.scenario, simulation)


def wrong(simulation: ContractSimulation, execution: Execution) -> list[str]:
    """Return what is wrong after a run: at its end, and after the reconciler has gone its rounds."""
    found = []
    if execution.status == "FAILED":
        if execution.error not in ENDS:
            found.append(f"ended in {execution.error}, which is no end of the machine")
    elif execution.status != "SUCCEEDED":
        found.append(f"is {execution.status}")
    found += at_the_end(simulation, execution)
    simulation.timeline.run_until_idle()
    simulation.reconcile()
    found += [f"after reconciling: {one}" for one in simulation.disagreements()]
    statuses = {one.status for one in simulation.contracts.contracts.values()}
    if not statuses <= {ContractStatus.ACTIVE, ContractStatus.VOID}:
        found.append(f"after reconciling: {statuses}")
    return found


def at_the_end(simulation: ContractSimulation, execution: Execution) -> list[str]:
    """Return what is wrong before anything reconciles."""
    found = []
    statuses = [one.status for one in simulation.contracts.contracts.values()]
    due = execution.status == "SUCCEEDED" or execution.error == "WelcomeNotSent"
    if due != (statuses == [ContractStatus.ACTIVE]):
        found.append(f"ended in {execution.error} with contracts {statuses}")
    if execution.error != "ContractNeedsReview":
        found += simulation.disagreements()
        if any(status not in (ContractStatus.ACTIVE, ContractStatus.VOID) for status in statuses):
            found.append(f"a contract was left {statuses}")
    visited = path(execution)
    welcomed = simulation.published_to("CustomerWelcome")
    alerted = simulation.published_to("ContractAlerts")
    if execution.status == "SUCCEEDED" and not welcomed and not alerted:
        found.append("the customer was not welcomed and nobody was alerted")
    if "AlertContractOpen" in visited and not alerted and case_can_alert(simulation):
        found.append("a contract is open and nobody was alerted")
    return found


def case_can_alert(simulation: ContractSimulation) -> bool:
    """Return whether the alert itself was left to work once."""
    tried = [call for _, call in simulation.faults.happened if call.state_name == "AlertContractOpen"]
    return len(tried) < tries_of(STATES["AlertContractOpen"], "Boom")


@pytest.mark.parametrize("state", TASKS)
def test_a_fault_at_every_attempt(state: str, capsys: pytest.CaptureFixture[str]) -> None:
    mine = [case for case in CASES if case.state == state]
    bad = {}
    for case in mine:
        simulation, execution = spoiled(case)
        assert simulation.faults.happened, f"{case.name}: nothing was spoiled"
        if problems := wrong(simulation, execution):
            bad[case.name] = [*problems, path(execution)]
    with capsys.disabled():
        print(f"\n{state}: {len(mine)} fault runs", end="")
    assert bad == {}


def test_the_table_is_long_enough(capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\nbusiness-workflow: {len(CASES)} fault runs", end="")
    assert len(CASES) > 150
    assert {case.state for case in CASES} == set(TASKS)


def test_every_retry_and_every_catch_is_taken() -> None:
    """A retrier is taken when it is the first to match a failed try; a catcher when its target follows."""
    caught: set[tuple[str, str]] = set()
    retried: set[tuple[str, int]] = set()
    first = {state: scenarios_with(state)[0] for state in TASKS}
    runs = [spoiled(case) for case in CASES if not case.webhooks and case.scenario is first[case.state]]
    runs += [run(scenario) for scenario in SCENARIOS]
    for _, execution in runs:
        caught.update(pairwise(path(execution)))
        for name, error in errors_of(execution):
            for number, rule in enumerate(STATES[name].get("Retry", [])):
                if error in rule["ErrorEquals"] or rule["ErrorEquals"] == ["States.ALL"]:
                    retried.add((name, number))
                    break
    for name in TASKS:
        for rule in STATES[name].get("Catch", []):
            assert (name, rule["Next"]) in caught, f"{name} never went to {rule['Next']}"
    seldom = {
        (name, number)
        for name in TASKS
        for number, rule in enumerate(STATES[name]["Retry"])
        if rule.get("MaxAttempts") != 0
    }
    assert seldom - retried == set()


def errors_of(execution: Execution) -> Iterator[tuple[str, str]]:
    """Yield (state, error) of every failed try."""
    state = ""
    for event in execution.history.events:
        rendered = event.render()
        if "StateEntered" in event.type:
            state = rendered["stateEnteredEventDetails"]["name"]
        elif event.type in ("TaskFailed", "TaskTimedOut", "TaskSubmitFailed"):
            details = next(value for key, value in rendered.items() if key.endswith("EventDetails"))
            yield state, details["error"]


KILLED = ["large, approved", "declined", "one vehicle refused", "money taken, every answer lost"]


@pytest.mark.parametrize("name", KILLED)
@pytest.mark.parametrize("webhooks", [False, True])
def test_a_crash_between_any_two_writes(name: str, webhooks: bool, capsys: pytest.CaptureFixture[str]) -> None:
    scenario = next(one for one in SCENARIOS if one.name == name)
    whole = KillSwitch()
    run(scenario, ContractSimulation(switch=whole, webhooks=webhooks))
    bad = {}
    for at, point in enumerate(whole.points):
        simulation = ContractSimulation(switch=KillSwitch(at), webhooks=webhooks)
        simulation, execution = run(scenario, simulation)
        if problems := wrong(simulation, execution):
            bad[f"{at} {point}"] = [*problems, path(execution)]
        if execution.error != scenario.error:
            bad[f"{at} {point}, end"] = [execution.error]
    with capsys.disabled():
        print(f"\n{name}: killed at {len(whole.points)} points", end="")
    assert bad == {}


class Overtaken(KillSwitch):
    """At the ``at``-th point, something else happens first."""

    def __init__(self, at: int, meanwhile: Callable[[], object]) -> None:
        super().__init__()
        self._place, self._meanwhile = at, meanwhile

    def point(self, name: str) -> None:
        super().point(name)
        if len(self.points) == self._place + 1:
            self._meanwhile()


def straight_through(simulation: ContractSimulation) -> None:
    """Call the functions of a good run one after the other, as far as they go."""
    carried = simulation.ValidateCustomer({"input": request(number_of_vehicles=60)})
    try:
        made = simulation.CreateContract({"requestId": "exec-1", "state": carried})
        event = {"contractId": made["contract_id"]}
        if simulation.ProcessPayment(event)["status"] == "success":
            simulation.ActivateService(event)
    except SignalboxError:
        return


def test_a_function_that_goes_on_after_it_was_given_up_changes_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    whole = KillSwitch()
    straight_through(ContractSimulation(switch=whole))
    bad = {}
    for at, point in enumerate(whole.points):
        simulation = ContractSimulation()
        undo = {"requestId": "exec-1", "reason": "given up"}
        switch = Overtaken(at, partial(simulation.VoidContract, undo))
        simulation.contracts.switch = simulation.payments.switch = simulation.platform.switch = switch
        straight_through(simulation)
        statuses = [one.status for one in simulation.contracts.contracts.values()]
        if problems := [*simulation.disagreements(), *(s for s in statuses if s is not ContractStatus.VOID)]:
            bad[f"{at} {point}"] = problems
    with capsys.disabled():
        print(f"\novertaken at {len(whole.points)} points", end="")
    assert bad == {}
