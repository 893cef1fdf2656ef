"""What is left when an answer or an execution was lost.

Both ways in ask the payment service how things stand now and go by that, not by what they were told. So an event
that comes twice, late or in the wrong order changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from chalicelib.core.clock import Clock
from chalicelib.core.errors import SignalboxError
from chalicelib.core.log import logger
from chalicelib.fleet.domain.contracts.contract import Contract, ContractStatus, PaymentState
from chalicelib.fleet.errors.contracts import ContractNotFoundError, RefundFailedError
from chalicelib.fleet.ports.contracts import ContractAlerts, ContractRuns
from chalicelib.fleet.ports.payments import Payment, PaymentEvents
from chalicelib.fleet.service.contracts import closing, owing, paying

QUIET_MINUTES = 15
"""A contract nobody has written for so long, whose execution has ended, is stranded."""
_STRANDED = "its execution ended before it did"


@dataclass(frozen=True, slots=True)
class Ports:
    """What reconciling needs."""

    close: closing.Ports
    runs: ContractRuns
    alerts: ContractAlerts


def payment_event(body: bytes, signature: str, events: PaymentEvents, ports: Ports, clock: Clock) -> str:
    """Take an event of the payment service; return what was done.

    Returns:
        ``ignored``, ``recorded``, ``returned`` (its money is back) or ``owed`` (its money came back here).

    Raises:
        PaymentEventError: it is not from the payment service.
        PaymentUnavailableError, ContractAlertError: ask it to send the event again.
    """
    payment_id = events.payment_id(body, signature)
    if payment_id is None:
        return "ignored"
    payment = ports.close.payments.find(payment_id)
    try:
        contract = ports.close.contracts.get(payment.contract_id or "")
    except ContractNotFoundError:
        return "ignored"
    # A contract holds one payment. Another one can only be a leftover of an expired idempotency key.
    if contract.payment_id not in (None, payment_id):
        return _given_back(contract, payment, ports, clock)
    if payment.state is not PaymentState.TAKEN:
        return "ignored"
    if contract.status is ContractStatus.PENDING:
        contract = paying.record(contract.id, payment, ports.close.contracts, clock)
        if _stranded(contract, ports):
            closing.void(contract.id, _STRANDED, ports.close, clock)
            return "returned"
        return "recorded"
    if contract.status in (ContractStatus.CLOSING, ContractStatus.VOID):
        return _given_back(contract, payment, ports, clock)
    return "ignored"


def _given_back(contract: Contract, payment: Payment, ports: Ports, clock: Clock) -> str:
    """See to it that a payment is given back that no contract may keep; one that came back is told, not tried."""
    own = contract.payment_id in (None, payment.id)
    refund = ports.close.payments.refund(payment.id) if payment.state is PaymentState.TAKEN else None
    if refund is None:
        key = f"{contract.request_id if own else payment.id}-refund"
        given = ports.close.payments.give_back(payment.id, key)
    elif refund.stands:
        given = replace(payment, state=PaymentState.REFUNDED, refund_id=refund.id)
    else:
        owing.owe(contract, payment.id, refund, ports.close.contracts, ports.alerts, clock)
        return "owed"
    if own:
        closing.record_return(contract.id, given.state, given.refund_id, ports.close.contracts, clock)
    return "returned"


def close_stranded(ports: Ports, clock: Clock) -> dict[str, int]:
    """Undo every contract whose execution ended without finishing it.

    Returns:
        ``{"closed", "failed", "owed"}``: how many are void now, could not be closed, wait for people to decide.
    """
    found = ports.close.contracts.unfinished(clock.now() - timedelta(minutes=QUIET_MINUTES))
    done = {"closed": 0, "failed": 0, "owed": 0}
    for contract in found:
        if not _stranded(contract, ports):
            continue
        try:
            closing.void(contract.id, contract.reason or _STRANDED, ports.close, clock)
        except RefundFailedError:  # people know, and have not given the money back yet
            logger().warning("a refund that failed is still owed", contract=contract.id)
            done["owed"] += 1
        except SignalboxError as error:  # the others must not wait for it; the next round tries again
            logger().exception("a contract stays open", contract=contract.id, error=type(error).__name__)
            done["failed"] += 1
        else:
            done["closed"] += 1
    return done


def _stranded(contract: Contract, ports: Ports) -> bool:
    return ports.runs.status(contract.request_id) != "RUNNING"
