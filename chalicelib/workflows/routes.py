"""The room's doors inside the API: health, workflows and executions."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from chalice import Blueprint, IAMAuthorizer, Response

from chalicelib.core import http
from chalicelib.core.config import setting
from chalicelib.core.errors import InvalidInputError, Problem
from chalicelib.workflows import service
from chalicelib.workflows.adapters import StepFunctionsMachines

bp = Blueprint(__name__)
signed = IAMAuthorizer()


class ExecutionBody(msgspec.Struct, forbid_unknown_fields=True):
    """The body of ``POST /workflows/{name}/executions``."""

    input: dict[str, Any]


class ReasonBody(msgspec.Struct, forbid_unknown_fields=True):
    """The body of stop and redrive."""

    reason: Annotated[str, msgspec.Meta(min_length=3, max_length=1_000)]


@bp.route("/health", methods=["GET"])
@http.answering
def health() -> dict[str, Any]:
    """Say that the API is up; asks nothing behind it and is open to anybody."""
    return {"status": "ok"}


@bp.route("/workflows", methods=["GET"], authorizer=signed)
@http.answering
def list_workflows() -> dict[str, Any]:
    """List the workflows."""
    return service.workflows(_machines())


@bp.route("/workflows/{name}", methods=["GET"], authorizer=signed)
@http.answering
def get_workflow(name: str) -> dict[str, Any]:
    """Show a workflow's definition and last runs."""
    return service.workflow(name, _machines())


@bp.route("/workflows/{name}/executions", methods=["POST"], authorizer=signed)
@http.answering
def start_execution(name: str) -> Response:
    """Start a workflow; ``Idempotency-Key`` becomes the execution's name."""
    body = http.body_as(ExecutionBody, bp.current_request)
    key = bp.current_request.headers.get("idempotency-key")
    run, new = service.start(name, body.input, key, _machines())
    return Response(run, status_code=202 if new else 200, headers={"Location": f"/executions/{run['id']}"})


@bp.route("/executions", methods=["GET"], authorizer=signed)
@http.answering
def list_executions() -> dict[str, Any]:
    """List executions, latest first."""
    given = http.query(bp.current_request, "workflow", "status", "limit", "after")
    limit = http.whole_number(given, "limit", 50, least=1, most=100)
    return service.runs(given.get("workflow"), given.get("status"), limit, given.get("after"), _machines())


@bp.route("/executions/{execution_id}", methods=["GET"], authorizer=signed)
@http.answering
def get_execution(execution_id: str) -> dict[str, Any]:
    """Show an execution."""
    return service.run(execution_id, _machines())


@bp.route("/executions/{execution_id}/history", methods=["GET"], authorizer=signed)
@http.answering
def get_history(execution_id: str) -> dict[str, Any]:
    """Show an execution's history."""
    given = http.query(bp.current_request, "limit", "after", "order")
    limit = http.whole_number(given, "limit", 100, least=1, most=1_000)
    order = given.get("order", "oldest")
    if order not in ("oldest", "latest"):
        raise InvalidInputError([Problem("?order", "unknown_order", "must be oldest or latest")])
    return service.history(execution_id, limit, given.get("after"), order == "latest", _machines())


@bp.route("/executions/{execution_id}/stop", methods=["POST"], authorizer=signed)
@http.answering
def stop_execution(execution_id: str) -> dict[str, Any]:
    """Abort an execution, for a reason."""
    reason = http.body_as(ReasonBody, bp.current_request).reason
    return service.stop(execution_id, reason, _machines())


@bp.route("/executions/{execution_id}/redrive", methods=["POST"], authorizer=signed)
@http.answering
def redrive_execution(execution_id: str) -> Response:
    """Let a failed execution go on, for a reason."""
    reason = http.body_as(ReasonBody, bp.current_request).reason
    return Response(service.redrive(execution_id, reason, _machines()), status_code=202)


def _machines() -> StepFunctionsMachines:
    return StepFunctionsMachines(setting("WORKFLOW_ARN_PREFIX"))
