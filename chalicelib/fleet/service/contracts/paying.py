"""ProcessPayment: the contract's money is taken once.

The payment is prepared (nothing moves), its id is written into the contract, and only then is the money taken. So
whatever answer gets lost, the contract knows which payment to ask about, and one payment takes money once at most.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from chalicelib.core.clock import Clock
from chalicelib.fleet.domain.contracts.contract import Contract, ContractStatus, PaymentState
from chalicelib.fleet.errors.contracts import PaymentPendingError
from chalicelib.fleet.ports.contracts import ContractStore
from chalicelib.fleet.ports.payments import Charge, Payment, Payments
from chalicelib.fleet.service.contracts.changing import change

SUCCESS, DECLINED = "success", "declined"


@dataclass(frozen=True, slots=True)
class Ports:
    """What paying needs."""

    contracts: ContractStore
    payments: Payments


def pay(contract_id: str, ports: Ports, clock: Clock) -> dict[str, Any]:
    """Take the contract's money; return ``{"status": "success" | "declined", "transaction_id", "reason"}``.

    Raises:
        PaymentUnavailableError, PaymentRejectedError: see `Payments`.
        PaymentPendingError: the bank has not said yes or no.
    """
    contract = ports.contracts.get(contract_id)
    if contract.status is not ContractStatus.PENDING:  # paid before, or given up
        return _result(contract)
    payment = _payment(contract, ports, clock)
    if payment is None:
        return _result(ports.contracts.get(contract_id))
    if payment.state is PaymentState.OPEN:
        payment = ports.payments.take(payment.id)
    if payment.state in (PaymentState.PROCESSING, PaymentState.OPEN):
        raise PaymentPendingError(f"payment {payment.id} of contract {contract_id} is still under way")
    return _result(record(contract_id, payment, ports.contracts, clock), payment.reason)


def record(contract_id: str, payment: Payment, contracts: ContractStore, clock: Clock) -> Contract:
    """Write how the payment stands; a pending contract whose money was taken is paid."""

    def rule(contract: Contract) -> Contract:
        if contract.status is not ContractStatus.PENDING:
            return contract
        paid = payment.state is PaymentState.TAKEN
        return replace(
            contract,
            status=ContractStatus.PAID if paid else contract.status,
            payment_id=payment.id,
            payment_state=payment.state,
            updated_at=clock.now(),
        )

    return change(contract_id, rule, contracts)


def _payment(contract: Contract, ports: Ports, clock: Clock) -> Payment | None:
    """Return the contract's payment, prepared if it has none; None when the contract was given up meanwhile."""
    if contract.payment_id is not None:
        return ports.payments.find(contract.payment_id)
    prepared = ports.payments.prepare(
        Charge(
            key=contract.request_id,
            contract_id=contract.id,
            amount_minor=contract.amount_minor,
            currency=contract.currency,
            payment_method_id=contract.payment_method_id,
        )
    )
    written = record(contract.id, prepared, ports.contracts, clock)
    return prepared if written.payment_id == prepared.id and written.status is ContractStatus.PENDING else None


def _result(contract: Contract, reason: str | None = None) -> dict[str, Any]:
    paid = contract.status in (ContractStatus.PAID, ContractStatus.ACTIVE)
    return {
        "status": SUCCESS if paid else DECLINED,
        "transaction_id": contract.payment_id,
        "reason": None if paid else reason or contract.reason or str(contract.payment_state),
    }
