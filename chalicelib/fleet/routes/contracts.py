"""Contracts: the doors inside the API. docs/api.md shows a request of each.

``POST /payments/webhook`` is open to the internet: Stripe signs what it sends. The others ask for a token.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from chalice import Blueprint, Response

from chalicelib.core import clock, http
from chalicelib.core.access.doors import token_authorizer as bearer
from chalicelib.fleet.errors.contracts import PaymentEventError
from chalicelib.fleet.wiring import contracts as wiring

bp = Blueprint(__name__)


class CompanyInfo(msgspec.Struct):
    """The company a contract is made with."""

    name: str
    tax_id: str | None = None
    """A NIT with its check digit: ``900123456-8``."""


class ContractVehicle(msgspec.Struct):
    """One vehicle of a contract."""

    plate: str
    """``ABC-123`` or ``ABC-12D``."""
    model: str | None = None


class ContractBody(msgspec.Struct):
    """The body of ``POST /contracts``, as it is described; ``domain.contracts.request`` has the rules."""

    customer_id: str
    number_of_vehicles: int
    contract_type: str
    estimated_value: int | str
    """In ``currency``; never a float."""
    currency: str = "COP"
    document_type: str | None = None
    document_id: str | None = None
    company_info: CompanyInfo | None = None
    payment_method: str = "credit_card"
    payment_method_id: str | None = None
    vehicles: list[ContractVehicle] | None = None
    email: str | None = None
    requested_by: str | None = None
    execution_id: str | None = None


class ContractsQuery(msgspec.Struct, forbid_unknown_fields=True):
    """The query of ``GET /contracts``."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 50
    after: str | None = None


class ShownContract(msgspec.Struct):
    """A contract in a list; one by itself is shown with the same."""

    contract_id: str
    request_id: str
    customer_id: str
    status: str
    """``pending``, ``paid``, ``active``, ``closing``, ``void``."""
    amount: str
    currency: str
    number_of_vehicles: int
    vehicles_activated: int
    payment_state: str
    approval_type: str
    created_at: str


class ContractsPage(msgspec.Struct):
    """The answer of ``GET /contracts``."""

    contracts: list[ShownContract]
    next: str | None


@bp.route("/contracts", methods=["POST"], authorizer=bearer)
@http.answering(
    scope="run",
    takes=ContractBody,
    reads_raw=True,  # types and rules are checked in one walk, so that every problem is told at once
    answers=(202, 200),
    refuses=(400, 409, 413, 422),
    headers=("Idempotency-Key",),
)
def request_contract() -> Response:
    """Ask for a contract; the same ``Idempotency-Key`` (or ``execution_id``) makes no second one."""
    from chalicelib.fleet.service.contracts import requesting

    request = http.current_request()
    data = http.body_as(dict[str, Any], request)
    started, new = requesting.request_contract(
        data, http.caller().name, http.idempotency_key(), wiring.contract_runs()
    )
    place = f"/contracts/{started['request_id']}"
    return Response(started, status_code=202 if new else 200, headers={"Location": place})


@bp.route("/contracts", methods=["GET"], authorizer=bearer)
@http.answering(scope="read", query=ContractsQuery, gives=ContractsPage)
def list_contracts(query: ContractsQuery) -> dict[str, Any]:
    """List contracts, those made last before others."""
    from chalicelib.fleet.service.contracts import views

    return views.contract_page(query.limit, query.after, wiring.contracts())


@bp.route("/contracts/{contract_id}", methods=["GET"], authorizer=bearer)
@http.answering(scope="read", refuses=(404,))
def get_contract(contract_id: str) -> dict[str, Any]:
    """Show a contract, by its id or by its request's."""
    from chalicelib.fleet.service.contracts import views

    return views.contract_now(contract_id, wiring.contracts(), wiring.contract_runs())


@bp.route("/payments/webhook", methods=["POST"])
@http.answering(scope=None, reads_raw=True, headers=("Stripe-Signature",), refuses=(400,))
def payment_event() -> dict[str, Any]:
    """Take an event of Stripe's, and compare the payment it is about with its contract."""
    from chalicelib.fleet.service.contracts import reconciling

    request = http.current_request()
    raw = request.raw_body
    body = raw if isinstance(raw, bytes) else raw.encode()
    signature = request.headers.get("stripe-signature") or ""
    try:
        done = reconciling.payment_event(
            body, signature, wiring.payment_events(), wiring.reconciliation(), clock.current()
        )
    except PaymentEventError as error:
        raise http.HttpError(400, str(error)) from error
    return {"done": done}
