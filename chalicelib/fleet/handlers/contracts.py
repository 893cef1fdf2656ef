"""Contracts: the doors with a Lambda of their own. Each parses, calls one service function, returns its result.

Tasks of ``business-workflow``   validate_customer, create_contract, process_payment, activate_service,
                                 refund_payment, void_contract
Schedule                         payment_reconciler
"""

from __future__ import annotations

from typing import Any

from chalice import Blueprint
from chalice.app import CloudWatchEvent, Rate

from chalicelib.core import clock
from chalicelib.core.metrics import measured
from chalicelib.core.task import task
from chalicelib.fleet.wiring import contracts as wiring

bp = Blueprint(__name__)


@bp.lambda_function(name="validate-customer")
@task
def validate_customer(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Check a contract's request and its customer.

    ``event`` is ``{"input": the execution's input, "executionArn"}``; returns ``{"request": {...},
    "validationResult": {"valid", "score", "reasons", "warnings"}}``.
    """
    from chalicelib.fleet.service.contracts import validating

    return validating.validate(event["input"], wiring.validation(), clock.current())


@bp.lambda_function(name="create-contract")
@task
def create_contract(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Make the execution's contract.

    ``event`` is ``{"requestId": the execution's name, "executionArn", "state": {"request", "approvalResult"?}}``;
    returns ``{"contract_id": "CONT-2026-001", "approval_type": "automatic" | "manager"}``.
    """
    from chalicelib.fleet.service.contracts import creating

    state = event["state"]
    return creating.create(
        event["requestId"], state["request"], state.get("approvalResult"), wiring.contracts(), clock.current()
    )


@bp.lambda_function(name="process-payment")
@task
def process_payment(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Take the contract's money: ``{"contractId"}`` to ``{"status", "transaction_id", "reason"}``."""
    from chalicelib.fleet.service.contracts import paying

    return paying.pay(event["contractId"], wiring.payment(), clock.current())


@bp.lambda_function(name="activate-service")
@task
def activate_service(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Switch the vehicles on: ``{"contractId"}`` to ``{"service_status", "vehicles_activated"}``."""
    from chalicelib.fleet.service.contracts import activating

    result = activating.activate(event["contractId"], wiring.activation(), clock.current())
    measured("fleet", "VehiclesActivated", result["vehicles_activated"])
    return result


@bp.lambda_function(name="refund-payment")
@task
def refund_payment(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Give the contract's money back: ``{"contractId", "reason"}`` to ``{"status", "transaction_id"}``."""
    from chalicelib.fleet.service.contracts import closing

    return closing.give_back(event["contractId"], event["reason"], wiring.closure(), clock.current())


@bp.lambda_function(name="void-contract")
@task
def void_contract(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Undo the execution's contract, if it has one.

    ``event`` is ``{"requestId": the execution's name, "reason"}``; returns ``{"contract_id", "status": "void"}``.
    """
    from chalicelib.fleet.service.contracts import closing

    return closing.void_request(event["requestId"], event["reason"], wiring.closure(), clock.current())


@bp.schedule(Rate(15, unit=Rate.MINUTES), name="payment-reconciler")
@task
def payment_reconciler(event: CloudWatchEvent) -> dict[str, Any]:
    """Undo contracts whose execution ended without finishing them."""
    from chalicelib.fleet.service.contracts import reconciling

    return reconciling.close_stranded(wiring.reconciliation(), clock.current())
