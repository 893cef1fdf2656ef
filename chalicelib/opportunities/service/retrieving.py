"""Runs a query and keeps its rows, which are too many to travel from state to state."""

from __future__ import annotations

from typing import Any

from chalicelib.opportunities.domain.catalogue import Catalogue
from chalicelib.opportunities.domain.questions import QUESTIONS
from chalicelib.opportunities.ports.analyses import RowStore
from chalicelib.opportunities.ports.guarding import QueryGuard
from chalicelib.opportunities.ports.querying import QueryEngine
from chalicelib.opportunities.service.generating import safe_query
from chalicelib.opportunities.service.requests import Analysis


def retrieve(
    analysis: Analysis,
    query: dict[str, Any],
    retry: int,
    guard: QueryGuard,
    catalogue: Catalogue,
    engine: QueryEngine,
    rows: RowStore,
) -> dict[str, Any]:
    """Guard the query once more, run what the guard made of it, and keep the rows.

    Returns:
        ``rowsKey, rowCount, columns, cut, sql, queryId, scannedBytes, reused``.

    Raises:
        UnsafeQueryError: the query is not the one that was let through.
        QueryEngineBusyError, QueryFailedError, QueryTimeoutError: see there.
    """
    safe = safe_query(str(query["sql"]), QUESTIONS[analysis.kind], guard, catalogue)
    values = {str(name): str(value) for name, value in query["parameters"].items()}
    token = f"{analysis.kind}:{analysis.id}:{retry}"
    answer = engine.run(safe, values, token=token)
    key = rows.put(analysis.opportunity.id, analysis.kind, analysis.id, answer)
    return {
        "rowsKey": key,
        "rowCount": len(answer.rows),
        "columns": list(answer.columns),
        "cut": answer.cut or len(answer.rows) >= _limit(safe.sql),
        "sql": safe.sql,
        "queryId": answer.query_id,
        "scannedBytes": answer.scanned_bytes,
        "reused": answer.reused,
    }


def _limit(sql: str) -> int:
    """Return the limit the guard wrote at a query's end."""
    return int(sql.rsplit("LIMIT ", 1)[1])
