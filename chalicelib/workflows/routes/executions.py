"""The room's doors inside the API: health, workflows and executions."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from chalice import Blueprint, Response

from chalicelib.core import http
from chalicelib.core.access.doors import token_authorizer as bearer
from chalicelib.workflows import wiring

bp = Blueprint(__name__)


class Health(msgspec.Struct):
    """The answer of ``GET /health``."""

    status: Literal["ok"]


_Place = Annotated[str, msgspec.Meta(max_length=3_096)]
"""A token of Step Functions, which takes none that is longer."""


class AuditQuery(msgspec.Struct):
    """The query of ``GET /audit``."""

    day: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 50
    after: Annotated[str, msgspec.Meta(pattern=r"^[0-9:.]{15}#[0-9a-f]{8}$")] | None = None


class AuditEntry(msgspec.Struct):
    """One change."""

    sk: str
    """Time of day and a part of chance: what ``after`` goes on from."""
    who: str
    what: str
    where: str
    outcome: str
    """``done``, an error's name, or ``begun`` where the process ended in between."""


class AuditPage(msgspec.Struct):
    """The answer of ``GET /audit``."""

    entries: list[AuditEntry]
    next: str | None


class ExecutionsQuery(msgspec.Struct):
    """The query of ``GET /executions``."""

    workflow: str | None = None
    status: Literal["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"] | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 50
    after: _Place | None = None


class HistoryQuery(msgspec.Struct):
    """The query of ``GET /executions/{execution_id}/history``."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 100
    after: _Place | None = None
    order: Literal["oldest", "latest"] = "oldest"


class ExecutionBody(msgspec.Struct, forbid_unknown_fields=True):
    """The body of ``POST /workflows/{name}/executions``."""

    input: dict[str, Any]


class ReasonBody(msgspec.Struct, forbid_unknown_fields=True):
    """The body of stop and redrive."""

    reason: Annotated[str, msgspec.Meta(min_length=3, max_length=1_000)]


@bp.route("/health", methods=["GET"])
@http.answering(scope=None, gives=Health)
def health() -> dict[str, Any]:
    """Say that the API is up; asks nothing behind it and is open to anybody."""
    return {"status": "ok"}


@bp.route("/openapi.json", methods=["GET"])
@http.answering(scope=None)
def openapi() -> dict[str, Any]:
    """Describe every route; open to anybody, as it says nothing of what is behind them."""
    from chalicelib.core.http.openapi import describe

    return describe(bp.current_app, "Signalbox", "1")


@bp.route("/audit", methods=["GET"], authorizer=bearer)
@http.answering(scope="admin", query=AuditQuery, gives=AuditPage)
def list_audit(query: AuditQuery) -> dict[str, Any]:
    """List who changed what on a day, oldest first."""
    from chalicelib.core.audit import entries

    found, following = entries(query.day, query.limit, query.after)
    return {"entries": found, "next": following}


@bp.route("/workflows", methods=["GET"], authorizer=bearer)
@http.answering(scope="read")
def list_workflows() -> dict[str, Any]:
    """List the workflows."""
    from chalicelib.workflows.service import executions as service

    return service.workflows(wiring.machines())


@bp.route("/workflows/{name}", methods=["GET"], authorizer=bearer)
@http.answering(scope="read", refuses=(404,))
def get_workflow(name: str) -> dict[str, Any]:
    """Show a workflow's definition and last runs."""
    from chalicelib.workflows.service import executions as service

    return service.workflow(name, wiring.machines())


@bp.route("/workflows/{name}/executions", methods=["POST"], authorizer=bearer)
@http.answering(
    scope="run", takes=ExecutionBody, answers=(202, 200), refuses=(404, 409), headers=("Idempotency-Key",)
)
def start_execution(name: str, body: ExecutionBody) -> Response:
    """Start a workflow; ``Idempotency-Key`` becomes the execution's name."""
    key = http.current_request().headers.get("idempotency-key")
    from chalicelib.workflows.service import executions as service

    run, new = service.start(name, body.input, key, http.caller().name, wiring.machines())
    return Response(run, status_code=202 if new else 200, headers={"Location": f"/executions/{run['id']}"})


@bp.route("/executions", methods=["GET"], authorizer=bearer)
@http.answering(scope="read", query=ExecutionsQuery, refuses=(404,))
def list_executions(query: ExecutionsQuery) -> dict[str, Any]:
    """List executions, latest first."""
    from chalicelib.workflows.service import executions as service

    return service.runs(query.workflow, query.status, query.limit, query.after, wiring.machines())


@bp.route("/executions/{execution_id}", methods=["GET"], authorizer=bearer)
@http.answering(scope="read", refuses=(404,))
def get_execution(execution_id: str) -> dict[str, Any]:
    """Show an execution."""
    from chalicelib.workflows.service import executions as service

    return service.run(execution_id, wiring.machines())


@bp.route("/executions/{execution_id}/history", methods=["GET"], authorizer=bearer)
@http.answering(scope="read", query=HistoryQuery, refuses=(404,))
def get_history(execution_id: str, query: HistoryQuery) -> dict[str, Any]:
    """Show an execution's history."""
    from chalicelib.workflows.service import executions as service

    return service.history(execution_id, query.limit, query.after, query.order == "latest", wiring.machines())


@bp.route("/executions/{execution_id}/stop", methods=["POST"], authorizer=bearer)
@http.answering(scope="run", takes=ReasonBody, refuses=(404, 409))
def stop_execution(execution_id: str, body: ReasonBody) -> dict[str, Any]:
    """Abort an execution, for a reason."""
    from chalicelib.workflows.service import executions as service

    return service.stop(execution_id, body.reason, wiring.machines())


@bp.route("/executions/{execution_id}/redrive", methods=["POST"], authorizer=bearer)
@http.answering(scope="run", takes=ReasonBody, answers=(202,), refuses=(404, 409))
def redrive_execution(execution_id: str, body: ReasonBody) -> Response:
    """Let a failed execution go on, for a reason."""
    from chalicelib.workflows.service import executions as service

    return Response(service.redrive(execution_id, body.reason, wiring.machines()), status_code=202)
