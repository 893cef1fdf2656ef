"""``business-workflow`` on the virtual clock: the real definition, the real services, the world in memory.

simulation = ContractSimulation()
run = simulation.start(request(number_of_vehicles=75))
simulation.timeline.run_until_idle()
path(run)     ["ValidateCustomerData", "IsCustomerValid", ...]
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chalicelib.fleet.domain.contracts.contract import ContractStatus, PaymentState
from chalicelib.fleet.ports.contracts import ContractRuns
from chalicelib.fleet.ports.customers import Customer
from chalicelib.fleet.service.contracts import activating, closing, creating, paying, reconciling, validating
from localcloud.stepfunctions import Engine, Execution, Integrations, TaskCall, VirtualTimeline
from localcloud.stepfunctions.errors import StepFunctionsError
from localcloud.stepfunctions.faults import Faults, FaultyIntegrations
from tests.fakes.fleet.contract_world import (
    GOOD_CARD,
    SIGNATURE,
    FakeCircuits,
    FakeContractAlerts,
    FakeContractStore,
    FakePaymentEvents,
    FakePayments,
    FakePlatform,
    FakeRegistry,
)
from tests.fakes.kill import KilledError, KillSwitch
from tests.fakes.machine import TimelineClock, function_of, invoked

DEFINITION = Path(__file__).resolve().parents[3] / "statemachines" / "business-workflow.asl.json"
NOON = datetime(2026, 6, 1, 17, 0, tzinfo=UTC)
"""A Monday noon in Bogota."""
RECONCILER_SECONDS = 900.0

CUSTOMER = Customer("CUST-98765", "active", 95, "900123456-7", "fleet@example.com", GOOD_CARD)


def request(**changes: Any) -> dict[str, Any]:
    """Return the request of four fields."""
    return {
        "customer_id": CUSTOMER.customer_id,
        "number_of_vehicles": 25,
        "contract_type": "standard",
        "estimated_value": 5_000_000,
    } | changes


class EngineRuns(ContractRuns):
    """The engine's executions by name."""

    def __init__(self, simulation: ContractSimulation) -> None:
        self._simulation = simulation

    def status(self, name: str) -> str | None:
        found = [one for one in self._simulation.engine.list_executions() if one.name == name]
        return found[0].status if found else None


