"""The room's REST routes: reports. AWS checks the caller's signature (IAM)."""

from __future__ import annotations

import re
import uuid
from typing import Any

import msgspec
from chalice import Blueprint, IAMAuthorizer, Response

from chalicelib.core import clock, http
from chalicelib.core.errors import InvalidInputError, Problem
from chalicelib.retail.wiring import reports as wiring

bp = Blueprint(__name__)
signed = IAMAuthorizer()

_IDEMPOTENCY_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")


class RunBody(msgspec.Struct, forbid_unknown_fields=True):
    """The body of ``POST /reports/{date}``, which may be left out."""

    force: bool = False
    """Mail the report even when the date's was mailed already."""


@bp.route("/reports/{date}", methods=["GET"], authorizer=signed)
@http.answering
def get_report(date: str) -> dict[str, Any]:
    """Return a date's last report, with links to its pages."""
    from chalicelib.retail.service.reporting import asking

    http.query(bp.current_request)
    return asking.show(date, wiring.asking(), clock.current())


@bp.route("/reports/{date}", methods=["POST"], authorizer=signed)
@http.answering
def run_report(date: str) -> Response:
    """Analyse a date again; ``Idempotency-Key`` sent again starts no second run."""
    from chalicelib.retail.service.reporting import asking

    request = bp.current_request
    body = http.body_as(RunBody, request) if request.raw_body.strip() else RunBody()
    key = str(request.headers.get("Idempotency-Key") or uuid.uuid4().hex)
    if not _IDEMPOTENCY_KEY.fullmatch(key):
        raise InvalidInputError(
            [Problem("Idempotency-Key", "invalid", "must be 1 to 64 letters, digits, hyphens or underscores")]
        )
    started = asking.run_again(date, body.force, key, wiring.asking(), clock.current())
    return Response(started, status_code=202, headers={"Location": f"/reports/{date}"})
