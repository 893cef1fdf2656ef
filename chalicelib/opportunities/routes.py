"""The desk's doors inside the API: ask for an analysis, and see what came of it."""

from __future__ import annotations

import re
from typing import Any

from chalice import Blueprint, IAMAuthorizer, Response

from chalicelib.core import http
from chalicelib.opportunities import wiring

bp = Blueprint(__name__)
signed = IAMAuthorizer()

_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,200}")


@bp.route("/api/analyze", methods=["POST"], authorizer=signed)
@http.answering
def analyze() -> Response:
    """Start an analysis; ``Idempotency-Key`` sent again starts no second one."""
    from chalicelib.opportunities.service import asking
    from chalicelib.opportunities.service.requests import AnalyzeBody

    body = http.body_as(AnalyzeBody, bp.current_request)
    started, new = asking.ask(body, _request_id(), wiring.runs())
    return Response(started, status_code=202 if new else 200, headers={"Location": started["links"]["self"]})


@bp.route("/api/analyze/{analysis_id}", methods=["GET"], authorizer=signed)
@http.answering
def get_analysis(analysis_id: str) -> dict[str, Any]:
    """Show an analysis; an id is ``machine:name``."""
    from chalicelib.opportunities.service import asking

    return asking.look(analysis_id, wiring.runs(), wiring.analyses())


def _request_id() -> str:
    """Return what makes a request the same as one before: its key, or API Gateway's id of it."""
    key = bp.current_request.headers.get("idempotency-key")
    if key is None:
        return http.request_id_of(bp.current_request)
    if not _IDEMPOTENCY_KEY.fullmatch(key):
        raise http.HttpError(400, "Idempotency-Key must be 1 to 200 printable ASCII characters without spaces")
    return str(key)
