"""The room's REST routes: morning reports, and the calendar that explains unusual days."""

from __future__ import annotations

import hashlib
import re
import uuid
from typing import Annotated, Any

import msgspec
from chalice import Blueprint, Response

from chalicelib.core import clock, http
from chalicelib.core.access.doors import token_authorizer as bearer
from chalicelib.core.errors import InvalidInputError, Problem
from chalicelib.retail.wiring import reports as wiring

bp = Blueprint(__name__)

_EVENT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class RunBody(msgspec.Struct, forbid_unknown_fields=True):
    """The body of ``POST /reports/{date}``; ``{}`` will do."""

    force: bool = False
    """Mail the report even when the date's was mailed already."""


class CalendarBody(msgspec.Struct, forbid_unknown_fields=True):
    """The body of ``PUT /sales-calendar/{event_id}``."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    first: Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    last: Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    scope: Annotated[str, msgspec.Meta(pattern=r"^(\*|(store|category|product):.{1,100})$")] = "*"
    """``*`` for everywhere, ``store:<id>``, ``category:<name>`` or ``product:<id>``."""


class ReportsQuery(msgspec.Struct, forbid_unknown_fields=True):
    """The query of ``GET /reports``."""

    until: Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None = None
    """The last date that is wanted."""
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 50


class ListedReport(msgspec.Struct, rename="camel"):
    """A report in a list."""

    date: str
    version: int
    """1, and one more with each restatement."""
    net_cents: int
    """Net sales of the day."""
    sent: bool
    """It was mailed."""


class ReportsPage(msgspec.Struct):
    """The answer of ``GET /reports``."""

    reports: list[ListedReport]


@bp.route("/reports", methods=["GET"], authorizer=bearer)
@http.answering(scope="read", query=ReportsQuery, gives=ReportsPage)
def list_sales_reports(query: ReportsQuery) -> dict[str, Any]:
    """List morning reports, the latest first."""
    from chalicelib.retail.service.reporting import asking

    return asking.listed(query.until, query.limit, wiring.report_asking().log)


@bp.route("/reports/{date}", methods=["GET"], authorizer=bearer)
@http.answering(scope="read", refuses=(404, 422))
def get_sales_report(date: str) -> dict[str, Any]:
    """Show a date's last report, with links to its pages."""
    from chalicelib.retail.service.reporting import asking

    return asking.show(date, wiring.report_asking(), clock.current())


@bp.route("/reports/{date}", methods=["POST"], authorizer=bearer)
@http.answering(scope="run", takes=RunBody, answers=(202,), headers=("Idempotency-Key",))
def run_sales_report(date: str, body: RunBody) -> Response:
    """Analyse a date again; ``Idempotency-Key`` sent again starts no second run."""
    from chalicelib.retail.service.reporting import asking

    given = http.idempotency_key()
    key = hashlib.sha256(given.encode()).hexdigest()[:32] if given else uuid.uuid4().hex
    started = asking.run_again(date, body.force, key, wiring.report_asking(), clock.current())
    return Response(started, status_code=202, headers={"Location": f"/reports/{date}"})


@bp.route("/sales-calendar/{event_id}", methods=["PUT"], authorizer=bearer)
@http.answering(scope="run", takes=CalendarBody)
def put_calendar_event(event_id: str, body: CalendarBody) -> dict[str, Any]:
    """Keep a known event: a holiday, a closure, a promotion."""
    from chalicelib.retail.service.reporting import asking

    if not _EVENT_ID.fullmatch(event_id):
        message = "must be 1 to 64 letters, digits, hyphens or underscores"
        raise InvalidInputError([Problem("event_id", "invalid", message)])
    return asking.keep_event(event_id, body.name, body.first, body.last, body.scope, wiring.memory())