class ContractSimulation(Integrations):
    """See the module's docstring."""

    def __init__(self, *, switch: KillSwitch | None = None, webhooks: bool = False) -> None:
        """``webhooks``: Stripe tells of every change, twice, and late."""
        self.timeline = VirtualTimeline(NOON.timestamp())
        self.clock = TimelineClock(self.timeline)
        self.faults = Faults()
        self.switch = switch or KillSwitch()
        self.registry, self.circuits = FakeRegistry(CUSTOMER), FakeCircuits()
        self.contracts = FakeContractStore(self.switch)
        self.payments = FakePayments(self.switch)
        self.platform = FakePlatform(self.switch)
        self.alerts = FakeContractAlerts(self.switch)
        self.decision: dict[str, Any] | None = decision()
        """What the manager says; None: nothing, ever."""
        self.decision_seconds = 3_600.0
        self.asked: list[dict[str, Any]] = []
        self.published: list[dict[str, Any]] = []
        self.close_ports = closing.Ports(self.contracts, self.payments, self.platform)
        self.engine = Engine(
            self.timeline, self, faults=lambda inner: FaultyIntegrations(inner, self.faults, lambda: self.engine)
        )
        self.reconcile_ports = reconciling.Ports(self.close_ports, EngineRuns(self), self.alerts)
        self.machine = self.engine.create_state_machine(
            "business-workflow", DEFINITION.read_text(), role_arn="arn:aws:iam::123456789012:role/contracts"
        )
        if webhooks:
            self.payments.on_change = self._tell

    # -- what a test does

    def start(self, run_input: Any, name: str = "exec-1") -> Execution:
        """Start the machine as a client does."""
        return self.engine.start_execution(self.machine.arn, json.dumps(run_input), name)

    def reconcile(self, rounds: int = 3) -> None:
        """Let the schedule run."""
        for _ in range(rounds):
            self.timeline.skip(RECONCILER_SECONDS + 1)
            reconciling.close_stranded(self.reconcile_ports, self.clock)
        self.timeline.run_until_idle()

    def published_to(self, topic: str) -> list[dict[str, Any]]:
        """Return what was published to ``CustomerWelcome`` or ``ContractAlerts``."""
        return [one for one in self.published if one["TopicArn"] == f"${{{topic}Arn}}"]

    def disagreements(self) -> list[str]:
        """Return where money, contracts and vehicles do not agree, in words."""
        found = []
        active = [one for one in self.contracts.contracts.values() if one.status is ContractStatus.ACTIVE]
        owed = [
            one
            for one in self.contracts.contracts.values()
            if (one.status, one.payment_state) == (ContractStatus.CLOSING, PaymentState.REFUND_FAILED)
        ]
        if self.payments.kept_minor != sum(one.amount_minor for one in [*active, *owed]):
            found.append(f"{self.payments.kept_minor} is kept: {len(active)} active contracts, {len(owed)} owed")
        for payment_id, intent in self.payments.intents.items():
            if intent.taken_minor not in (0, intent.charge.amount_minor):
                found.append(f"{payment_id} took {intent.taken_minor} of {intent.charge.amount_minor}")
            if intent.refunded_minor not in (0, intent.taken_minor):
                found.append(f"{payment_id} gave {intent.refunded_minor} back of {intent.taken_minor}")
        takers = [one.charge.contract_id for one in self.payments.intents.values() if one.taken_minor]
        if len(takers) != len(set(takers)):
            found.append("a contract was charged twice")
        on = {contract_id: len(numbers) for contract_id, numbers in self.platform.on.items() if numbers}
        if on != {one.id: one.number_of_vehicles for one in active}:
            found.append(f"vehicles on: {on}; active: {[one.id for one in active]}")
        if any(times > 1 for times in self.platform.switched.values()):
            found.append("a vehicle was switched on twice")
        return found

    # -- what the machine calls

    def call(self, call: TaskCall) -> Any:
        if call.resource.startswith("arn:aws:states:::sns:publish"):
            self.published.append(call.arguments)
            return {"MessageId": str(len(self.published))}
        return invoked(call, getattr(self, function_of(call)))

    def ValidateCustomer(self, event: dict[str, Any]) -> dict[str, Any]:
        return validating.validate(event["input"], validating.Ports(self.registry, self.circuits), self.clock)

    def RequestApproval(self, event: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(event)
        if self.decision is not None:
            answer = json.dumps(self.decision)
            self.timeline.call_after(self.decision_seconds, lambda: self._decide(event["taskToken"], answer))
        return {}

    def CreateContract(self, event: dict[str, Any]) -> dict[str, Any]:
        state = event["state"]
        approval = state.get("approvalResult")
        return creating.create(event["requestId"], state["request"], approval, self.contracts, self.clock)

    def ProcessPayment(self, event: dict[str, Any]) -> dict[str, Any]:
        return paying.pay(event["contractId"], paying.Ports(self.contracts, self.payments), self.clock)

    def ActivateService(self, event: dict[str, Any]) -> dict[str, Any]:
        return activating.activate(
            event["contractId"], activating.Ports(self.contracts, self.platform), self.clock
        )

    def RefundPayment(self, event: dict[str, Any]) -> dict[str, Any]:
        return closing.give_back(event["contractId"], event["reason"], self.close_ports, self.clock)

    def VoidContract(self, event: dict[str, Any]) -> dict[str, Any]:
        return closing.void_request(event["requestId"], event["reason"], self.close_ports, self.clock)

    def _decide(self, token: str, answer: str) -> None:
        try:
            self.engine.send_task_success(token, answer)
        except StepFunctionsError:
            return  # decided before, or given up

    def _tell(self, payment_id: str) -> None:
        for seconds in (1.0, 40.0):
            self.timeline.call_after(seconds, lambda: self._event(payment_id))

    def _event(self, payment_id: str) -> None:
        try:
            reconciling.payment_event(
                payment_id.encode(), SIGNATURE, FakePaymentEvents(), self.reconcile_ports, self.clock
            )
        except KilledError:
            self.timeline.call_after(60.0, lambda: self._event(payment_id))  # Stripe sends it again


def decision(kind: str = "approved", reason: str = "good customer") -> dict[str, Any]:
    """Return what a manager's decision gives the machine."""
    return {
        "approvalId": "appr-1",
        "decision": kind,
        "choice": None,
        "decidedBy": "U0MANAGER",
        "reason": reason,
        "decidedAt": "2026-06-01T18:00:00+00:00",
    }
