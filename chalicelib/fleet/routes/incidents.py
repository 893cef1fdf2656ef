"""Emergencies: report, look, acknowledge, take receipts of delivery. docs/api.md shows a request of each."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

import msgspec
from chalice import Blueprint, Response

from chalicelib.core import clock, http
from chalicelib.core.access.doors import token_authorizer as bearer
from chalicelib.fleet.wiring import incidents as wiring

bp = Blueprint(__name__)


class Place(msgspec.Struct):
    """Where the vehicle is, in degrees."""

    lat: float
    lon: float


class ReportBody(msgspec.Struct, rename="camel"):
    """The body of ``POST /incidents``, as it should be; what is not so runs all the same."""

    vehicle_id: str
    type: str
    """``panic_button``, ``accident`` and ``hijack`` reach the authorities, every other type the owner."""
    event_timestamp: int
    """Milliseconds since 1970."""
    location: Place
    severity: str | None = None
    metadata: dict[str, Any] | None = None
    drill: bool = False


class IncidentsQuery(msgspec.Struct, forbid_unknown_fields=True):
    """The query of ``GET /incidents``."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 50
    after: Annotated[str, msgspec.Meta(max_length=500)] | None = None
    drills: bool = False
    """Drills instead of emergencies."""


class AcknowledgementBody(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """The body of ``POST /incidents/{id}/acknowledgement``."""

    by: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    """Who takes charge: a name or an address."""


class ReceiptBody(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """The body of ``POST /incidents/{id}/deliveries``."""

    notification_id: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    """As the incident shows it: ``owner``, ``escalation-2``."""
    receipt: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    """What the operator of the channel says: ``delivered to handset``."""


@bp.route("/incidents", methods=["POST"], authorizer=bearer)
@http.answering(
    scope="run",
    takes=ReportBody,
    reads_raw=True,  # an emergency is not refused for its form
    answers=(202, 200),
    refuses=(400, 413),
    headers=("Idempotency-Key",),
)
def report_incident() -> Response:
    """Report an emergency; what is wrong with the report is answered, and it runs all the same."""
    from chalicelib.fleet.domain.incidents.report import read_report
    from chalicelib.fleet.service.incidents import reporting

    given = bp.current_request.raw_body
    raw = given.encode() if isinstance(given, str) else given
    if len(raw) > http.LARGEST_BODY_BYTES:
        raise http.HttpError(413, f"the body has {len(raw)} bytes; at most {http.LARGEST_BODY_BYTES} are taken")
    if not raw.strip():
        raise http.HttpError(400, "the request has no body; it needs the report")
    report_id = http.idempotency_key() or uuid.uuid4().hex
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


@bp.route("/incidents", methods=["GET"], authorizer=bearer)
@http.answering(scope="read", query=IncidentsQuery)
def list_incidents(query: IncidentsQuery) -> dict[str, Any]:
    """List incidents, the latest first; drills only where they are asked for."""
    from chalicelib.fleet.service.incidents import viewing

    return viewing.page(drills=query.drills, limit=query.limit, after=query.after, store=wiring.store())


@bp.route("/incidents/{incident_id}", methods=["GET"], authorizer=bearer)
@http.answering(scope="read", refuses=(404,))
def get_incident(incident_id: str) -> dict[str, Any]:
    """Show an incident: its event, its notifications, who acknowledged it."""
    from chalicelib.fleet.service.incidents import viewing

    return viewing.incident_now(incident_id, wiring.store())


@bp.route("/incidents/{incident_id}/timeline", methods=["GET"], authorizer=bearer)
@http.answering(scope="read", refuses=(404,))
def get_timeline(incident_id: str) -> dict[str, Any]:
    """Export an incident's timeline, verified."""
    from chalicelib.fleet.service.incidents import viewing

    return viewing.exported_timeline(incident_id, wiring.store())


@bp.route("/incidents/{incident_id}/acknowledgement", methods=["POST"], authorizer=bearer)
@http.answering(scope="run", takes=AcknowledgementBody, refuses=(404,))
def acknowledge_incident(incident_id: str, body: AcknowledgementBody) -> dict[str, Any]:
    """Take charge of an incident: nobody is told any more."""
    from chalicelib.fleet.service.incidents import acknowledging

    answer = acknowledging.acknowledge(incident_id, body.by, "api", wiring.acknowledge(), clock.current())
    return {
        "incidentId": incident_id,
        "acknowledgedBy": answer.acknowledgement.by,
        "acknowledgedAt": answer.acknowledgement.at,
        "first": answer.first,
        "onTheirWay": list(answer.on_their_way),
    }


@bp.route("/incidents/{incident_id}/deliveries", methods=["POST"], authorizer=bearer)
@http.answering(scope="run", takes=ReceiptBody, answers=(202,), refuses=(404,))
def report_delivery(incident_id: str, body: ReceiptBody) -> Response:
    """Take a receipt: a notification has arrived."""
    from chalicelib.fleet.service.incidents import delivering

    delivering.delivered(incident_id, body.notification_id, body.receipt, wiring.store(), clock.current())
    return Response({"incidentId": incident_id, "notificationId": body.notification_id}, status_code=202)
