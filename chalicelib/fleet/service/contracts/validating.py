"""ValidateCustomerData: is the request in order, and does the customer registry know who asks?"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from chalicelib.core.clock import Clock
from chalicelib.core.errors import InvalidInputError
from chalicelib.fleet.domain.contracts import circuit, money
from chalicelib.fleet.domain.contracts.request import ContractRequest, read
from chalicelib.fleet.errors.contracts import CustomerRegistryError, CustomerRegistryUnavailableError
from chalicelib.fleet.ports.customers import Circuits, Customer, CustomerRegistry

SERVICE = "customer-registry"


@dataclass(frozen=True, slots=True)
class Ports:
    """What validating needs."""

    registry: CustomerRegistry
    circuits: Circuits


def validate(request_input: Any, ports: Ports, clock: Clock) -> dict[str, Any]:
    """Return what the execution carries on: ``request`` in one form, and ``validationResult``.

    ``validationResult`` is ``{"valid", "score", "reasons": [text], "warnings": [text]}``; an invalid request has
    reasons, and an empty ``request``.

    Raises:
        CustomerRegistryError: the registry did not answer this time.
        CustomerRegistryUnavailableError: it failed so often that it is not asked.
    """
    try:
        request, doubts = read(request_input, strict=False)
    except InvalidInputError as error:
        return _result({}, score=0, reasons=[f"{one.path}: {one.message}" for one in error.problems])
    warnings = [f"{one.path}: {one.message}" for one in doubts]
    customer = _look_up(request, ports, clock)
    if customer is None:
        return _result(
            {}, score=0, reasons=[f"customer {request.customer_id} is not registered"], warnings=warnings
        )
    reasons = _reasons(request, customer)
    if reasons:
        return _result({}, score=customer.score, reasons=reasons, warnings=warnings)
    known = replace(
        request,
        email=request.email or customer.email,
        payment_method_id=request.payment_method_id or customer.payment_method_id,
    )
    return _result(_carried(known), score=customer.score, reasons=[], warnings=warnings)


def _look_up(request: ContractRequest, ports: Ports, clock: Clock) -> Customer | None:
    """Ask the registry unless its circuit is open, and remember how it went."""
    now = clock.now()
    before = ports.circuits.get(SERVICE)
    if circuit.is_open(before, now):
        raise CustomerRegistryUnavailableError(f"the customer registry is not asked before {before.open_until}")
    if circuit.needs_probe(before, now):
        probing = circuit.probing(before, now)
        if not ports.circuits.put(SERVICE, before, probing):
            raise CustomerRegistryUnavailableError("the customer registry is being tried by another execution")
        before = ports.circuits.get(SERVICE)
    try:
        customer = ports.registry.look_up(request.customer_id, request.document_id)
    except CustomerRegistryError:
        _remember_failure(ports.circuits, clock)
        raise
    if before.failures or before.open_until:
        ports.circuits.put(SERVICE, before, circuit.answered(before))
    return customer


def _remember_failure(circuits: Circuits, clock: Clock) -> None:
    for _ in range(3):  # others count at the same time; one failure more or less does not matter
        before = circuits.get(SERVICE)
        if circuits.put(SERVICE, before, circuit.failed(before, clock.now())):
            return


def _reasons(request: ContractRequest, customer: Customer) -> list[str]:
    reasons = []
    if customer.status != "active":
        reasons.append(f"customer {customer.customer_id} is {customer.status}")
    if request.document_id and customer.document_id and request.document_id != customer.document_id:
        reasons.append(f"document_id: {request.document_id} is not the document of {customer.customer_id}")
    if not (request.payment_method_id or customer.payment_method_id):
        reasons.append(f"customer {customer.customer_id} has no card on file, and the request names none")
    return reasons


def _carried(request: ContractRequest) -> dict[str, Any]:
    amount = money.shown(request.amount_minor, request.currency)
    return asdict(request) | {"plates": list(request.plates), "amount_shown": amount}


def _result(
    request: dict[str, Any], *, score: int, reasons: list[str], warnings: list[str] | None = None
) -> dict[str, Any]:
    verdict = {"valid": not reasons, "score": score, "reasons": reasons, "warnings": warnings or []}
    return {"request": request, "validationResult": verdict}
