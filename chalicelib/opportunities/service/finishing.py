"""Checks a result again, stores it by opportunity, and gives it its form."""

from __future__ import annotations

from typing import Any

from chalicelib.core.clock import Clock
from chalicelib.core.log import logger
from chalicelib.opportunities.ports.analyses import AnalysisStore, RowStore
from chalicelib.opportunities.service.requests import Analysis

_SAMPLE_ROWS = 5


def finish(
    analysis: Analysis,
    query: dict[str, Any],
    data: dict[str, Any],
    result: dict[str, Any],
    analyses: AnalysisStore,
    rows: RowStore,
    clock: Clock,
) -> dict[str, Any]:
    """Store an analysis with its question, SQL, rows and claims, and return it as the machine's output.

    Twice is once: a retry writes the same over itself.
    """
    found = rows.get(str(data["rowsKey"]))
    body = {
        "analysisId": analysis.id,
        "analysisType": analysis.kind,
        "opportunityId": analysis.opportunity.id,
        "opportunityDetails": analysis.as_dict()["opportunityDetails"],
        "status": "COMPLETED",
        "completedAt": clock.now().isoformat(),
        "query": {
            "question": query["question"],
            "sql": data["sql"],
            "parameters": query["parameters"],
            "writtenBy": query["model"],
            "refusedAttempts": query["attempts"],
        },
        "data": {
            "rowCount": data["rowCount"],
            "cut": data["cut"],
            "columns": data["columns"],
            "scannedBytes": data["scannedBytes"],
            "queryId": data["queryId"],
            "rowsKey": data["rowsKey"],
            "sample": found[:_SAMPLE_ROWS],
        },
        "result": result,
        "validation": validation(result["claims"], found) if analysis.options.include_validation else None,
    }
    analyses.put(analysis.opportunity.id, analysis.kind, analysis.id, body)
    return body


def validation(claims: list[dict[str, Any]], rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return ``claims, citing, problems[]``: every row a claim cites is one that the query found."""
    known = {str(row.get("opportunity_id")) for row in rows}
    problems = [
        f"claim {place} cites {row_id}, which the query did not find"
        for place, claim in enumerate(claims)
        for row_id in claim["rows"]
        if row_id not in known
    ]
    if problems:
        logger().warning("claims cite rows that are not there", problems=problems[:10])
    return {"claims": len(claims), "citing": sum(bool(claim["rows"]) for claim in claims), "problems": problems}
