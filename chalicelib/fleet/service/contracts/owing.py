"""A refund that the bank sent back, often days after it was made: it is written down, and people are told.

Stripe then has the money again and gives it back no more by itself; where a card is gone, another refund to it is
no use. So nothing here tries again: whoever is told refunds by Stripe once more, or pays by another way.
"""

from __future__ import annotations

from dataclasses import replace

from chalicelib.core.clock import Clock
from chalicelib.fleet.domain.contracts import money
from chalicelib.fleet.domain.contracts.contract import Contract, FailedRefund, refund_failed
from chalicelib.fleet.ports.contracts import ContractAlerts, ContractStore
from chalicelib.fleet.ports.payments import Refund
from chalicelib.fleet.service.contracts.changing import change

REVIEW = "ContractNeedsReview"
"""What the alert is called: the same as that of ``business-workflow``, for the same people."""


def owe(
    contract: Contract,
    payment_id: str,
    refund: Refund,
    contracts: ContractStore,
    alerts: ContractAlerts,
    clock: Clock,
) -> None:
    """Write that a refund failed, and tell people of it: once, or again where it is not certain that they know.

    Raises:
        ContractAlertError: nobody could be told; what is written holds, so do it again.
    """
    failed = FailedRefund(refund.id, payment_id, refund.reason or "unknown")
    written = change(contract.id, lambda one: refund_failed(one, failed, clock.now()), contracts)
    if any(one.told for one in written.failed_refunds if one.refund_id == refund.id):
        return
    alerts.tell(REVIEW, "A refund has failed", _text(written, failed))
    change(contract.id, lambda one: _told(one, refund.id), contracts)


def _told(contract: Contract, refund_id: str) -> Contract:
    marked = (replace(one, told=one.told or one.refund_id == refund_id) for one in contract.failed_refunds)
    return replace(contract, failed_refunds=tuple(marked))


def _text(contract: Contract, failed: FailedRefund) -> str:
    amount = money.shown(contract.amount_minor, contract.currency)
    return (
        f"{amount} of contract {contract.id}, customer {contract.customer_id}, went back and came back: refund "
        f"{failed.refund_id} of payment {failed.payment_id} failed ({failed.reason}). The money is in Stripe and "
        "is owed to the customer. It is not tried again by itself: see ContractNeedsReview in the runbook."
    )
