"""A contract, its states, and how it moves.

    pending --money taken--> paid --every vehicle on--> active
       |                      |                            |
       `----------------------+------> closing ------------'     its money is on the way back, nothing may be added
                              ^           |
                              |           `--money back, vehicles off--> void
                              |                                           |
                              `--------the bank sent the money back-------'

Money and contract agree because `CLOSING` is written before any money goes back, and nothing pays or activates a
contract that is closing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

BOGOTA = ZoneInfo("America/Bogota")
"""Contracts carry the year of their signing where the company sits."""


class ContractStatus(StrEnum):
    """See the module's docstring."""

    PENDING = "pending"
    PAID = "paid"
    ACTIVE = "active"
    CLOSING = "closing"
    VOID = "void"


OPEN_STATUSES = frozenset({ContractStatus.PENDING, ContractStatus.PAID, ContractStatus.CLOSING})
"""Those in which a contract does not stay."""


class PaymentState(StrEnum):
    """What is known of a contract's payment."""

    NONE = "none"
    """Nothing was ever asked of the payment service."""
    OPEN = "open"
    """It exists there and no money has moved."""
    PROCESSING = "processing"
    """The bank has not said yes or no."""
    TAKEN = "taken"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    """It can never be taken."""
    REFUNDED = "refunded"
    REFUND_FAILED = "refund_failed"
    """It was given back and came back: the money is here, the customer's, and people have to decide."""


HARMLESS_PAYMENTS = frozenset({PaymentState.NONE, PaymentState.CANCELLED, PaymentState.REFUNDED})
"""A contract may be void with these: no money is here, and none can come."""


@dataclass(frozen=True, slots=True)
class FailedRefund:
    """Money that was given back and that the bank sent back, often days later."""

    refund_id: str
    payment_id: str
    reason: str
    """Stripe's word: ``expired_or_canceled_card``, ``lost_or_stolen_card``, ``declined``, ``unknown``, ..."""
    told: bool = False
    """Whether people know."""


@dataclass(frozen=True, slots=True)
class Contract:
    """One fleet contract."""

    id: str
    """``CONT-2026-001``."""
    request_id: str
    """The name of the execution that makes it."""
    customer_id: str
    contract_type: str
    number_of_vehicles: int
    plates: tuple[str, ...]
    """Of the first vehicles; the others get theirs later."""
    amount_minor: int
    """In the smallest unit of ``currency``."""
    currency: str
    payment_method_id: str
    """Stripe's id of the customer's card, ``pm_...``."""
    approval_type: str
    """``automatic`` or ``manager``."""
    approved_by: str | None
    created_at: datetime
    updated_at: datetime
    company_name: str | None = None
    email: str | None = None
    status: ContractStatus = ContractStatus.PENDING
    payment_id: str | None = None
    payment_state: PaymentState = PaymentState.NONE
    activated: tuple[int, ...] = ()
    """Numbers (from 1) of the vehicles that are on."""
    refused: dict[str, str] | None = None
    """Number of a vehicle -> why the platform does not take it."""
    reason: str | None = None
    """Why it is closing or void."""
    failed_refunds: tuple[FailedRefund, ...] = ()
    """Each once, in the order they were heard of; also those of a payment that was one too many."""
    version: int = 0
    """Counts the writes; a change is conditional on it."""


def contract_id(year: int, sequence: int) -> str:
    """Return a contract's id.

    >>> contract_id(2026, 1), contract_id(2026, 1234)
    ('CONT-2026-001', 'CONT-2026-1234')
    """
    return f"CONT-{year}-{sequence:03d}"


def contract_year(at: datetime) -> int:
    """Return the year of a contract signed at ``at``."""
    return at.astimezone(BOGOTA).year


def waiting(contract: Contract) -> list[int]:
    """Return the numbers of the vehicles that are not on yet."""
    on = set(contract.activated)
    return [number for number in range(1, contract.number_of_vehicles + 1) if number not in on]


def plate_of(contract: Contract, number: int) -> str | None:
    """Return the plate of a vehicle by its number, None where it is not known yet."""
    return contract.plates[number - 1] if number <= len(contract.plates) else None


def closing(contract: Contract, reason: str, at: datetime) -> Contract:
    """Return the contract on its way out; one that is there already keeps its first reason."""
    if contract.status in (ContractStatus.CLOSING, ContractStatus.VOID):
        return contract
    return replace(contract, status=ContractStatus.CLOSING, reason=reason, updated_at=at)


def returned(contract: Contract, state: PaymentState, refund_id: str | None, at: datetime) -> Contract:
    """Return the contract with its money back, or never taken; an answer that is older than the news keeps it.

    Args:
        contract: the contract.
        state: of its payment, refunded or cancelled.
        refund_id: the refund by which the money is back, None when there was none to make.
        at: now.
    """
    if contract.payment_state is state or refund_id in {one.refund_id for one in contract.failed_refunds}:
        return contract
    return replace(contract, payment_state=state, updated_at=at)


def refund_failed(contract: Contract, failed: FailedRefund, at: datetime) -> Contract:
    """Return the contract with a refund that failed; one that was void is closing again, its money being here."""
    if failed.refund_id in {one.refund_id for one in contract.failed_refunds}:
        return contract
    known = replace(contract, failed_refunds=(*contract.failed_refunds, failed), updated_at=at)
    own = contract.payment_id in (None, failed.payment_id)
    if not own or contract.status not in (ContractStatus.CLOSING, ContractStatus.VOID):
        return known
    return replace(
        known,
        status=ContractStatus.CLOSING,
        payment_id=failed.payment_id,
        payment_state=PaymentState.REFUND_FAILED,
    )
