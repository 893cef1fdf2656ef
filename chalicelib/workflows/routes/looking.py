"""The room's doors for whoever looks into runs: figures, states, data flow, logs, a run as a test."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from chalice import Blueprint

from chalicelib.core import http
from chalicelib.core.access.doors import token_authorizer as bearer
from chalicelib.core.errors import InvalidInputError, Problem
from chalicelib.workflows import wiring

bp = Blueprint(__name__)


class StatesQuery(msgspec.Struct):
    """The query of ``GET /executions/{execution_id}/states``."""

    since: Annotated[int, msgspec.Meta(ge=0)] = 0
    """The ``lastEvent`` of an earlier answer: only what has changed after it is told."""
    place: Annotated[str, msgspec.Meta(max_length=5_000)] | None = None
    """The ``place`` of that answer: only what has happened after it is read, which is quicker for a long run."""


class LogsQuery(msgspec.Struct):
    """The query of ``GET /executions/{execution_id}/states/{event_id}/logs``."""

    attempt: Annotated[int, msgspec.Meta(ge=1)] = 1


@bp.route("/workflow-figures", methods=["GET"], authorizer=bearer)
@http.answering(scope="read")
def get_figures_of_all() -> dict[str, Any]:
    """Show how each workflow has been doing."""
    from chalicelib.workflows.service import figures

    return figures.figures_of_all(wiring.machines(), wiring.functions())


@bp.route("/workflows/{name}/figures", methods=["GET"], authorizer=bearer)
@http.answering(scope="read", refuses=(404,))
def get_figures(name: str) -> dict[str, Any]:
    """Show how a workflow's latest runs went: success rate, durations, cost of a run."""
    from chalicelib.workflows.service import figures

    return figures.figures(name, wiring.machines(), wiring.functions())


@bp.route("/executions/{execution_id}/states", methods=["GET"], authorizer=bearer)
@http.answering(scope="read", query=StatesQuery, refuses=(404,))
def get_states(execution_id: str, query: StatesQuery) -> dict[str, Any]:
    """Show which states a run went through, or what has changed since."""
    from chalicelib.workflows.service import looking

    return looking.states(execution_id, query.since, query.place, wiring.machines())


@bp.route("/executions/{execution_id}/states/{event_id}", methods=["GET"], authorizer=bearer)
@http.answering(scope="read", refuses=(404, 422))
def get_state(execution_id: str, event_id: str) -> dict[str, Any]:
    """Show what went through one state: input, arguments, result, output, each try."""
    from chalicelib.workflows.service import looking

    return looking.state(execution_id, _number(event_id), wiring.machines())


@bp.route("/executions/{execution_id}/states/{event_id}/logs", methods=["GET"], authorizer=bearer)
@http.answering(scope="read", query=LogsQuery, refuses=(404,))
def get_state_logs(execution_id: str, event_id: str, query: LogsQuery) -> dict[str, Any]:
    """Show what a state's Lambda function logged."""
    from chalicelib.workflows.service import looking

    return looking.logs(execution_id, _number(event_id), query.attempt, wiring.machines(), wiring.functions())


@bp.route("/executions/{execution_id}/test", methods=["GET"], authorizer=bearer)
@http.answering(scope="read", refuses=(404, 409))
def get_execution_as_test(execution_id: str) -> dict[str, Any]:
    """Give a run that has ended as a test: a pytest file, and a mock file with what its tasks answered."""
    from chalicelib.workflows.service import looking

    return looking.as_test(execution_id, wiring.machines())


def _number(event_id: str) -> int:
    if not (event_id.isascii() and event_id.isdigit() and len(event_id) <= 9):
        raise InvalidInputError([Problem("event_id", "not_a_number", "is the number of an event, such as 7")])
    return int(event_id)
