"""Scenario -> path of ``business-workflow``, with the real services on the virtual clock."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from chalicelib.fleet.domain.contracts.contract import ContractStatus
from tests.fakes.fleet.contract_simulation import CUSTOMER, DEFINITION, ContractSimulation, decision, request
from tests.fakes.fleet.contract_world import DECLINED_CARD, SLOW_CARD
from tests.fakes.machine import path

Arrange = Callable[[ContractSimulation], object]

BEGIN = ["ValidateCustomerData", "IsCustomerValid", "CheckFleetSize"]
ASK = ["RequestManagerApproval", "ApprovalDecision"]
PAY = ["CreateContract", "ProcessPayment", "PaymentSuccess"]
END = ["ActivateService", "SendWelcomeEmail", "Complete"]
UNDO = ["ActivateService", "RefundPayment", "VoidContract", "ServiceActivationFailed"]
STUCK = ["AlertContractOpen", "ContractNeedsReview"]
LISTED = [{"plate": "ABC-123"}, {"plate": "DEF-456"}]


def fails(*states: str, error: str = "Boom", times: int | None = None, after_work: bool = False) -> Arrange:
    """Let the first ``times`` tries of ``states`` fail; None: all."""

    def arrange(simulation: ContractSimulation) -> None:
        for state in states:
            simulation.faults.on(state=state).raises(error, f"{state} broke", times=times, after_work=after_work)

    return arrange


def times_out(state: str, times: int | None = None) -> Arrange:
    return lambda simulation: simulation.faults.on(state=state).times_out(times=times)


def manager_says(kind: str | None, reason: str = "too risky") -> Arrange:
    def arrange(simulation: ContractSimulation) -> None:
        simulation.decision = decision(kind, reason) if kind else None

    return arrange


def registry_down(simulation: ContractSimulation) -> None:
    simulation.registry.down = True


def one_plate_refused(simulation: ContractSimulation) -> None:
    simulation.platform.refused_plates.add("DEF-456")


def refused_and(*states: str) -> Arrange:
    def arrange(simulation: ContractSimulation) -> None:
        one_plate_refused(simulation)
        fails(*states)(simulation)

    return arrange


@dataclass(frozen=True)
class Scenario:
    name: str
    path: list[str]
    error: str | None = None
    """The name of the end; None: the contract is active."""
    arrange: Arrange = lambda simulation: None
    request: Any = field(default_factory=request)
    contract: ContractStatus | None = ContractStatus.ACTIVE
    """None: there is none."""


ACTIVE, CLOSING, VOID = ContractStatus.ACTIVE, ContractStatus.CLOSING, ContractStatus.VOID
LARGE = request(number_of_vehicles=75, vehicles=LISTED)
SMALL_LISTED = request(number_of_vehicles=2, vehicles=LISTED)
SCENARIOS = [
    Scenario("small", [*BEGIN, *PAY, *END]),
    Scenario("49 vehicles ask nobody", [*BEGIN, *PAY, *END], request=request(number_of_vehicles=49)),
    Scenario("50 vehicles ask", [*BEGIN, *ASK, *PAY, *END], request=request(number_of_vehicles=50)),
    Scenario("large, approved", [*BEGIN, *ASK, *PAY, *END], request=LARGE),
    Scenario(
        "large, rejected", [*BEGIN, *ASK, "ApprovalRejected"], "ApprovalRejected",
        manager_says("rejected"), LARGE, None,
    ),
    Scenario(
        "large, nobody decides", [*BEGIN, "RequestManagerApproval", "ApprovalTimedOut"], "ApprovalTimedOut",
        manager_says(None), LARGE, None,
    ),
    Scenario(
        "approval cannot be asked for", [*BEGIN, "RequestManagerApproval", "ContractRequestFailed"],
        "ContractRequestFailed", fails("RequestManagerApproval"), LARGE, None,
    ),
    Scenario(
        "token lost and given out anew", [*BEGIN, *ASK, *PAY, *END], None,
        fails("RequestManagerApproval", error="ApprovalTokenLostError", times=2), LARGE,
    ),
    Scenario(
        "invalid", [*BEGIN[:2], "ValidationFailed"], "ValidationFailed",
        request=request(number_of_vehicles=0, estimated_value=1.5), contract=None,
    ),
    Scenario(
        "unknown customer", [*BEGIN[:2], "ValidationFailed"], "ValidationFailed",
        request=request(customer_id="CUST-0"), contract=None,
    ),
    Scenario(
        "registry down", ["ValidateCustomerData", "CustomerRegistryUnavailable"], "CustomerRegistryUnavailable",
        registry_down, contract=None,
    ),
    Scenario(
        "validation broken", ["ValidateCustomerData", "ContractRequestFailed"], "ContractRequestFailed",
        fails("ValidateCustomerData"), contract=None,
    ),
    Scenario(
        "contract not made", [*BEGIN, "CreateContract", "DropContract", "ContractRequestFailed"],
        "ContractRequestFailed", fails("CreateContract"), contract=None,
    ),
    Scenario(
        "contract made, answer lost", [*BEGIN, "CreateContract", "DropContract", "ContractRequestFailed"],
        "ContractRequestFailed", fails("CreateContract", after_work=True), contract=VOID,
    ),
    Scenario(
        "contract not dropped", [*BEGIN, "CreateContract", "DropContract", *STUCK], "ContractNeedsReview",
        fails("CreateContract", "DropContract"), contract=None,
    ),
    Scenario(
        "declined", [*BEGIN, *PAY, "VoidUnpaidContract", "PaymentFailed"], "PaymentFailed",
        request=request(payment_method_id=DECLINED_CARD), contract=VOID,
    ),
    Scenario(
        "the bank does not answer", [*BEGIN, "CreateContract", "ProcessPayment", "VoidUnpaidContract", *STUCK],
        "ContractNeedsReview", request=request(payment_method_id=SLOW_CARD), contract=CLOSING,
    ),
    Scenario(
        "money taken, every answer lost",
        [*BEGIN, "CreateContract", "ProcessPayment", "VoidUnpaidContract", "PaymentFailed"], "PaymentFailed",
        fails("ProcessPayment", after_work=True), contract=VOID,
    ),
    Scenario(
        "declined and not voided", [*BEGIN, *PAY, "VoidUnpaidContract", *STUCK], "ContractNeedsReview",
        fails("VoidUnpaidContract"), request(payment_method_id=DECLINED_CARD), ContractStatus.PENDING,
    ),
    Scenario(
        "one vehicle refused", [*BEGIN, *PAY, *UNDO], "ServiceActivationFailed",
        one_plate_refused, SMALL_LISTED, VOID,
    ),
    Scenario(
        "activated, every answer lost", [*BEGIN, *PAY, *UNDO], "ServiceActivationFailed",
        fails("ActivateService", after_work=True), contract=VOID,
    ),
    Scenario(
        "large, activation times out", [*BEGIN, *ASK, *PAY, *UNDO], "ServiceActivationFailed",
        times_out("ActivateService"), LARGE, VOID,
    ),
    Scenario(
        "no refund", [*BEGIN, *PAY, "ActivateService", "RefundPayment", *STUCK], "ContractNeedsReview",
        refused_and("RefundPayment"), SMALL_LISTED, ContractStatus.PAID,
    ),
    Scenario(
        "refunded, not voided", [*BEGIN, *PAY, "ActivateService", "RefundPayment", "VoidContract", *STUCK],
        "ContractNeedsReview", refused_and("VoidContract"), SMALL_LISTED, CLOSING,
    ),
    Scenario(
        "no refund and no alert", [*BEGIN, *PAY, "ActivateService", "RefundPayment", *STUCK],
        "ContractNeedsReview", refused_and("RefundPayment", "AlertContractOpen"), SMALL_LISTED,
        ContractStatus.PAID,
    ),
    Scenario(
        "welcome not sent", [*BEGIN, *PAY, *END[:2], "AlertWelcomeNotSent", "Complete"], None,
        fails("SendWelcomeEmail"),
    ),
    Scenario(
        "neither welcome nor alert", [*BEGIN, *PAY, *END[:2], "AlertWelcomeNotSent", "WelcomeNotSent"],
        "WelcomeNotSent", fails("SendWelcomeEmail", "AlertWelcomeNotSent"),
    ),
]  # fmt: skip


def run(scenario: Scenario, simulation: ContractSimulation | None = None) -> tuple[ContractSimulation, Any]:
    simulation = simulation or ContractSimulation()
    scenario.arrange(simulation)
    execution = simulation.start(scenario.request)
    simulation.timeline.run_until(lambda: execution.ended, 40 * 86_400)
    return simulation, execution


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.name)
def test_path(scenario: Scenario) -> None:
    simulation, execution = run(scenario)
    assert path(execution) == scenario.path
    assert (execution.status, execution.error) == ("FAILED" if scenario.error else "SUCCEEDED", scenario.error)
    statuses = [one.status for one in simulation.contracts.contracts.values()]
    assert statuses == ([scenario.contract] if scenario.contract else [])
    if scenario.contract in (ACTIVE, VOID, None):
        assert simulation.disagreements() == []
    for intent in simulation.payments.intents.values():  # else nothing would ever end it
        if scenario.request.get("payment_method_id") == SLOW_CARD:
            simulation.payments.settle(f"pi_{intent.charge.key}")
    simulation.reconcile()
    assert simulation.disagreements() == []
    left = {one.status for one in simulation.contracts.contracts.values()}
    assert left <= {ACTIVE, VOID}


def test_every_state_is_reached() -> None:
    reached = {state for scenario in SCENARIOS for state in scenario.path}
    assert set(json.loads(DEFINITION.read_text())["States"]) - reached == set()


def test_no_path_has_more_than_twelve_transitions() -> None:
    assert max(len(one.path) for one in SCENARIOS if one.error != "ContractNeedsReview") == 12
    assert len(SCENARIOS[0].path) == 9


def test_the_seeds_own_request_ends_in_the_seeds_own_output() -> None:
    seed = {
        "execution_id": "exec-12345",
        "customer_id": "CUST-98765",
        "document_type": "RUT",
        "document_id": "900123456-7",
        "company_info": {"name": "Transportes ABC S.A.S.", "tax_id": "900123456-7"},
        "number_of_vehicles": 75,
        "contract_type": "premium",
        "estimated_value": 15_000_000,
        "payment_method": "credit_card",
        "vehicles": [{"plate": "ABC-123", "model": "Freightliner"}, {"plate": "DEF-456", "model": "Volvo"}],
    }
    simulation, execution = run(Scenario("seed", [], request=seed))
    output = execution.output
    warnings = output["validationResult"].pop("warnings")
    assert output == {
        "validationResult": {"valid": True, "score": 95},
        "contractResult": {"contract_id": "CONT-2026-001", "approval_type": "manager"},
        "paymentResult": {"status": "success", "transaction_id": "pi_exec-1"},
        "activationResult": {"service_status": "active", "vehicles_activated": 75},
    }
    assert warnings == [
        "document_id: the check digit of 900123456 is 8",
        "company_info.tax_id: the check digit of 900123456 is 8",
        "vehicles: lists 2 vehicles, number_of_vehicles says 75",
    ]
    (asked,) = simulation.asked
    assert asked["subject"] == "Fleet contract for CUST-98765: 75 vehicles, 15,000,000.00 COP"
    assert (asked["amountCents"], asked["currency"], asked["timeoutSeconds"]) == (1_500_000_000, "COP", 86_400)
    assert simulation.payments.kept_minor == 1_500_000_000


def test_a_rejection_carries_the_managers_reason() -> None:
    _, execution = run(next(one for one in SCENARIOS if one.name == "large, rejected"))
    assert execution.cause == "U0MANAGER: too risky"


def test_an_invalid_request_names_every_reason() -> None:
    _, execution = run(next(one for one in SCENARIOS if one.name == "invalid"))
    assert [reason.split(":")[0] for reason in json.loads(execution.cause)] == [
        "number_of_vehicles",
        "estimated_value",
    ]


def test_what_the_input_claims_of_later_steps_is_not_believed() -> None:
    spoof = LARGE | {"approvalResult": decision(), "contractResult": {"contract_id": "CONT-1999-001"}}
    _, execution = run(Scenario("spoof", [], arrange=manager_says("rejected"), request=spoof))
    assert execution.error == "ApprovalRejected"


def test_an_open_circuit_is_not_asked_and_closes_by_one_answer() -> None:
    simulation = ContractSimulation()
    simulation.registry.down = True
    first = simulation.start(request(), "exec-1")
    second = simulation.start(request(), "exec-2")
    simulation.timeline.run_until(lambda: first.ended and second.ended, 3_600)
    assert {first.error, second.error} == {"CustomerRegistryUnavailable"}
    asked = simulation.registry.asked
    assert asked < 8  # four tries each without the circuit
    third = simulation.start(request(), "exec-3")
    simulation.timeline.run_until(lambda: third.ended, 3_600)
    assert (third.error, simulation.registry.asked) == ("CustomerRegistryUnavailable", asked)
    simulation.registry.down = False
    simulation.timeline.skip(61)
    fourth = simulation.start(request(), "exec-4")
    simulation.timeline.run_until(lambda: fourth.ended, 3_600)
    assert fourth.status == "SUCCEEDED"
    assert simulation.registry.asked == asked + 1
    assert CUSTOMER.customer_id in {one.customer_id for one in simulation.contracts.contracts.values()}
