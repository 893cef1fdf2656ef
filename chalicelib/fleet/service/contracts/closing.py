"""RefundPayment and VoidContract: a contract is undone so that its money is never elsewhere than it says.

First the contract is closing: from then on nothing pays or activates it. Then the money goes back, or the payment
is cancelled so that none can come. Then its vehicles go off. Only then it is void. Each step may be done again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from chalicelib.core.clock import Clock
from chalicelib.fleet.domain.contracts.contract import (
    HARMLESS_PAYMENTS,
    Contract,
    ContractStatus,
    PaymentState,
    closing,
    returned,
)
from chalicelib.fleet.errors.contracts import RefundFailedError
from chalicelib.fleet.ports.contracts import ContractStore
from chalicelib.fleet.ports.payments import Payments
from chalicelib.fleet.ports.vehicles import VehiclePlatform
from chalicelib.fleet.service.contracts.changing import change


@dataclass(frozen=True, slots=True)
class Ports:
    """What closing needs."""

    contracts: ContractStore
    payments: Payments
    platform: VehiclePlatform


def give_back(contract_id: str, reason: str, ports: Ports, clock: Clock) -> dict[str, Any]:
    """Give the money back; return ``{"status": "refunded" | "cancelled" | "none", "transaction_id"}``.

    Raises:
        PaymentUnavailableError, PaymentPendingError, PaymentRejectedError: see `Payments`; it is closing then.
    """
    contract = change(contract_id, lambda one: closing(one, reason, clock.now()), ports.contracts)
    contract = _without_money(contract, ports, clock)
    return {"status": str(contract.payment_state), "transaction_id": contract.payment_id}


def void_request(request_id: str, reason: str, ports: Ports, clock: Clock) -> dict[str, Any]:
    """Undo the contract of a request; return ``{"contract_id", "status": "void"}``.

    A request without a contract never gets one: an attempt to make it may still be under way.
    """
    if ports.contracts.refuse(request_id):
        return {"contract_id": None, "status": str(ContractStatus.VOID)}
    contract = ports.contracts.of_request(request_id)
    assert contract is not None  # else it would have been refused
    return void(contract.id, reason, ports, clock)


def void(contract_id: str, reason: str, ports: Ports, clock: Clock) -> dict[str, Any]:
    """Undo a contract: money, vehicles, status; return ``{"contract_id", "status": "void"}``.

    Raises:
        RefundFailedError: its money came back; it is closing until people have decided.
        PaymentUnavailableError, PaymentPendingError, PaymentRejectedError, VehiclePlatformError: do it again.
    """
    contract = change(contract_id, lambda one: closing(one, reason, clock.now()), ports.contracts)
    if contract.status is ContractStatus.CLOSING:
        _without_money(contract, ports, clock)
        ports.platform.deactivate(contract_id)
        change(contract_id, lambda one: _voided(one, clock), ports.contracts)
    return {"contract_id": contract_id, "status": str(ContractStatus.VOID)}


def _without_money(contract: Contract, ports: Ports, clock: Clock) -> Contract:
    """Return the contract when no money of it is here and none can come."""
    if contract.payment_id is None or contract.payment_state in HARMLESS_PAYMENTS:
        return contract
    if contract.payment_state is PaymentState.REFUND_FAILED:
        # Not given back a second time from here: people were told, and may have sent it by another way.
        refund = ports.payments.refund(contract.payment_id)
        if refund is None or not refund.stands:
            raise _came_back(contract)
        return record_return(contract.id, PaymentState.REFUNDED, refund.id, ports.contracts, clock)
    payment = ports.payments.give_back(contract.payment_id, f"{contract.request_id}-refund")
    contract = record_return(contract.id, payment.state, payment.refund_id, ports.contracts, clock)
    if contract.payment_state is PaymentState.REFUND_FAILED:
        raise _came_back(contract)
    return contract


def record_return(
    contract_id: str, state: PaymentState, refund_id: str | None, contracts: ContractStore, clock: Clock
) -> Contract:
    """Write that the money went back by ``refund_id``, or never came."""
    return change(contract_id, lambda one: returned(one, state, refund_id, clock.now()), contracts)


def _voided(contract: Contract, clock: Clock) -> Contract:
    if contract.payment_state is PaymentState.REFUND_FAILED:  # heard of while vehicles went off
        raise _came_back(contract)
    return replace(contract, status=ContractStatus.VOID, activated=(), updated_at=clock.now())


def _came_back(contract: Contract) -> RefundFailedError:
    return RefundFailedError(f"the refund of payment {contract.payment_id} of contract {contract.id} failed")
