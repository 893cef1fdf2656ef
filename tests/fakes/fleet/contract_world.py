"""Everything outside of contracts, in memory: store, Stripe, registry, vehicle platform.

Each write passes the ``switch`` before and after it, so that a test can let the process die there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from chalicelib.core.errors import ConflictError
from chalicelib.fleet.domain.contracts.circuit import Circuit
from chalicelib.fleet.domain.contracts.contract import OPEN_STATUSES, Contract, PaymentState
from chalicelib.fleet.errors.contracts import (
    ContractAlertError,
    ContractNotFoundError,
    CustomerRegistryError,
    PaymentEventError,
    PaymentPendingError,
)
from chalicelib.fleet.ports.contracts import ContractAlerts, ContractRuns, ContractStore
from chalicelib.fleet.ports.customers import Circuits, Customer, CustomerRegistry
from chalicelib.fleet.ports.payments import Charge, Payment, PaymentEvents, Payments, Refund
from chalicelib.fleet.ports.vehicles import Unit, VehiclePlatform
from tests.fakes.kill import KillSwitch

GOOD_CARD, DECLINED_CARD, SLOW_CARD = "pm_card_visa", "pm_card_chargeCustomerFail", "pm_slow"
SIGNATURE = "signed"


class FakeContractStore(ContractStore):
    """Contracts in dictionaries, with the same conditions as the table's."""

    def __init__(self, switch: KillSwitch | None = None) -> None:
        self.switch = switch or KillSwitch()
        self.contracts: dict[str, Contract] = {}
        self.claims: dict[str, str] = {}
        self.sequences: dict[int, int] = defaultdict(int)

    def next_sequence(self, year: int) -> int:
        self.switch.point("before sequence")
        self.sequences[year] += 1
        self.switch.point("after sequence")
        return self.sequences[year]

    def create(self, contract: Contract) -> bool:
        self.switch.point("before create")
        if contract.request_id in self.claims:
            return False
        assert contract.id not in self.contracts
        self.claims[contract.request_id] = contract.id
        self.contracts[contract.id] = contract
        self.switch.point("after create")
        return True

    def of_request(self, request_id: str) -> Contract | None:
        contract_id = self.claims.get(request_id)
        return self.contracts[contract_id] if contract_id else None

    def refuse(self, request_id: str) -> bool:
        self.switch.point("before refuse")
        refused = self.claims.setdefault(request_id, "") == ""
        self.switch.point("after refuse")
        return refused

    def get(self, contract_id: str) -> Contract:
        if contract_id not in self.contracts:
            raise ContractNotFoundError(f"there is no contract {contract_id}")
        return self.contracts[contract_id]

    def move(self, before: Contract, after: Contract) -> Contract:
        self.switch.point(f"before {after.status}")
        if self.contracts[before.id].version != before.version:
            raise ConflictError(f"contract {before.id} was written meanwhile")
        self.contracts[before.id] = replace(after, version=before.version + 1)
        self.switch.point(f"after {after.status}")
        return self.contracts[before.id]

    def page(self, limit: int, after: str | None) -> tuple[list[Contract], str | None]:
        found = sorted(self.contracts.values(), key=lambda one: (one.created_at, one.id), reverse=True)
        first = next((n + 1 for n, one in enumerate(found) if one.id == after), 0)
        following = found[first + limit - 1].id if len(found) > first + limit else None
        return found[first : first + limit], following

    def unfinished(self, before: datetime) -> list[Contract]:
        found = [one for one in self.contracts.values() if one.status in OPEN_STATUSES and one.updated_at < before]
        return sorted(found, key=lambda one: one.updated_at)


@dataclass
class Intent:
    """A PaymentIntent and all that ever moved by it."""

    charge: Charge
    state: PaymentState = PaymentState.OPEN
    taken_minor: int = 0
    refunds: list[Refund] = field(default_factory=list)
    """Each of all that was taken, the latest last."""

    @property
    def refunded_minor(self) -> int:
        return self.taken_minor * sum(one.stands for one in self.refunds)


