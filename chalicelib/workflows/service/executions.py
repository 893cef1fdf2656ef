"""Workflows and their runs, as the API shows them."""

from __future__ import annotations

import json
import re
import uuid
from datetime import UTC, datetime
from typing import Any

from chalicelib.core import payload
from chalicelib.core.errors import ConflictError, InvalidInputError, Problem
from chalicelib.core.log import logger
from chalicelib.workflows.domain.masking import masked
from chalicelib.workflows.errors import ExecutionNotFoundError, ExecutionStateError, WorkflowNotFoundError
from chalicelib.workflows.ports import RUNNING, STATUSES, Machines, Run, Workflow

LAST_RUNS = 10
LARGEST_INPUT_BYTES = 262_144
"""https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html"""
ENTERED_BY = "entered_by"
"""Field of an input that says who started the execution."""
_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")
_RUN_NAME = re.compile(r"[A-Za-z0-9_.-]{1,80}")


def workflows(machines: Machines) -> dict[str, Any]:
    """Return ``{"workflows": [{name, type, createdAt}]}``."""
    return {"workflows": [_workflow(found) for found in machines.workflows()]}


def workflow(name: str, machines: Machines) -> dict[str, Any]:
    """Return a workflow with its definition and its last runs.

    Raises:
        WorkflowNotFoundError: there is none of this name.
    """
    found = machines.workflow(checked_name(name))
    last = machines.runs(name, None, LAST_RUNS, None)
    return _workflow(found) | {"definition": found.definition, "lastRuns": [short(run) for run in last.items]}


def start(
    name: str, run_input: dict[str, Any], idempotency_key: str | None, caller: str, machines: Machines
) -> tuple[dict[str, Any], bool]:
    """Start an execution.

    Args:
        name: the workflow's.
        run_input: a JSON object.
        idempotency_key: becomes the execution's name: sent again with the same input, it starts nothing.
        caller: who starts it. A workflow whose definition reads ``entered_by`` is told, whatever the input says
            there: nobody approves what they have sent in themselves.
        machines: Step Functions.

    Returns:
        (the execution, whether it is new).

    Raises:
        WorkflowNotFoundError: there is no such workflow.
        ExecutionStateError: the key was used with another input.
        InvalidInputError: the key cannot be a name, or the input is too large.
    """
    if idempotency_key is not None and not _NAME.fullmatch(idempotency_key):
        message = "must be 1 to 80 letters, digits, hyphens and underscores: it becomes the execution's name"
        raise InvalidInputError([Problem("Idempotency-Key", "not_a_name", message)])
    run_name = idempotency_key or str(uuid.uuid4())
    if ENTERED_BY in json.dumps(machines.workflow(checked_name(name)).definition):
        run_input = run_input | {ENTERED_BY: caller}
    size = len(json.dumps(run_input))
    if size > LARGEST_INPUT_BYTES:
        message = f"has {size} bytes; Step Functions takes at most {LARGEST_INPUT_BYTES}"
        raise InvalidInputError([Problem("input", "too_large", message)])
    new = machines.start(name, run_name, run_input)
    run = machines.run(name, run_name)
    if not new and run.input != run_input:
        raise ExecutionStateError(f"Idempotency-Key {run_name} started {run.id} with another input")
    return _long(run), new


def runs(
    workflow_name: str | None, status: str | None, limit: int, after: str | None, machines: Machines
) -> dict[str, Any]:
    """Return ``{"executions": [...], "next": place or None}``, latest first, of one workflow or of all.

    Over all workflows there is no next page: ``next`` is None, and the latest ``limit`` are shown.

    Raises:
        InvalidInputError: no such status, or ``after`` without a workflow.
        WorkflowNotFoundError: there is none of this name.
    """
    if status is not None and status not in STATUSES:
        raise InvalidInputError([Problem("?status", "unknown_status", f"must be one of {', '.join(STATUSES)}")])
    if workflow_name is not None:
        page = machines.runs(checked_name(workflow_name), status, limit, after)
        return {"executions": [short(run) for run in page.items], "next": page.after}
    if after is not None:
        raise InvalidInputError([Problem("?after", "needs_workflow", "works with the parameter workflow only")])
    found = [run for one in machines.workflows() for run in machines.runs(one.name, status, limit, None).items]
    found.sort(key=lambda run: run.started_at, reverse=True)
    return {"executions": [short(run) for run in found[:limit]], "next": None}


