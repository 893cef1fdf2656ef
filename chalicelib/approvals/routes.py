"""The room's doors inside the API: approvals, their decisions, and who stands in for whom.

Only POST and DELETE change anything: mail scanners and previews follow links. docs/api.md shows a request of each.
Who decides is the holder of the token; the approval policy's ``people`` knows them under other names.
"""

from __future__ import annotations

import re
import uuid
from typing import Annotated, Any, Literal

import msgspec
from chalice import Blueprint, Response

from chalicelib.approvals import wiring
from chalicelib.approvals.errors import ApprovalNotFoundError, DelegationNotFoundError
from chalicelib.core import http
from chalicelib.core.access.doors import token_authorizer as bearer

bp = Blueprint(__name__)

_ID = re.compile(r"[0-9a-f]{32}")


class ApprovalsQuery(msgspec.Struct):
    """The query of ``GET /approvals``."""

    state: Literal["pending", "decided", "expired"] = "pending"
    """An ``ApprovalState``, written out because importing it here costs the API a tenth of its cold start."""
    kind: str | None = None
    approver: str | None = None
    """Those this person may decide, standing in counted."""
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 50
    after: Annotated[str, msgspec.Meta(max_length=500)] | None = None


@bp.route("/approvals", methods=["GET"], authorizer=bearer)
@http.answering(scope="read", query=ApprovalsQuery)
def list_approvals(query: ApprovalsQuery) -> dict[str, Any]:
    """List approvals that wait, those that expire first before others; of another state, the latest first."""
    from chalicelib.approvals.domain.approval import ApprovalState
    from chalicelib.approvals.service import views

    state = ApprovalState(query.state)
    return views.approval_page(
        state, query.kind, query.approver, limit=query.limit, after=query.after, room=wiring.room()
    )


@bp.route("/approvals/{approval_id}", methods=["GET"], authorizer=bearer)
@http.answering(scope="read", refuses=(404,))
def get_approval(approval_id: str) -> dict[str, Any]:
    """Show an approval and its trail; never decides anything."""
    from chalicelib.approvals.service import views

    return views.approval_now(_approval(approval_id), wiring.room())


@bp.route("/approvals/{approval_id}/decision", methods=["POST"], authorizer=bearer)
@http.answering(
    scope="decide", takes="chalicelib.approvals.service.deciding:DecisionDraft", refuses=(403, 404, 409)
)
def decide_approval(approval_id: str, body: Any) -> dict[str, Any]:
    """Decide, once; the same decision sent again is answered as before."""
    from chalicelib.approvals.service import deciding, views

    room = wiring.room()
    outcome = deciding.decide(_approval(approval_id), body, http.caller().name, _source(), room)
    return views.approval_view(outcome.approval, room.clock.now())


@bp.route("/approval-delegations", methods=["GET"], authorizer=bearer)
@http.answering(scope="read")
def list_delegations() -> dict[str, Any]:
    """List who is away and who stands in, now and later."""
    from chalicelib.approvals.service import delegating

    return delegating.delegations(wiring.room())


@bp.route("/approval-delegations", methods=["POST"], authorizer=bearer)
@http.answering(
    scope="decide",
    takes="chalicelib.approvals.service.delegating:DelegationDraft",
    answers=(201,),
    refuses=(403,),
)
def add_delegation(body: Any) -> Response:
    """Say that an approver is away, and who stands in."""
    from chalicelib.approvals.service import delegating

    made = delegating.delegate(body, uuid.uuid4().hex, http.caller().name, wiring.room())
    return Response(made, status_code=201)


@bp.route("/approval-delegations/{delegation_id}", methods=["DELETE"], authorizer=bearer)
@http.answering(scope="decide", answers=(204,), refuses=(403, 404))
def end_delegation(delegation_id: str) -> Response:
    """End a delegation before its time."""
    from chalicelib.approvals.service import delegating

    if not _ID.fullmatch(delegation_id):
        raise DelegationNotFoundError(f"{delegation_id[:64]!r} is no id of a delegation")
    delegating.end(delegation_id, http.caller().name, wiring.room())
    return Response("", status_code=204)


def _approval(approval_id: str) -> str:
    """Return the id, or refuse what cannot be one without asking the store."""
    if not _ID.fullmatch(approval_id):
        raise ApprovalNotFoundError(f"{approval_id[:64]!r} is no id of an approval")
    return approval_id


def _source() -> str:
    """Return from where the request comes, for the trail: "api 203.0.113.7"."""
    identity = http.current_request().context.get("identity") or {}
    return f"api {identity.get('sourceIp') or 'unknown'}"
