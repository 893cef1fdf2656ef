"""The desk's doors inside the API: ask for an analysis, and see what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice import Blueprint, Response

from chalicelib.core import http
from chalicelib.core.access.doors import token_authorizer as bearer
from chalicelib.opportunities import wiring

if TYPE_CHECKING:
    from chalicelib.opportunities.service.requests import AnalyzeBody

bp = Blueprint(__name__)


@bp.route("/api/analyze", methods=["POST"], authorizer=bearer)
@http.answering(
    scope="run",
    takes="chalicelib.opportunities.service.requests:AnalyzeBody",
    answers=(202, 200),
    refuses=(409,),
    headers=("Idempotency-Key",),
)
def analyze(body: AnalyzeBody) -> Response:
    """Start an analysis; ``Idempotency-Key`` sent again starts no second one."""
    from chalicelib.opportunities.service import asking

    request_id = http.idempotency_key() or http.request_id_of(http.current_request())
    started, new = asking.ask(body, request_id, wiring.runs())
    return Response(started, status_code=202 if new else 200, headers={"Location": started["links"]["self"]})


@bp.route("/api/analyze/{analysis_id}", methods=["GET"], authorizer=bearer)
@http.answering(scope="read", refuses=(404,))
def get_analysis(analysis_id: str) -> dict[str, Any]:
    """Show an analysis; an id is ``machine:name``."""
    from chalicelib.opportunities.service import asking

    return asking.look(analysis_id, wiring.runs(), wiring.analyses())
