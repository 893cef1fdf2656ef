"""Contracts: the doors inside the API. docs/api.md shows a request of each.

``POST /payments/webhook`` is open to the internet: Stripe signs what it sends. The others ask for a signed AWS
request.
"""

from __future__ import annotations

from typing import Any

from chalice import Blueprint, IAMAuthorizer, Response

from chalicelib.core import clock, http
from chalicelib.fleet.domain.contracts.request import EXECUTION_ID
from chalicelib.fleet.errors.contracts import ContractNotFoundError, PaymentEventError
from chalicelib.fleet.wiring import contracts as wiring

bp = Blueprint(__name__)
signed = IAMAuthorizer()


@bp.route("/contracts", methods=["POST"], authorizer=signed)
@http.answering
def request_contract() -> Response:
    """Ask for a contract; the same ``Idempotency-Key`` (or ``execution_id``) makes no second one."""
    from chalicelib.fleet.service.contracts import requesting

    data = http.body_as(dict[str, Any], bp.current_request)
    key = bp.current_request.headers.get("idempotency-key")
    started, new = requesting.request_contract(data, key, wiring.contract_runs())
    place = {"Location": f"/contracts/{started['request_id']}"}
    return Response(started, status_code=202 if new else 200, headers=dict(place))


@bp.route("/contracts/{contract_id}", methods=["GET"], authorizer=signed)
@http.answering
def get_contract(contract_id: str) -> dict[str, Any]:
    """Show a contract, by its id or by its request's."""
    from chalicelib.fleet.service.contracts import views

    if not EXECUTION_ID.fullmatch(contract_id):
        raise ContractNotFoundError(f"{contract_id[:64]!r} is no id of a contract or of a request")
    return views.contract_now(contract_id, wiring.contracts(), wiring.contract_runs())


@bp.route("/payments/webhook", methods=["POST"])
@http.answering
def payment_event() -> dict[str, Any]:
    """Take an event of Stripe's, and compare the payment it is about with its contract."""
    from chalicelib.fleet.service.contracts import reconciling

    request = bp.current_request
    signature = request.headers.get("stripe-signature") or ""
    raw = request.raw_body
    body = raw if isinstance(raw, bytes) else raw.encode()
    try:
        done = reconciling.payment_event(
            body, signature, wiring.payment_events(), wiring.reconciliation(), clock.current()
        )
    except PaymentEventError as error:
        raise http.HttpError(400, str(error)) from error
    return {"done": done}
