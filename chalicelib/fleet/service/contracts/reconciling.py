"""What is left when an answer or an execution was lost.

Both ways in ask the payment service how things stand now and go by that, not by what they were told. So an event
that comes twice, late or in the wrong order changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from chalicelib.core.clock import Clock
from chalicelib.core.errors import SignalboxError
from chalicelib.core.log import logger
from chalicelib.fleet.domain.contracts.contract import Contract, ContractStatus, PaymentState
from chalicelib.fleet.errors.contracts import ContractNotFoundError
from chalicelib.fleet.ports.contracts import ContractRuns
from chalicelib.fleet.ports.payments import PaymentEvents
from chalicelib.fleet.service.contracts import closing, paying

QUIET_MINUTES = 15
"""A contract nobody has written for so long, whose execution has ended, is stranded."""
_STRANDED = "its execution ended before it did"


@dataclass(frozen=True, slots=True)
class Ports:
    """What reconciling needs."""

    close: closing.Ports
    runs: ContractRuns


def payment_event(body: bytes, signature: str, events: PaymentEvents, ports: Ports, clock: Clock) -> str:
    """Take an event of the payment service; return what was done: ``ignored``, ``recorded`` or ``returned``.

    Raises:
        PaymentEventError: it is not from the payment service.
        PaymentUnavailableError: ask it to send the event again.
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
        ports.close.payments.give_back(payment_id, f"{payment_id}-refund")
        return "returned"
    if payment.state is not PaymentState.TAKEN:
        return "ignored"
    if contract.status is ContractStatus.PENDING:
        contract = paying.record(contract.id, payment, ports.close.contracts, clock)
        if _stranded(contract, ports):
            closing.void(contract.id, _STRANDED, ports.close, clock)
            return "returned"
        return "recorded"
    if contract.status in (ContractStatus.CLOSING, ContractStatus.VOID):
        returned = ports.close.payments.give_back(payment_id, f"{contract.request_id}-refund")
        closing.record_return(contract.id, returned.state, ports.close.contracts, clock)
        return "returned"
    return "ignored"


def close_stranded(ports: Ports, clock: Clock) -> dict[str, int]:
    """Undo every contract whose execution ended without finishing it; return ``{"closed", "failed"}``."""
    found = ports.close.contracts.unfinished(clock.now() - timedelta(minutes=QUIET_MINUTES))
    done = {"closed": 0, "failed": 0}
    for contract in found:
        if not _stranded(contract, ports):
            continue
        try:
            closing.void(contract.id, contract.reason or _STRANDED, ports.close, clock)
        except SignalboxError as error:  # the others must not wait for it; the next round tries again
            logger().exception("a contract stays open", contract=contract.id, error=type(error).__name__)
            done["failed"] += 1
        else:
            done["closed"] += 1
    return done


def _stranded(contract: Contract, ports: Ports) -> bool:
    return ports.runs.status(contract.request_id) != "RUNNING"
