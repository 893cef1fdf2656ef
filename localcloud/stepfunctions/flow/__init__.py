"""How data goes through a state: one `Flow` for each query language."""

from __future__ import annotations

from localcloud.stepfunctions.flow.jsonata_flow import JsonataFlow
from localcloud.stepfunctions.flow.jsonpath_flow import JsonPathFlow
from localcloud.stepfunctions.flow.port import Flow, Outcome
from localcloud.stepfunctions.task import JsonValue

__all__ = ["Flow", "Outcome", "make_flow"]


def make_flow(body: dict[str, JsonValue], language: str) -> Flow:
    """The flow of a state, by its own QueryLanguage or the machine's.

    Raises InvalidPathError, InvalidQueryError.
    """
    chosen = body.get("QueryLanguage", language)
    return JsonataFlow(body) if chosen == "JSONata" else JsonPathFlow(body)