def run(run_id: str, machines: Machines) -> dict[str, Any]:
    """Return one execution with input, output and error.

    Raises:
        ExecutionNotFoundError: there is none.
    """
    return _long(machines.run(*parts(run_id)))


def history(run_id: str, limit: int, after: str | None, latest_first: bool, machines: Machines) -> dict[str, Any]:
    """Return ``{"events": [...], "next": place or None}``, events as AWS writes them but for task tokens.

    Raises:
        ExecutionNotFoundError: there is none.
    """
    page = machines.history(*parts(run_id), limit, after, latest_first=latest_first)
    return {"events": [masked(event) for event in payload.to_json_types(page.items)], "next": page.after}


def stop(run_id: str, reason: str, machines: Machines) -> dict[str, Any]:
    """Abort a running execution; ``reason`` is kept as its cause.

    Raises:
        ExecutionNotFoundError: there is none.
        ExecutionStateError: it has ended already, otherwise than by being stopped.
    """
    place = parts(run_id)
    before = machines.run(*place)
    if before.status == RUNNING:
        machines.stop(*place, reason)
        logger().info("execution stopped", execution=run_id, reason=reason)
    elif before.status != "ABORTED":
        raise ExecutionStateError(f"execution {run_id} is {before.status}; only a running one can be stopped")
    return _long(machines.run(*place))


def redrive(run_id: str, reason: str, machines: Machines) -> dict[str, Any]:
    """Let an execution go on from the state it failed in; ``reason`` goes to the log.

    Raises:
        ExecutionNotFoundError: there is none.
        ExecutionStateError: it runs, has succeeded, or is too old or too long.
    """
    place = parts(run_id)
    before = machines.run(*place)
    if before.status in (RUNNING, "SUCCEEDED"):
        raise ExecutionStateError(f"execution {run_id} is {before.status}; only a failed one can be redriven")
    try:
        machines.redrive(*place)
    except ConflictError as error:
        raise ExecutionStateError(f"execution {run_id} cannot be redriven: {error}") from error
    logger().info("execution redriven", execution=run_id, reason=reason)
    return _long(machines.run(*place))


def checked_name(name: str) -> str:
    """Return a name that can be one.

    Raises:
        WorkflowNotFoundError: it cannot.
    """
    if not _NAME.fullmatch(name):
        raise WorkflowNotFoundError(f"{name[:80]!r} is no name of a workflow")
    return name


def parts(run_id: str) -> tuple[str, str]:
    """Return (workflow, name) of an execution's id.

    Raises:
        ExecutionNotFoundError: it is none.
    """
    workflow_name, _, name = run_id.partition(":")
    if not (_NAME.fullmatch(workflow_name) and _RUN_NAME.fullmatch(name)):
        raise ExecutionNotFoundError(f"{run_id[:170]!r} is no id of an execution; one is workflow:name")
    return workflow_name, name


def _workflow(found: Workflow) -> dict[str, Any]:
    return {"name": found.name, "type": found.type, "createdAt": instant(found.created_at)}


def short(run: Run) -> dict[str, Any]:
    """Return an execution as lists show it."""
    return {
        "id": run.id,
        "workflow": run.workflow,
        "name": run.name,
        "status": run.status,
        "startedAt": instant(run.started_at),
        "stoppedAt": instant(run.stopped_at),
        "redrives": run.redrives,
    }


def instant(at: datetime | None) -> str | None:
    """Return an instant as the API writes it, in UTC."""
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _long(run: Run) -> dict[str, Any]:
    return short(run) | {"input": run.input, "output": run.output, "error": run.error, "cause": run.cause}
