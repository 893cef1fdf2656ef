"""The routes of emergencies: report, look, acknowledge, and take receipts of delivery. docs/api.md shows each."""

from __future__ import annotations

import re
import uuid
from typing import Annotated, Any

import msgspec
from chalice import Blueprint, IAMAuthorizer, Response

from chalicelib.core import clock, http
from chalicelib.core.errors import InvalidInputError, Problem
from chalicelib.fleet.wiring import incidents as wiring

bp = Blueprint(__name__)
signed = IAMAuthorizer()

_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,200}")


class AcknowledgementBody(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """The body of ``POST /incidents/{id}/acknowledgement``."""

    by: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    """Who takes charge: a name or an address."""


class ReceiptBody(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """The body of ``POST /incidents/{id}/deliveries``."""

    notification_id: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    """As the incident shows it: "owner", "escalation-2"."""
    receipt: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    """What the operator of the channel says: "delivered to handset"."""


@bp.route("/incidents", methods=["POST"], authorizer=signed)
@http.answering
def report_incident() -> Response:
    """Report an emergency; what is wrong with the report is answered, and it runs all the same."""
    from chalicelib.fleet.domain.incidents.report import read_report
    from chalicelib.fleet.service.incidents import reporting

    raw = bytes(bp.current_request.raw_body)
    if len(raw) > http.LARGEST_BODY_BYTES:
        raise http.HttpError(413, f"the body has {len(raw)} bytes; at most {http.LARGEST_BODY_BYTES} are taken")
    if not raw.strip():
        raise http.HttpError(400, "the request has no body; it needs the report")
    report_id = bp.current_request.headers.get("idempotency-key") or uuid.uuid4().hex
    if not _IDEMPOTENCY_KEY.fullmatch(report_id):
        raise http.HttpError(400, "Idempotency-Key must be 1 to 200 printable ASCII characters without spaces")
    now = round(clock.current().now().timestamp() * 1000)
    report = read_report(raw.decode("utf-8", "replace"), report_id=report_id, received_at=now)
    new = reporting.take(report, wiring.report())
    body = {
        "incidentId": report.incident_id,
        "executionArn": wiring.runs().arn(report.incident_id),
        "duplicate": not new,
        "drill": report.drill,
        "problems": [problem.as_dict() for problem in report.problems],
    }
    place: dict[str, str | list[str]] = {"Location": f"/incidents/{report.incident_id}"}
    return Response(body, status_code=202 if new else 200, headers=place)


@bp.route("/incidents", methods=["GET"], authorizer=signed)
@http.answering
def list_incidents() -> dict[str, Any]:
    """List incidents, the latest first; drills only where they are asked for."""
    from chalicelib.fleet.service.incidents import viewing

    given = http.query(bp.current_request, "limit", "after", "drills")
    limit = http.whole_number(given, "limit", 50, least=1, most=viewing.MOST_ON_A_PAGE)
    wanted = given.get("drills", "false")
    if wanted not in ("true", "false"):
        raise InvalidInputError([Problem("?drills", "invalid", f"is {wanted[:40]!r}, neither true nor false")])
    return viewing.page(drills=wanted == "true", limit=limit, after=given.get("after"), store=wiring.store())


@bp.route("/incidents/{incident_id}", methods=["GET"], authorizer=signed)
@http.answering
def get_incident(incident_id: str) -> dict[str, Any]:
    """Show an incident: its event, its notifications, who acknowledged it."""
    from chalicelib.fleet.service.incidents import viewing

    return viewing.incident_now(incident_id, wiring.store())


@bp.route("/incidents/{incident_id}/timeline", methods=["GET"], authorizer=signed)
@http.answering
def get_timeline(incident_id: str) -> dict[str, Any]:
    """Export an incident's timeline, verified."""
    from chalicelib.fleet.service.incidents import viewing

    return viewing.exported_timeline(incident_id, wiring.store())


@bp.route("/incidents/{incident_id}/acknowledgement", methods=["POST"], authorizer=signed)
@http.answering
def acknowledge_incident(incident_id: str) -> dict[str, Any]:
    """Take charge of an incident: nobody is told any more."""
    from chalicelib.fleet.service.incidents import acknowledging

    body = http.body_as(AcknowledgementBody, bp.current_request)
    answer = acknowledging.acknowledge(incident_id, body.by, "api", wiring.acknowledge(), clock.current())
    return {
        "incidentId": incident_id,
        "acknowledgedBy": answer.acknowledgement.by,
        "acknowledgedAt": answer.acknowledgement.at,
        "first": answer.first,
        "onTheirWay": list(answer.on_their_way),
    }


@bp.route("/incidents/{incident_id}/deliveries", methods=["POST"], authorizer=signed)
@http.answering
def report_delivery(incident_id: str) -> Response:
    """Take a receipt: a notification has arrived."""
    from chalicelib.fleet.service.incidents import delivering

    body = http.body_as(ReceiptBody, bp.current_request)
    delivering.delivered(incident_id, body.notification_id, body.receipt, wiring.store(), clock.current())
    return Response({"incidentId": incident_id, "notificationId": body.notification_id}, status_code=202)