class FakePayments(Payments):
    """Stripe as its documents describe it: an intent takes money once, keys repeat answers."""

    def __init__(self, switch: KillSwitch | None = None) -> None:
        self.switch = switch or KillSwitch()
        self.intents: dict[str, Intent] = {}
        self.on_change: Callable[[str], None] = lambda payment_id: None
        """Told of every intent that changed, as a webhook would be."""

    @property
    def kept_minor(self) -> int:
        """Money taken and not given back."""
        return sum(one.taken_minor - one.refunded_minor for one in self.intents.values())

    def prepare(self, charge: Charge) -> Payment:
        self.switch.point("before prepare")
        payment_id = f"pi_{charge.key}"
        known = self.intents.setdefault(payment_id, Intent(charge))
        assert known.charge == charge, "an idempotency key was used for another payment"
        self.switch.point("after prepare")
        return self.find(payment_id)

    def take(self, payment_id: str) -> Payment:
        self.switch.point("before take")
        intent = self.intents[payment_id]
        if intent.state is PaymentState.OPEN:
            if intent.charge.payment_method_id == DECLINED_CARD:
                intent.state = PaymentState.DECLINED
            elif intent.charge.payment_method_id == SLOW_CARD:
                intent.state = PaymentState.PROCESSING
            else:
                self.settle(payment_id)
        self.switch.point("after take")
        return self.find(payment_id)

    def settle(self, payment_id: str) -> None:
        """Let the bank say yes."""
        intent = self.intents[payment_id]
        intent.state = PaymentState.TAKEN
        intent.taken_minor += intent.charge.amount_minor
        self.on_change(payment_id)

    def find(self, payment_id: str) -> Payment:
        intent = self.intents[payment_id]
        reason = "card_declined" if intent.state is PaymentState.DECLINED else None
        return Payment(payment_id, intent.charge.contract_id, intent.state, reason)

    def give_back(self, payment_id: str, key: str) -> Payment:
        self.switch.point("before give back")
        intent = self.intents[payment_id]
        if intent.state is PaymentState.PROCESSING:
            raise PaymentPendingError(f"{payment_id} is under way")
        before = (intent.state, intent.refunded_minor)
        refund_id = None
        if intent.state is PaymentState.TAKEN:
            if not intent.refunded_minor:
                self.refund_again(payment_id)
            state, refund_id = PaymentState.REFUNDED, intent.refunds[-1].id
        else:
            state = intent.state = PaymentState.CANCELLED
        if before != (intent.state, intent.refunded_minor):
            self.on_change(payment_id)
        self.switch.point("after give back")
        return Payment(payment_id, intent.charge.contract_id, state, refund_id=refund_id)

    def refund(self, payment_id: str) -> Refund | None:
        refunds = self.intents[payment_id].refunds
        return next((one for one in refunds if one.stands), refunds[-1] if refunds else None)

    def refund_again(self, payment_id: str) -> None:
        """Give the money back, as somebody does by hand at Stripe."""
        refunds = self.intents[payment_id].refunds
        refunds.append(Refund(f"re_{len(refunds) + 1}_{payment_id}", stands=True))

    def fail_refund(self, payment_id: str) -> None:
        """Let the bank send the money back that was given back last."""
        refunds = self.intents[payment_id].refunds
        refunds[-1] = replace(refunds[-1], stands=False, reason="expired_or_canceled_card")


class FakePaymentEvents(PaymentEvents):
    """Events whose body is a payment's id."""

    def payment_id(self, body: bytes, signature: str) -> str | None:
        if signature != SIGNATURE:
            raise PaymentEventError("not signed")
        return body.decode() or None


class FakeContractAlerts(ContractAlerts):
    """Keeps what people were told; may be out of order."""

    def __init__(self, switch: KillSwitch | None = None) -> None:
        self.switch = switch or KillSwitch()
        self.told: list[tuple[str, str]] = []
        self.down = False

    def tell(self, event: str, subject: str, text: str) -> None:
        self.switch.point("before tell")
        if self.down:
            raise ContractAlertError("the topic is down")
        self.told.append((event, text))
        self.switch.point("after tell")


class FakeRegistry(CustomerRegistry):
    """Knows the customers it was given; may be out of order."""

    def __init__(self, *customers: Customer) -> None:
        self.customers = {one.customer_id: one for one in customers}
        self.down = False
        self.asked = 0

    def look_up(self, customer_id: str, document_id: str | None) -> Customer | None:
        self.asked += 1
        if self.down:
            raise CustomerRegistryError("the registry is down")
        return self.customers.get(customer_id)


class FakeCircuits(Circuits):
    """Circuits in a dictionary."""

    def __init__(self) -> None:
        self.circuits: dict[str, Circuit] = {}

    def get(self, service: str) -> Circuit:
        return self.circuits.get(service, Circuit())

    def put(self, service: str, before: Circuit, after: Circuit) -> bool:
        if self.get(service).version != before.version:
            return False
        self.circuits[service] = replace(after, version=before.version + 1)
        return True


class FakePlatform(VehiclePlatform):
    """Counts how often each vehicle was switched on."""

    def __init__(self, switch: KillSwitch | None = None) -> None:
        self.switch = switch or KillSwitch()
        self.on: dict[str, set[int]] = defaultdict(set)
        self.switched: dict[tuple[str, int], int] = defaultdict(int)
        self.ended: set[str] = set()
        self.refused_plates: set[str] = set()

    def activate(self, contract_id: str, units: list[Unit]) -> dict[int, str | None]:
        self.switch.point("before activate")
        answers: dict[int, str | None] = {}
        for unit in units:
            if contract_id in self.ended:
                answers[unit.number] = "the contract has ended"
            elif unit.plate in self.refused_plates:
                answers[unit.number] = "unknown plate"
            else:
                answers[unit.number] = None
                if unit.number not in self.on[contract_id]:
                    self.on[contract_id].add(unit.number)
                    self.switched[contract_id, unit.number] += 1
        self.switch.point("after activate")
        return answers

    def deactivate(self, contract_id: str) -> None:
        self.switch.point("before deactivate")
        self.ended.add(contract_id)
        self.on.pop(contract_id, None)
        self.switch.point("after deactivate")


class FakeRuns(ContractRuns):
    """Executions by name -> (input, status)."""

    def __init__(self) -> None:
        self.runs: dict[str, tuple[dict[str, Any], str]] = {}

    def start(self, name: str, request: dict[str, Any]) -> tuple[str, bool]:
        known = self.runs.get(name)
        if known is not None and known[0] != request:
            raise ConflictError(f"the name {name} was used for another request")
        self.runs.setdefault(name, (request, "RUNNING"))
        return f"arn:aws:states:us-east-1:123456789012:execution:business-workflow:{name}", known is None

    def status(self, name: str) -> str | None:
        run = self.runs.get(name)
        return run[1] if run else None
