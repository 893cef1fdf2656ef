"""CreateContract: one contract per execution, however often it is asked for."""

from __future__ import annotations

from typing import Any

from chalicelib.core.clock import Clock
from chalicelib.core.errors import ConflictError
from chalicelib.fleet.domain.contracts.contract import Contract, contract_id, contract_year
from chalicelib.fleet.ports.contracts import ContractStore


def create(
    request_id: str,
    request: dict[str, Any],
    approval: dict[str, Any] | None,
    contracts: ContractStore,
    clock: Clock,
) -> dict[str, Any]:
    """Return ``{"contract_id", "approval_type"}`` of the request's contract, made now or before.

    Args:
        request_id: the execution's name.
        request: as ``validating`` carries it.
        approval: what the manager decided, None where none was asked.
        contracts: where it is kept.
        clock: gives the contract's year.

    Raises:
        ConflictError: the request was dropped meanwhile and gets no contract any more.
    """
    known = contracts.of_request(request_id)
    if known is None:
        contract = _contract(request_id, request, approval, contracts, clock)
        # When another attempt of the same execution was faster, its contract is the one.
        known = contract if contracts.create(contract) else contracts.of_request(request_id)
    if known is None:
        raise ConflictError(f"request {request_id} was dropped")
    return {"contract_id": known.id, "approval_type": known.approval_type}


def _contract(
    request_id: str,
    request: dict[str, Any],
    approval: dict[str, Any] | None,
    contracts: ContractStore,
    clock: Clock,
) -> Contract:
    now = clock.now()
    year = contract_year(now)
    return Contract(
        id=contract_id(year, contracts.next_sequence(year)),
        request_id=request_id,
        customer_id=request["customer_id"],
        contract_type=request["contract_type"],
        number_of_vehicles=request["number_of_vehicles"],
        plates=tuple(request["plates"]),
        amount_minor=request["amount_minor"],
        currency=request["currency"],
        payment_method_id=request["payment_method_id"],
        approval_type="manager" if approval else "automatic",
        approved_by=approval["decidedBy"] if approval else None,
        created_at=now,
        updated_at=now,
        company_name=request["company_name"],
        email=request["email"],
    )
